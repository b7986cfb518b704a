#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/data/encodings.hpp>
#include <charconv>
#include <cmath>

#include "data/columns.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

constexpr int most_steps = 1'000;
constexpr int usual_width = 8;  // walks or eigenvectors, where nobody asks for a number
constexpr Index most_usual_nodes = 50'000;
constexpr int most_usual_depth = 50;
constexpr double most_usual_work = 1e9;  // steps x nodes x messages

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
  } else if (word == "out_degree") {
    features.out_degree = true;
  } else if (name == "random_walk") {
    features.random_walk = parse_count(name, digits, text);
  } else if (name == "spectral") {
    features.spectral = parse_count(name, digits, text);
  } else {
    const std::string known[] = {"none",       "auto",          "identity",   "degree",
                                 "out_degree", "random_walk:8", "spectral:16"};
    fail(ErrorCode::usage, "structural features \"", text, "\": there is no \"", word, "\"",
         suggestion(std::string(word), known));
  }
}

/// Whether all nodes are near to each other, where they are linked at all. Eigenvectors of long,
/// thin graphs are hard to tell apart: finding them takes minutes, or fails.
bool is_wide(const Graph& graph) {
  const auto& away = graph.by_source();
  std::vector<int> depth(static_cast<std::size_t>(graph.num_nodes()), -1);
  std::vector<Index> waiting;
  for (Index start = 0; start < graph.num_nodes(); ++start) {
    if (depth[start] >= 0) continue;
    depth[start] = 0;
    waiting.assign(1, start);
    for (std::size_t next = 0; next < waiting.size(); ++next) {
      const Index i = waiting[next];
      if (depth[i] > most_usual_depth) return false;
      const auto visit = [&](NodeId j) {
        if (depth[j] >= 0) return;
        depth[j] = depth[i] + 1;
        waiting.push_back(j);
      };
      for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p) visit(graph.sources()[p]);
      for (Index p = away.offsets[i]; p < away.offsets[i + 1]; ++p) visit(away.targets[p]);
    }
  }
  return true;
}

/// Whether random walks are a matter of a second.
bool can_walk(const Graph& graph, std::vector<Index> offsets) {
  if (offsets.empty()) offsets = {0, graph.num_nodes()};
  double work = 0;
  for (std::size_t g = 0; g + 1 < offsets.size(); ++g) {
    const Index nodes = offsets[g + 1] - offsets[g];
    const Index messages = graph.offsets()[offsets[g + 1]] - graph.offsets()[offsets[g]];
    if (nodes > most_usual_nodes) return false;
    work += usual_width * static_cast<double>(nodes) * static_cast<double>(messages);
  }
  return work <= most_usual_work;
}

void measure(const Tensor& degrees, double& to_mean, double& to_deviation) {
  const auto n = static_cast<double>(degrees.size());
  double mean = 0, squares = 0;
  for (Real d : degrees.values()) mean += d / n;
  for (Real d : degrees.values()) squares += (d - mean) * (d - mean) / n;
  to_mean = mean;
  // Rounding leaves a little where all are the same.
  to_deviation = squares > 1e-12 ? std::sqrt(squares) : 1;
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

StructuralFeatures usual_structural(const Dataset& dataset) {
  const Graph& graph = dataset.graph;
  const bool several = !dataset.graph_offsets.empty() || dataset.task == Task::graph;
  if (dataset.task == Task::node && !several) return {.identity = true};
  StructuralFeatures features{.degree = true, .out_degree = !graph.is_undirected()};
  if (!several && graph.num_nodes() <= most_usual_nodes && is_wide(graph))
    features.spectral = usual_width;
  else if (can_walk(graph, dataset.graph_offsets))
    features.random_walk = usual_width;
  return features;
}

void describe_degrees(const Graph& graph, FeatureSchema& schema) {
  if (schema.structural.degree)
    measure(degree_encoding(graph), schema.degree_mean, schema.degree_deviation);
  if (schema.structural.out_degree)
    measure(out_degree_encoding(graph), schema.out_degree_mean, schema.out_degree_deviation);
}

}  // namespace AGATE_NAMESPACE::data
