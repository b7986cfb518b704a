#include <agate/core/error.hpp>
#include <algorithm>

#include "data/table.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(' '));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

/// The names in "A,B,C", trimmed, or the text itself when that is the name of a column.
std::vector<std::string> named_columns(const std::string& text, const io::CsvTable& csv) {
  if (text.empty()) return {};
  if (text.find(',') == text.npos || csv.find_column(text)) return {text};
  std::vector<std::string> names;
  for (std::size_t begin = 0, end; begin <= text.size(); begin = end + 1) {
    end = std::min(text.find(',', begin), text.size());
    std::string name = trimmed(text.substr(begin, end - begin));
    check(!name.empty(), ErrorCode::usage, "label \"", text,
          "\": a name is empty, expected columns as in A,B,C");
    check(std::ranges::find(names, name) == names.end(), ErrorCode::usage, "label \"", text,
          "\" names column \"", name, "\" twice");
    names.push_back(std::move(name));
  }
  return names;
}

/// "rating>0": a column and a border. Nothing when the text is not of that form.
std::optional<std::pair<std::string, Threshold>> parse_threshold(const std::string& text) {
  const auto at = text.find_first_of("<>");
  if (at == text.npos || at == 0) return {};
  const std::size_t length = text[at + 1] == '=' ? 2 : 1;
  const auto border = io::parse_number(trimmed(text.substr(at + length)));
  if (!border) return {};
  return {{trimmed(text.substr(0, at)), {text.substr(at, length), *border}}};
}

/// The label of that name; a column that is really called "a>1" comes first.
Label find_label(const io::CsvTable& csv, const std::string& name, bool must_be_there) {
  Label label{.name = name};
  label.column = csv.find_column(name);
  if (label.column) return label;
  std::string column = name;
  if (auto cut = parse_threshold(name)) {
    column = cut->first;
    label.threshold = cut->second;
  }
  if (must_be_there)
    label.column = csv.column(column);
  else
    label.column = csv.find_column(column);
  return label;
}

}  // namespace

bool Threshold::holds(double number) const {
  if (number == border) return relation.size() == 2;
  return (number > border) == (relation[0] == '>');
}

std::vector<Label> find_labels(const io::CsvTable& csv, const std::string& named,
                               const FeatureSchema* schema) {
  std::vector<Label> labels;
  for (const std::string& name : named_columns(named, csv))
    labels.push_back(find_label(csv, name, true));
  if (!schema) return labels;
  if (labels.empty())
    for (const std::string& name : schema->label_columns)
      labels.push_back(find_label(csv, name, false));
  const std::size_t known = std::max<std::size_t>(1, schema->label_columns.size());
  const bool fit = known > 1 ? labels.size() == known : labels.size() <= 1;
  check(fit, ErrorCode::usage, "label \"", named, "\" names ", labels.size(),
        labels.size() == 1 ? " column" : " columns", ", the model knows ", known);
  return labels;
}

}  // namespace AGATE_NAMESPACE::data
