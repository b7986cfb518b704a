#pragma once
// RDKit's SVG as ours.

#include <agate/core/config.hpp>
#include <string>
#include <string_view>

namespace AGATE_NAMESPACE::molecules {

/// The elements inside the root of an SVG document by RDKit, with double quotes around attributes
/// and one blank between them.
std::string svg_body(std::string_view document);

/// Lines of text one under the other, the first `top` pixels from above, in the middle of `width`
/// pixels; what does not fit ends in an ellipsis.
std::string svg_lines(std::string_view text, int width, int top);

constexpr int svg_line_height = 18;
/// How many lines there are.
int svg_line_count(std::string_view text);

}  // namespace AGATE_NAMESPACE::molecules
