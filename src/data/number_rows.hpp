#pragma once
// Texts that hold one row of numbers in each line, and nothing else.

#include <agate/core/config.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::data {

template <class Number>
struct NumberRows {
  std::string path{};
  Index rows = 0, columns = 0;
  std::vector<Number> values{};  ///< row by row

  Number at(Index row, Index column) const { return values[row * columns + column]; }
  /// Where a row stands, for messages: FILE:LINE. Not for check(), which would make it every time.
  std::string place(Index row) const { return path + ":" + std::to_string(row + 1); }
};

/// Numbers separated by commas, with blanks around them, as many in each line as in the first; LF
/// or CRLF, gzip. Blank lines may follow the last row. Error(format) FILE:LINE for what is not a
/// (whole, or finite) number, for a line of another length and for a blank line between others.
NumberRows<Index> read_integer_rows(const std::string& path);
NumberRows<double> read_number_rows(const std::string& path);

}  // namespace AGATE_NAMESPACE::data
