#pragma once
/// \file
/// Names: lists of them, and helping a person who mistyped one.

#include <agate/core/config.hpp>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE {

/// "A,B" -> A and B; nothing behind a comma at the end, and of no text none.
std::vector<std::string> split_names(const std::string& list);

/// The known names, nearest to `name` first (edit distance, upper and lower case alike).
std::vector<std::string> nearest_names(const std::string& name, std::span<const std::string> known);

/// `; did you mean "gat"?` when one is near, otherwise `; known: a, b, c` (at most `most` names).
std::string suggestion(const std::string& name, std::span<const std::string> known,
                       std::size_t most = 12);

}  // namespace AGATE_NAMESPACE
