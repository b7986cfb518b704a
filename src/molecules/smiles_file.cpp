#include "molecules/smiles_file.hpp"

#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <sstream>

namespace AGATE_NAMESPACE::molecules {
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

bool is_smi_path(const std::string& path) {
  std::filesystem::path name = lower(path);
  if (name.extension() == ".gz") name = name.stem();
  return name.extension() == ".smi" || name.extension() == ".smiles" || name.extension() == ".ism";
}

io::CsvTable read_smi(const std::string& path) {
  constexpr const char* blanks = " \t\r";
  io::CsvTable table{.path = path, .columns = {"smiles", "name"}, .rows = {}, .lines = {}};
  std::istringstream text(io::read_text(path));
  Index number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    const auto begin = line.find_first_not_of(blanks);
    if (begin == line.npos) continue;
    const auto end = std::min(line.find_first_of(blanks, begin), line.size());
    std::string smiles = line.substr(begin, end - begin), name;
    if (table.rows.empty() && lower(smiles) == "smiles") continue;
    if (const auto next = line.find_first_not_of(blanks, end); next != line.npos)
      name = line.substr(next, line.find_last_not_of(blanks) + 1 - next);
    table.rows.push_back({std::move(smiles), std::move(name)});
    table.lines.push_back(number);
  }
  check(!table.rows.empty(), ErrorCode::format, path, ": is empty, expected a SMILES in each line");
  return table;
}

}  // namespace AGATE_NAMESPACE::molecules
