#include <agate/core/names.hpp>
#include <algorithm>
#include <cctype>
#include <numeric>
#include <sstream>

namespace AGATE_NAMESPACE {
namespace {

/// Levenshtein distance, letters compared without case.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> split_names(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream rest(list);
  for (std::string name; std::getline(rest, name, ',');) names.push_back(name);
  return names;
}

std::vector<std::string> nearest_names(const std::string& name,
                                       std::span<const std::string> known) {
  std::vector<std::string> names(known.begin(), known.end());
  std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    return distance(name, a) < distance(name, b);
  });
  return names;
}

std::string suggestion(const std::string& name, std::span<const std::string> known,
                       std::size_t most) {
  if (known.empty()) return "";
  const auto names = nearest_names(name, known);
  if (distance(name, names.front()) <= (name.size() + 2) / 3)
    return "; did you mean \"" + names.front() + "\"?";
  std::string text = "; known: ";
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) text += (i ? ", " : "") + names[i];
  return text + (names.size() > most ? ", ..." : "");
}

}  // namespace AGATE_NAMESPACE
