#pragma once
// The pieces that all pictures are written with.

#include <agate/core/config.hpp>
#include <string>
#include <string_view>

namespace AGATE_NAMESPACE::explain {

// What the pictures have in common: the free border around them, in pixels, two sizes of text, and
// the colour of what is said beside the data.
inline constexpr double margin = 24, small_size = 12, text_size = 14;
inline constexpr const char* grey = "#555";

// Rounded to tenths, without a trailing ".0".
std::string px(double value);

std::string with_commas(Index count);

// An estimate: no font is at hand.
double text_width(std::string_view text, double size);

// `text` cut to what is estimated to fit into `width`, at least one character.
std::string fitting(std::string_view text, double size, double width);

// The start of a document on white, to be ended by </svg>.
std::string svg_start(double width, double height, std::string_view title);

// A line of text, cut to `room`; `more` are further attributes, with a space before each.
std::string svg_text(double x, double y, double size, std::string_view text, double room,
                     const std::string& colour = "#000", const std::string& more = "");

std::string svg_line(double x1, double y1, double x2, double y2, const std::string& colour,
                     double width = 1);

// `inner` are elements inside, such as a title.
std::string svg_rect(double x, double y, double width, double height, const std::string& colour,
                     const std::string& more = "", const std::string& inner = "");

}  // namespace AGATE_NAMESPACE::explain
