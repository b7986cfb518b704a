#include "heat_map.hpp"

#include <agate/core/error.hpp>
#include <agate/data/packed.hpp>
#include <agate/explain/attention_panels.hpp>
#include <agate/io/file.hpp>
#include <array>
#include <numeric>

namespace tool {
namespace {

using agate::Index;

constexpr Index most_nodes = 100;

// Of several graphs the first that holds test nodes, or else the first.
agate::data::Dataset shown_graph(const agate::data::Dataset& dataset) {
  if (dataset.num_graphs() == 1) return dataset;
  const auto tested = dataset.splits.empty() ? std::vector<Index>{}
                                             : graphs_of(dataset, dataset.splits.front().test);
  return select_graphs(dataset, std::array{tested.empty() ? Index{0} : tested.front()}).dataset;
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
  const Index nodes = shown_graph(dataset).num_nodes();
  agate::check(nodes >= 1 && nodes <= most_nodes, agate::ErrorCode::limit, path, ": ", dataset.name,
               " has ", nodes, " nodes, a heat map shows 1 to ", most_nodes);
}

void write_heat_map(const std::string& path, const agate::models::Model& model,
                    const agate::data::Dataset& whole, int threads, const std::string& caption) {
  const agate::data::Dataset dataset = shown_graph(whole);
  agate::Tape tape({.training = false, .record = false, .threads = threads});
  std::vector<agate::models::LayerAttention> layers;
  agate::data::Dataset prepared = dataset;
  prepared.x = model.prepare(dataset.x);
  model.embed(agate::models::input_of(tape, prepared), &layers);
  std::vector<Index> nodes(static_cast<std::size_t>(dataset.num_nodes()));
  std::iota(nodes.begin(), nodes.end(), Index{0});
  std::vector<std::string> names;
  for (Index i : nodes) names.push_back(dataset.node_name(i));
  auto panels = agate::explain::attention_panels(layers.back(), nodes, names);
  agate::explain::leave_out_idle(panels);
  agate::io::write_file(
      path, agate::explain::heat_map_svg(panels, {.title = dataset.name,
                                                  .subtitle = "last attention layer of " + caption,
                                                  .rows = "node",
                                                  .columns = "attends to",
                                                  .missing = "no edge"}));
}

}  // namespace tool
