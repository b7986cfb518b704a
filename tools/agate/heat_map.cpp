#include "heat_map.hpp"

#include <agate/core/error.hpp>
#include <agate/explain/attention_panels.hpp>
#include <agate/io/file.hpp>
#include <numeric>

namespace tool {
namespace {

using agate::Index;

constexpr Index most_nodes = 100;

// All of the graph.
std::vector<Index> shown_nodes(const agate::data::Dataset& dataset) {
  std::vector<Index> nodes(static_cast<std::size_t>(dataset.num_nodes()));
  std::iota(nodes.begin(), nodes.end(), Index{0});
  return nodes;
}

bool pays_attention(const std::string& model) {
  for (const auto& info : agate::models::model_registry())
    if (info.name == model) return info.attention;
  return false;
}

}  // namespace

void check_heat_map(const std::string& path, const std::string& model,
                    const agate::data::Dataset& dataset) {
  if (path.empty()) return;
  agate::check(pays_attention(model), agate::ErrorCode::unsupported, path,
               ": a heat map shows attention, and model ", model, " pays none");
  const auto nodes = std::ssize(shown_nodes(dataset));
  agate::check(nodes >= 1 && nodes <= most_nodes, agate::ErrorCode::limit, path, ": ", dataset.name,
               " has ", nodes, " nodes, a heat map shows 1 to ", most_nodes);
}

void write_heat_map(const std::string& path, const agate::models::Model& model,
                    const agate::data::Dataset& dataset, int threads, const std::string& caption) {
  agate::Tape tape({.training = false, .record = false, .threads = threads});
  std::vector<agate::models::LayerAttention> layers;
  model.forward(dataset.graph, agate::Features(tape, model.prepare(dataset.x)), &layers);
  const auto nodes = shown_nodes(dataset);
  std::vector<std::string> names;
  for (Index i : nodes) names.push_back(dataset.node_name(i));
  agate::io::write_file(path, agate::explain::heat_map_svg(
                                  agate::explain::attention_panels(layers.back(), nodes, names),
                                  {.title = dataset.name,
                                   .subtitle = "last attention layer of " + caption,
                                   .rows = "node",
                                   .columns = "attends to",
                                   .missing = "no edge"}));
}

}  // namespace tool
