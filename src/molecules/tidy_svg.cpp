#include "molecules/tidy_svg.hpp"

#include <algorithm>

namespace AGATE_NAMESPACE::molecules {
namespace {

constexpr int font_size = 14;

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// Everything up to the end of the root's opening tag, header and comments, and its closing tag.
std::string_view inside_root(std::string_view document) {
  document.remove_prefix(std::min(document.find("<svg"), document.size()));
  document.remove_prefix(std::min(document.find('>') + 1, document.size()));
  constexpr std::string_view header = "<!-- END OF HEADER -->";
  if (const auto at = document.find(header); at != document.npos)
    document.remove_prefix(at + header.size());
  return document.substr(0, document.rfind("</svg>"));
}

/// The text cut to so many characters, as XML.
std::string escaped(std::string_view line, std::size_t most) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  const bool cut = static_cast<std::size_t>(std::ranges::count_if(line, starts)) > most;
  std::string text;
  std::size_t characters = 0;
  for (const char c : line) {
    if (starts(c) && ++characters >= most && cut) return text + "\xE2\x80\xA6";
    switch (c) {
      case '<':
        text += "&lt;";
        break;
      case '>':
        text += "&gt;";
        break;
      case '&':
        text += "&amp;";
        break;
      case '"':
        text += "&quot;";
        break;
      default:
        text += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return text;
}

}  // namespace

std::string svg_body(std::string_view document) {
  std::string body;
  bool in_tag = false;
  for (const char c : inside_root(document)) {
    if (c == '<') in_tag = true;
    if (in_tag && (c == '>' || c == '/') && body.back() == ' ') body.pop_back();
    if (c == '>') in_tag = false;
    if (!is_blank(c))
      body += in_tag && c == '\'' ? '"' : c;
    else if (in_tag && body.back() != ' ')
      body += ' ';
    else if (!in_tag && !body.empty() && body.back() != '\n')
      body += '\n';
  }
  return body;
}

int svg_line_count(std::string_view text) {
  return text.empty() ? 0 : 1 + static_cast<int>(std::ranges::count(text, '\n'));
}

std::string svg_lines(std::string_view text, int width, int top) {
  const auto most = static_cast<std::size_t>(std::max(2.0, width / (0.56 * font_size)));
  std::string lines;
  for (int left = svg_line_count(text); left > 0; --left, top += svg_line_height) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines += "<text x=\"" + std::to_string(width / 2) + "\" y=\"" +
             std::to_string(top + font_size) + "\" text-anchor=\"middle\" font-size=\"" +
             std::to_string(font_size) + "\" font-family=\"sans-serif\">" + escaped(line, most) +
             "</text>\n";
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

}  // namespace AGATE_NAMESPACE::molecules
