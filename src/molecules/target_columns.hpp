#pragma once
// Which columns of a table of molecules are what is to be learned.

#include <agate/molecules/smiles_table.hpp>
#include <string>
#include <vector>

#include "data/table.hpp"

namespace AGATE_NAMESPACE::molecules {

/// Fills table.labels with the targets that the options name. table.keys are the SMILES and, where
/// there is one, the id.
void find_targets(data::Table& table, const SmilesTableOptions& options);

/// What the rows hold of the targets, and whether they are numbers to be predicted.
struct Targets {
  Tensor values{};  ///< rows x targets, empty without targets
  bool regression = false;
};
Targets read_targets(const data::Table& table, const SmilesTableOptions& options);

}  // namespace AGATE_NAMESPACE::molecules
