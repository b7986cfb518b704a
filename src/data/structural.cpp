#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/data/encodings.hpp>
#include <charconv>
#include <cmath>

#include "data/columns.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

constexpr int most_steps = 1'000;

int parse_count(std::string_view word, std::string_view digits, const std::string& text) {
  int count = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, count);
  check(error == std::errc() && stop == end && count >= 1 && count <= most_steps, ErrorCode::usage,
        "structural features \"", text, "\": ", word, " needs a number from 1 to ", most_steps,
        ", as in ", word, ":8");
  return count;
}

void add_word(std::string_view word, StructuralFeatures& features, const std::string& text) {
  const auto colon = word.find(':');
  const std::string_view name = word.substr(0, colon);
  const std::string_view digits =
      colon == std::string_view::npos ? std::string_view() : word.substr(colon + 1);
  if (word == "identity") {
    features.identity = true;
  } else if (word == "degree") {
    features.degree = true;
  } else if (name == "random_walk") {
    features.random_walk = parse_count(name, digits, text);
  } else if (name == "spectral") {
    features.spectral = parse_count(name, digits, text);
  } else {
    const std::string known[] = {"none",   "auto",          "identity",
                                 "degree", "random_walk:8", "spectral:16"};
    fail(ErrorCode::usage, "structural features \"", text, "\": there is no \"", word, "\"",
         suggestion(std::string(word), known));
  }
}

}  // namespace

StructuralFeatures parse_structural(const std::string& text, bool has_columns) {
  if (text == "none") return {};
  if (text == "auto") return {.identity = !has_columns};
  StructuralFeatures features;
  std::string_view rest = text;
  for (;;) {
    const auto comma = rest.find(',');
    add_word(rest.substr(0, comma), features, text);
    if (comma == std::string_view::npos) return features;
    rest.remove_prefix(comma + 1);
  }
}

void describe_degrees(const Graph& graph, FeatureSchema& schema) {
  const Tensor degrees = degree_encoding(graph);
  const auto n = static_cast<double>(degrees.size());
  double mean = 0, squares = 0;
  for (Real d : degrees.values()) mean += d / n;
  for (Real d : degrees.values()) squares += (d - mean) * (d - mean) / n;
  schema.degree_mean = mean;
  // Rounding leaves a little where all are the same.
  schema.degree_deviation = squares > 1e-12 ? std::sqrt(squares) : 1;
}

}  // namespace AGATE_NAMESPACE::data
