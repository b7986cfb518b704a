#pragma once
/// \file
/// CSV (RFC 4180): quoted cells with doubled quotes and line breaks, LF or CRLF, an optional UTF-8
/// byte order mark, gzip.

#include <agate/core/config.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace AGATE_NAMESPACE::io {

/// A header and rows of texts, with the places that they came from.
struct CsvTable {
  std::string path;                            ///< for messages
  std::vector<std::string> columns;            ///< the header, trimmed
  std::vector<std::vector<std::string>> rows;  ///< cells trimmed unless quoted, as many as columns
  std::vector<Index> lines;                    ///< the line in the file where each row starts
  /// Of a file without lines: the name of the list that the rows are; `lines` is empty while they
  /// stand in its order, otherwise it holds their places in it.
  std::string list{};

  /// Where a row stands, for messages: `FILE:17`, or `FILE: nodes[16]`.
  std::string place(std::size_t row) const;
  std::string row_name(std::size_t row) const;  ///< `line 17`, or `nodes[16]`

  /// The position of a column. Error(not_found) listing the columns there are, nearest first.
  std::size_t column(const std::string& name) const;
  /// The same, or nothing where there is no such column.
  std::optional<std::size_t> find_column(const std::string& name) const;
};

/// Error(format) `FILE:LINE: 3 cells, expected 4 as in the header` for a ragged row, an open quote,
/// an empty or repeated column name, a NUL byte; Error(format) for an empty file. Blank lines are
/// skipped.
CsvTable read_csv(const std::string& path, char separator = ',');
/// The same of a text; `name` stands for the path in messages.
CsvTable parse_csv(std::string_view text, const std::string& name, char separator = ',');

/// A finite number that spans the whole cell, or nothing. Independent of the locale.
std::optional<double> parse_number(std::string_view cell);

/// One cell, quoted where needed; one line of cells ending in LF.
std::string format_csv_row(std::span<const std::string> cells);

}  // namespace AGATE_NAMESPACE::io
