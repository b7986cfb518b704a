#pragma once
// Files with molecules in their lines, as tables.

#include <agate/io/csv.hpp>
#include <string>

namespace AGATE_NAMESPACE::molecules {

/// NAME.smi, .smiles or .ism, with or without .gz: lines without a header.
bool is_smi_path(const std::string& path);

/// The columns "smiles" and "name", which is empty where a line holds a SMILES alone. Blank lines
/// are skipped, and a first line that starts with the word smiles.
io::CsvTable read_smi(const std::string& path);

}  // namespace AGATE_NAMESPACE::molecules
