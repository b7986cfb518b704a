#include "models/layer_names.hpp"

#include <cctype>

namespace AGATE_NAMESPACE::models {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

constexpr std::size_t most_digits = 9;

}  // namespace

LayerName layer_name(const std::string& name) {
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    std::size_t digits = dot;
    while (digits > 0 && is_digit(name[digits - 1])) --digits;
    if (digits == dot || dot - digits > most_digits) continue;
    return {.root = name.substr(0, dot + 1),
            .stem = name.substr(0, digits),
            .number = std::stol(name.substr(digits, dot - digits)),
            .tail = name.substr(dot + 1)};
  }
  return {.root = "", .stem = "", .number = 0, .tail = name};
}

std::map<std::string, std::vector<std::string>> roots_by_stem(
    const std::vector<std::string>& names) {
  std::map<std::string, std::map<Index, std::string>> found;
  for (const std::string& name : names) {
    const LayerName n = layer_name(name);
    if (!n.root.empty()) found[n.stem].emplace(n.number, n.root);
  }
  std::map<std::string, std::vector<std::string>> roots;
  for (const auto& [stem, numbered] : found)
    for (const auto& [number, root] : numbered) roots[stem].push_back(root);
  return roots;
}

}  // namespace AGATE_NAMESPACE::models
