#include "explain/xml_text.hpp"

#include <vector>

namespace AGATE_NAMESPACE::explain {
namespace {

// The length of the valid UTF-8 character at the start of `text`, or 0; its number in `code`.
std::size_t decode(std::string_view text, std::uint32_t& code) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) {
    code = first;
    return 1;
  }
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  code = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  return code < least[length] || code > 0x10FFFF ? 0 : length;
}

bool allowed(std::uint32_t code) {
  if (code < 0x20 || (code >= 0x7F && code <= 0x9F)) return false;
  return (code < 0xD800 || code > 0xDFFF) && (code & 0xFFFEu) != 0xFFFE;
}

// The characters that remain.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> kept;
  while (!text.empty()) {
    std::uint32_t code = 0;
    const std::size_t length = decode(text, code);
    if (code == '\t' || code == '\n' || code == '\r')
      kept.push_back(" ");
    else if (length > 0 && allowed(code))
      kept.push_back(text.substr(0, length));
    text.remove_prefix(length > 0 ? length : 1);
  }
  return kept;
}

std::string escaped(std::string_view character) {
  if (character == "<") return "&lt;";
  if (character == ">") return "&gt;";
  if (character == "&") return "&amp;";
  if (character == "\"") return "&quot;";
  if (character == "'") return "&#39;";
  return std::string(character);
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string result;
  for (std::string_view character : characters(text)) result += escaped(character);
  return result;
}

std::string shortened(std::string_view text, std::size_t most) {
  const auto kept = characters(text);
  std::string result;
  for (std::size_t i = 0; i + 1 < most && i < kept.size(); ++i) result += kept[i];
  if (most > 0 && kept.size() > most)
    result += "\u2026";
  else if (most > 0 && kept.size() == most)
    result += kept.back();
  return result;
}

std::size_t text_length(std::string_view text) { return characters(text).size(); }

}  // namespace AGATE_NAMESPACE::explain
