#pragma once
// Any bytes as text inside XML.

#include <agate/core/config.hpp>
#include <string>
#include <string_view>

namespace AGATE_NAMESPACE::explain {

// Escapes < > & " ', drops characters that XML 1.0 forbids and bytes that are not UTF-8; tabs and
// line breaks become spaces.
std::string xml_text(std::string_view text);

// The text without what xml_text drops, cut to `most` characters: a longer one ends in an ellipsis.
std::string shortened(std::string_view text, std::size_t most);

// How many characters xml_text keeps.
std::size_t text_length(std::string_view text);

}  // namespace AGATE_NAMESPACE::explain
