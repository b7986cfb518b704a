#pragma once
// What tests ask of any picture.

#include <agate/core/config.hpp>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

/// How often `part` stands in `text`.
inline agate::Index count(const std::string& text, const std::string& part) {
  agate::Index found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

inline bool is_reference(std::string_view text) {
  for (std::string_view known : {"&lt;", "&gt;", "&amp;", "&quot;", "&#39;"})
    if (text.substr(0, known.size()) == known) return true;
  return false;
}

/// The attributes of a tag, after its name: NAME="VALUE" each, all different.
inline bool good_attributes(std::string_view text) {
  std::vector<std::string_view> names;
  while (!text.empty()) {
    if (text[0] != ' ') return false;
    const auto equals = text.find("=\""), quote = text.find('"', equals + 2);
    if (equals == std::string_view::npos || quote == std::string_view::npos) return false;
    const auto name = text.substr(1, equals - 1);
    for (char c : name)
      if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-') return false;
    for (auto other : names)
      if (other == name) return false;
    names.push_back(name);
    text.remove_prefix(quote + 1);
  }
  return true;
}

/// Every tag closed in order, one root, no stray < or &, no control characters. Says what is wrong.
inline std::string xml_fault(std::string_view text) {
  std::vector<std::string> open;
  bool rooted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return "a control character";
    if (c == '&' && !is_reference(text.substr(at))) return "a stray &";
    if (open.empty() && c != '<' && c != '\n') return "text outside the root";
    if (c != '<') continue;
    const auto close = text.find('>', at);
    if (close == std::string_view::npos) return "an open tag";
    std::string_view tag = text.substr(at + 1, close - at - 1);
    if (tag.find('<') != std::string_view::npos) return "< inside a tag";
    at = close;
    if (tag.substr(0, 1) == "/") {
      if (open.empty() || open.back() != tag.substr(1)) return "closes " + std::string(tag);
      open.pop_back();
      continue;
    }
    if (open.empty() && rooted) return "two roots";
    rooted = true;
    const bool empty = tag.back() == '/';
    if (empty) tag.remove_suffix(1);
    const std::string name(tag.substr(0, tag.find(' ')));
    if (!good_attributes(tag.substr(name.size()))) return "attributes of " + std::string(tag);
    if (!empty) open.push_back(name);
  }
  return open.empty() && rooted ? "" : "not closed";
}

/// The values of a numeric attribute of the elements that start with `start`, in the order of the
/// text.
inline std::vector<double> attributes_of(const std::string& svg, const std::string& start,
                                         const std::string& attribute) {
  std::vector<double> values;
  for (auto at = svg.find(start); at != std::string::npos; at = svg.find(start, at + 1)) {
    const auto from = svg.find(' ' + attribute + "=\"", at);
    if (from < svg.find('>', at))
      values.push_back(std::stod(svg.substr(from + attribute.size() + 3)));
  }
  return values;
}
