#include "data/number_rows.hpp"

#include <agate/core/error.hpp>
#include <agate/io/csv.hpp>
#include <agate/io/file.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace AGATE_NAMESPACE::data {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

const char* skip_blanks(const char* at, const char* end) {
  while (at != end && is_blank(*at)) ++at;
  return at;
}

/// The text from `at` to the end of its cell.
std::string_view cell_at(const char* at, const char* end) {
  const char* stop = std::find_if(at, end, [](char c) { return c == ',' || c == '\n'; });
  while (stop != at && is_blank(stop[-1])) --stop;
  return {at, stop};
}

/// A sign that std::from_chars does not take.
const char* skip_plus(const char* at, const char* end) {
  return end - at > 1 && *at == '+' && at[1] != '-' ? at + 1 : at;
}

/// Reads the number at `at`, which moves behind it; false for none.
bool take(const char*& at, const char* end, Index& number) {
  const auto [stop, error] = std::from_chars(skip_plus(at, end), end, number);
  at = stop;
  return error == std::errc();
}

bool take(const char*& at, const char* end, double& number) {
  const auto [stop, error] = std::from_chars(skip_plus(at, end), end, number);
  if (error == std::errc() && std::isfinite(number)) {
    at = stop;
    return true;
  }
  // The slow way knows the numbers so near zero that they are zero.
  const std::string_view cell = cell_at(at, end);
  const auto parsed = io::parse_number(cell);
  if (!parsed) return false;
  number = *parsed;
  at += cell.size();
  return true;
}

template <class Number>
NumberRows<Number> read_rows(const std::string& path, const char* kind) {
  const std::string text = io::read_text(path);
  NumberRows<Number> table{.path = path};
  const char* at = text.data();
  const char* end = at + text.size();
  while (end != at && (is_blank(end[-1]) || end[-1] == '\n')) --end;
  for (; at != end; ++table.rows) {
    Index columns = 0;
    for (bool more = true; more; ++columns) {
      at = skip_blanks(at, end);
      const char* begin = at;
      Number number{};
      const bool taken = take(at, end, number);
      at = skip_blanks(at, end);
      const bool ends = at == end || *at == '\n' || *at == ',';
      if (!taken || !ends) [[unlikely]] {
        const std::string_view cell = cell_at(begin, end);
        check(!cell.empty() || columns > 0 || *begin == ',', ErrorCode::format,
              table.place(table.rows), ": a blank line, expected numbers");
        fail(ErrorCode::format, table.place(table.rows), ": \"", cell.substr(0, 40), "\" is not ",
             kind);
      }
      table.values.push_back(number);
      more = at != end && *at == ',';
      if (at != end) ++at;
    }
    if (table.rows == 0) table.columns = columns;
    if (columns != table.columns) [[unlikely]]
      fail(ErrorCode::format, table.place(table.rows), ": ", columns,
           columns == 1 ? " number" : " numbers", ", expected ", table.columns,
           " as in the first line");
  }
  return table;
}

}  // namespace

NumberRows<Index> read_integer_rows(const std::string& path) {
  return read_rows<Index>(path, "a whole number");
}

NumberRows<double> read_number_rows(const std::string& path) {
  return read_rows<double>(path, "a finite number");
}

}  // namespace AGATE_NAMESPACE::data
