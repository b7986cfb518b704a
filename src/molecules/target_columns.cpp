#include "molecules/target_columns.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <cmath>

namespace AGATE_NAMESPACE::molecules {
namespace {

enum class Cells { text, numbers, nothing };

Cells cells_of(const io::CsvTable& csv, std::size_t column) {
  Cells found = Cells::nothing;
  for (const auto& row : csv.rows) {
    if (row[column].empty()) continue;
    if (!io::parse_number(row[column])) return Cells::text;
    found = Cells::numbers;
  }
  return found;
}

void take_all(data::Table& table, const SmilesTableOptions& options) {
  std::string left_out;
  for (const std::size_t column : table.others) {
    const std::string& name = table.csv.columns[column];
    if (cells_of(table.csv, column) == Cells::numbers)
      table.labels.push_back({.name = name, .column = column});
    else
      left_out += (left_out.empty() ? "" : ", ") + name;
  }
  check(!table.labels.empty(), ErrorCode::value, table.csv.path,
        ": targets \"all\": no column holds numbers",
        left_out.empty() ? "" : "; left out: " + left_out);
  if (!left_out.empty())
    data::tell(options.note, table.csv.path,
               ": columns that are not wholly numbers are no targets: ", left_out);
}

}  // namespace

void find_targets(data::Table& table, const SmilesTableOptions& options) {
  const auto& names = options.targets;
  const bool all = names.size() == 1 && names[0] == "all" && !table.csv.find_column("all");
  data::FeatureSchema schema;
  if (!all) schema.label_columns = names;
  for (std::size_t i = 0; i < names.size(); ++i)
    check(std::find(names.begin(), names.begin() + i, names[i]) == names.begin() + i,
          ErrorCode::usage, table.csv.path, ": target \"", names[i], "\" is named twice");
  table.labels = data::find_labels(table.csv, "", &schema);
  for (const data::Label& label : table.labels)
    if (!label.column && !options.missing_targets) table.csv.column(label.name);
  std::vector<std::string> keys{"SMILES"};
  if (table.keys.size() > 1) keys.emplace_back("id");
  data::settle_columns(table, keys);
  if (all) take_all(table, options);
}

Targets read_targets(const data::Table& table, const SmilesTableOptions& options) {
  if (table.labels.empty()) return {};
  if (options.regression)
    return {data::read_targets(table, *options.regression), *options.regression};
  const data::Label *zero_one = nullptr, *numbers = nullptr;
  Tensor values = data::read_targets(table, true);
  for (Index c = 0; c < values.cols(); ++c) {
    const data::Label& label = table.labels[static_cast<std::size_t>(c)];
    bool known = false, others = false;
    for (Index r = 0; r < values.rows(); ++r) {
      const Real v = values.row(r)[c];
      known |= !std::isnan(v);
      others |= !std::isnan(v) && v != 0 && v != 1;
    }
    if (others) numbers = &label;
    if (known && !others) zero_one = &label;
  }
  check(!zero_one || !numbers, ErrorCode::value, table.csv.path, ": target \"",
        zero_one ? zero_one->name : "", "\" holds 0 and 1 alone and target \"",
        numbers ? numbers->name : "",
        "\" other numbers; name targets of one kind, or say that all are numbers");
  return {std::move(values), numbers != nullptr};
}

}  // namespace AGATE_NAMESPACE::molecules
