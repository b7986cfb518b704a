#pragma once
/// \file
/// Pairs of texts, one a line: source TAB target.

#include <agate/data/sequences.hpp>
#include <string_view>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// The lines of a file, blank ones skipped.
struct TextPairs {
  std::string path;  ///< for messages
  std::vector<std::string> sources{}, targets{};
  std::vector<Index> lines{};  ///< of each, from 1

  Index size() const { return static_cast<Index>(sources.size()); }
  std::string place(Index k) const;  ///< `FILE:17`
};

/// Reads UTF-8 text with or without gzip, LF or CRLF. Error(format) naming file and line for one
/// without a TAB (where `targets_needed`), with more than one, or with nothing before or behind it;
/// for a file without pairs.
TextPairs read_pairs(const std::string& path, bool targets_needed = true);
/// The same of a text; `name` stands for the path in messages.
TextPairs parse_pairs(std::string_view text, const std::string& name, bool targets_needed = true);

/// All characters, or words, of these texts, in the order of their bytes. Error(format) for what is
/// not UTF-8.
Alphabet alphabet_of(const TextPairs& texts, const std::vector<std::string>& side, bool words);

/// The texts of one side as symbols. Error(format) `FILE:17: "x" is not among the 27 characters
/// that are known`, and for a text without any.
Sequences encode(const TextPairs& texts, const std::vector<std::string>& side,
                 const Alphabet& alphabet);

}  // namespace AGATE_NAMESPACE::data
