#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/io/csv.hpp>
#include <agate/io/file.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_set>

namespace AGATE_NAMESPACE::io {
namespace {

/// Cells of the text, one after the other, in one pass.
class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& name, char separator)
      : text_(text), name_(name), separator_(separator) {}

  /// The next line that is not blank; false at the end of the text.
  bool next_row(std::vector<std::string>& cells) {
    while (at_ < text_.size()) {
      cells.clear();
      row_line_ = line_;
      bool quoted = false;
      do cells.push_back(next_cell(quoted));
      while (!end_of_row_);
      if (cells.size() > 1 || !cells[0].empty() || quoted) return true;
    }
    return false;
  }
  Index row_line() const { return row_line_; }

 private:
  bool is_space(char c) const { return (c == ' ' || c == '\t') && c != separator_; }
  std::string_view trimmed(std::string_view cell) const {
    while (!cell.empty() && is_space(cell.front())) cell.remove_prefix(1);
    while (!cell.empty() && is_space(cell.back())) cell.remove_suffix(1);
    return cell;
  }
  /// The text up to the end of the cell; behind it, the separator or line break is passed over.
  std::string_view take_plain() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' &&
           text_[at_] != '\r')
      ++at_;
    const std::string_view cell = text_.substr(begin, at_ - begin);
    end_of_row_ = at_ == text_.size() || text_[at_] != separator_;
    if (at_ < text_.size() && !end_of_row_) ++at_;
    if (at_ < text_.size() && end_of_row_) take_line_break();
    return cell;
  }
  void take_line_break() {
    at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
    ++line_;
  }
  std::string next_cell(bool& quoted) {
    std::size_t begin = at_;
    while (begin < text_.size() && is_space(text_[begin])) ++begin;
    quoted = begin < text_.size() && text_[begin] == '"';
    if (!quoted) return std::string(trimmed(take_plain()));
    at_ = begin + 1;
    std::string cell = take_quoted();
    check(trimmed(take_plain()).empty(), ErrorCode::format, name_, ":", quote_line_,
          ": text follows a closing quote");
    return cell;
  }
  std::string take_quoted() {
    quote_line_ = line_;
    std::string cell;
    for (;;) {
      const std::size_t quote = text_.find('"', at_);
      check(quote != text_.npos, ErrorCode::format, name_, ":", quote_line_,
            ": a quote is opened and never closed");
      const std::string_view part = text_.substr(at_, quote - at_);
      line_ += std::ranges::count(part, '\n');
      cell += part;
      at_ = quote + 1;
      if (at_ == text_.size() || text_[at_] != '"') return cell;
      cell += '"';
      ++at_;
    }
  }

  std::string_view text_;
  const std::string& name_;
  const char separator_;
  std::size_t at_ = 0;
  Index line_ = 1, row_line_ = 1, quote_line_ = 1;
  bool end_of_row_ = false;
};

void check_text(std::string_view text, const std::string& name) {
  const std::size_t nul = text.find('\0');
  if (nul == text.npos) return;
  const Index line = 1 + std::ranges::count(text.substr(0, nul), '\n');
  fail(ErrorCode::format, name, ":", line,
       ": a NUL byte; the file is not text in UTF-8 (is it UTF-16?)");
}

void check_header(const CsvTable& table, Index line, char separator) {
  const auto& columns = table.columns;
  if (columns.size() == 1)
    for (const auto& [other, shown] : {std::pair{';', "';'"}, std::pair{'\t', "a tab"}})
      check(other == separator || columns[0].find(other) == std::string::npos, ErrorCode::format,
            table.path, ":", line, ": one column; is the separator ", shown, "?");
  std::unordered_set<std::string_view> seen;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    check(!columns[c].empty(), ErrorCode::format, table.path, ":", line, ": column ", c + 1,
          " has no name");
    check(seen.insert(columns[c]).second, ErrorCode::format, table.path, ":", line,
          ": two columns are named \"", columns[c], "\"");
  }
}

std::string without_outer_space(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string format_cell(const std::string& cell) {
  const bool space_at_ends = without_outer_space(cell) != cell;
  if (!space_at_ends && cell.find_first_of(",\"\r\n") == cell.npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

}  // namespace

std::optional<std::size_t> CsvTable::find_column(const std::string& name) const {
  const auto found = std::ranges::find(columns, name);
  if (found == columns.end()) return {};
  return static_cast<std::size_t>(found - columns.begin());
}

std::size_t CsvTable::column(const std::string& name) const {
  if (const auto found = find_column(name)) return *found;
  constexpr std::size_t most_listed = 20;
  const auto known = nearest_names(name, columns);
  std::string names;
  for (std::size_t i = 0; i < std::min(most_listed, known.size()); ++i)
    names += (i ? ", " : "") + known[i];
  fail(ErrorCode::not_found, path, ": no column \"", name, "\"; there are: ", names,
       known.size() > most_listed ? ", ..." : "");
}

std::string CsvTable::row_name(std::size_t row) const {
  if (list.empty()) return "line " + std::to_string(lines[row]);
  return list + "[" + std::to_string(lines.empty() ? static_cast<Index>(row) : lines[row]) + "]";
}

std::string CsvTable::place(std::size_t row) const {
  return list.empty() ? path + ":" + std::to_string(lines[row]) : path + ": " + row_name(row);
}

CsvTable parse_csv(std::string_view text, const std::string& name, char separator) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  check_text(text, name);
  CsvTable table{.path = name, .columns = {}, .rows = {}, .lines = {}};
  CsvReader reader(text, name, separator);
  check(reader.next_row(table.columns), ErrorCode::format, name, ": is empty, expected a header");
  for (auto& column : table.columns) column = without_outer_space(column);
  check_header(table, reader.row_line(), separator);

  std::vector<std::string> cells;
  while (reader.next_row(cells)) {
    check(cells.size() == table.columns.size(), ErrorCode::format, name, ":", reader.row_line(),
          ": ", cells.size(), cells.size() == 1 ? " cell" : " cells", ", expected ",
          table.columns.size(), " as in the header");
    table.rows.push_back(std::move(cells));
    table.lines.push_back(reader.row_line());
    cells.reserve(table.columns.size());
  }
  return table;
}

CsvTable read_csv(const std::string& path, char separator) {
  return parse_csv(read_text(path), path, separator);
}

std::optional<double> parse_number(std::string_view cell) {
  if (cell.starts_with('+') && !cell.starts_with("+-")) cell.remove_prefix(1);
  double value = 0;
  const char* end = cell.data() + cell.size();
  const auto [parsed, error] = std::from_chars(cell.data(), end, value);
  if (cell.empty() || parsed != end || !std::isfinite(value)) return {};
  // Out of range is either too large, or so near zero that it is zero.
  const bool tiny = cell.find("e-") != cell.npos || cell.find("E-") != cell.npos;
  if (error == std::errc::result_out_of_range && tiny) return 0.0;
  if (error != std::errc{}) return {};
  return value;
}

std::string format_csv_row(std::span<const std::string> cells) {
  // A line of one empty cell would be a blank line, which is skipped.
  if (cells.size() == 1 && cells[0].empty()) return "\"\"\n";
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i ? "," : "") + format_cell(cells[i]);
  return line + '\n';
}

}  // namespace AGATE_NAMESPACE::io
