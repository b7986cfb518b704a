#include "explain/svg.hpp"

#include <algorithm>
#include <cmath>

#include "explain/xml_text.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

constexpr double character_width = 0.59;

}  // namespace

std::string px(double value) {
  const long tenths = std::lround(10 * value);
  const long size = tenths < 0 ? -tenths : tenths;
  std::string text = tenths < 0 ? "-" : "";
  text += std::to_string(size / 10);
  if (size % 10 != 0) text += '.' + std::to_string(size % 10);
  return text;
}

std::string with_commas(Index count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

double text_width(std::string_view text, double size) {
  return character_width * size * static_cast<double>(text_length(text));
}

std::string fitting(std::string_view text, double size, double width) {
  return shortened(text, static_cast<std::size_t>(std::max(1.0, width / (character_width * size))));
}

std::string svg_start(double width, double height, std::string_view title) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + px(width) + "\" height=\"" +
         px(height) + "\" viewBox=\"0 0 " + px(width) + ' ' + px(height) +
         "\" font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">\n<title>" +
         xml_text(title) + "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
}

std::string svg_text(double x, double y, double size, std::string_view text, double room,
                     const std::string& colour, const std::string& more) {
  return "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\" font-size=\"" + px(size) + "\" fill=\"" +
         colour + '"' + more + '>' + xml_text(fitting(text, size, room)) + "</text>\n";
}

std::string svg_line(double x1, double y1, double x2, double y2, const std::string& colour,
                     double width) {
  return "<line x1=\"" + px(x1) + "\" y1=\"" + px(y1) + "\" x2=\"" + px(x2) + "\" y2=\"" + px(y2) +
         "\" stroke=\"" + colour + "\" stroke-width=\"" + px(width) + "\"/>\n";
}

std::string svg_rect(double x, double y, double width, double height, const std::string& colour,
                     const std::string& more, const std::string& inner) {
  return "<rect x=\"" + px(x) + "\" y=\"" + px(y) + "\" width=\"" + px(width) + "\" height=\"" +
         px(height) + "\" fill=\"" + colour + '"' + more +
         (inner.empty() ? "/>\n" : ">" + inner + "</rect>\n");
}

}  // namespace AGATE_NAMESPACE::explain
