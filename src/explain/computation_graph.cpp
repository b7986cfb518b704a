#include "explain/computation_graph.hpp"

#include <agate/core/error.hpp>
#include <agate/graph/edges.hpp>
#include <agate/models/label_input.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <array>
#include <numeric>

namespace AGATE_NAMESPACE::explain {
namespace {

const models::ModelInfo& info_of(const models::ModelConfig& config) {
  const auto& infos = models::model_registry();
  const auto info = std::ranges::find(infos, config.model, &models::ModelInfo::name);
  check(info != infos.end(), ErrorCode::unsupported, "attribution: model ", config.model,
        " is not among those that are known");
  return *info;
}

bool is_local(const models::ModelConfig& c) {
  return info_of(c).local && !c.virtual_node && c.norm != "graph";
}

// How many messages away from the seeds each node is, -1 beyond `most`.
std::vector<Index> distances(const Graph& graph, const std::vector<Index>& seeds, Index most) {
  std::vector<Index> away(static_cast<std::size_t>(graph.num_nodes()), -1), now = seeds;
  for (Index seed : seeds) away[static_cast<std::size_t>(seed)] = 0;
  for (Index step = 1; step <= most && !now.empty(); ++step) {
    std::vector<Index> next;
    for (Index i : now)
      for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k) {
        Index& there = away[static_cast<std::size_t>(graph.sources()[k])];
        if (there >= 0) continue;
        there = step;
        next.push_back(graph.sources()[k]);
      }
    now = std::move(next);
  }
  return away;
}

// Which of the packed graphs a node lies in.
Index graph_of(const data::Dataset& d, Index node) {
  if (d.graph_offsets.empty()) return 0;
  return std::ranges::upper_bound(d.graph_offsets, node) - d.graph_offsets.begin() - 1;
}

// All nodes of that graph.
void fill_graph(const data::Dataset& d, Index graph, std::vector<Index>& away) {
  const bool packed = !d.graph_offsets.empty();
  const auto g = static_cast<std::size_t>(graph);
  std::fill(away.begin() + (packed ? d.graph_offsets[g] : 0),
            away.begin() + (packed ? d.graph_offsets[g + 1] : d.num_nodes()), 0);
}

// The node, or the two ends; of a graph none.
std::vector<Index> seeds_of(const data::Dataset& d, Index item) {
  if (d.task == data::Task::graph) return {};
  if (d.task == data::Task::node) return {item};
  const Edge& ends = d.pairs[static_cast<std::size_t>(item)];
  return {ends.source, ends.target};
}

std::vector<Index> edges_among(const Graph& graph, const std::vector<Index>& nodes) {
  std::vector<bool> in(static_cast<std::size_t>(graph.num_nodes()));
  for (Index i : nodes) in[static_cast<std::size_t>(i)] = true;
  std::vector<Index> edges;
  for (Index i : nodes)
    for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k)
      if (graph.edge_ids()[k] >= 0 && in[static_cast<std::size_t>(graph.sources()[k])])
        edges.push_back(graph.edge_ids()[k]);
  std::ranges::sort(edges);
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

}  // namespace

bool sees_edges(const models::Model& model) {
  static const std::array<std::string, 4> blind{"dense_gat", "dense_transformer", "rfa", "mlp"};
  return std::ranges::find(blind, model.config().model) == blind.end();
}

std::vector<Index> ComputationGraph::counting() const {
  std::vector<Index> some;
  for (std::size_t e = 0; e < counts.size(); ++e)
    if (counts[e]) some.push_back(static_cast<Index>(e));
  return some;
}

models::Input ComputationGraph::input(Tape& tape, Features x) const {
  models::Input input{part.graph, std::move(x)};
  input.offsets = part.graph_offsets;
  if (!part.edge_attr.empty()) input.edge_attr = tape.constant(part.edge_attr);
  input.pairs = pair;
  if (!pair_attr.empty()) input.pair_attr = tape.constant(pair_attr);
  return input;
}

Var ComputationGraph::answer(const models::Model& model, const models::Input& input,
                             std::vector<models::LayerAttention>* attention) const {
  const Var all = model.forward(input, attention);
  return pair.empty() && !seeds.empty() ? gather_rows(all, {seeds.front()}) : all;
}

ComputationGraph computation_graph(const models::Model& model, const data::Dataset& dataset,
                                   Index item) {
  check(model.config().task == to_string(dataset.task), ErrorCode::unsupported,
        "attribution: the items of ", dataset.name, " are ", data::items_of(dataset.task),
        ", the model is one of task ", model.config().task);
  check(item >= 0 && item < dataset.num_items(), ErrorCode::shape, "attribution: item ", item,
        " of ", dataset.num_items(), " ", data::items_of(dataset.task));
  // What is known of the item itself is no reason for it.
  std::vector<bool> shown(static_cast<std::size_t>(dataset.num_items()), true);
  shown[static_cast<std::size_t>(item)] = false;
  const data::Dataset prepared = models::prepare(model, dataset, &shown);
  const Graph& graph = prepared.graph;
  const bool graphs = dataset.task == data::Task::graph;
  const bool pairs = dataset.task == data::Task::edge || dataset.task == data::Task::link;
  const std::vector<Index> seeds = seeds_of(dataset, item);
  const models::ModelConfig& config = model.config();
  // One step more for what a pair's common neighbours hold, and one for the nodes of whose
  // neighbours the number counts (GCN's normalisation).
  const bool common = config.task == "link" && config.decoder == "common_neighbors";
  const Index reach = sees_edges(model) ? config.layers + (common ? 1 : 0) : 0;
  auto away = distances(graph, seeds, reach + (config.model == "gcn" ? 1 : 0));
  if (graphs)
    fill_graph(dataset, item, away);
  else if (!is_local(config))
    fill_graph(dataset, graph_of(dataset, seeds.front()), away);

  ComputationGraph c;
  std::vector<Index> place(away.size(), -1);
  for (std::size_t i = 0; i < away.size(); ++i)
    if (away[i] >= 0) {
      place[i] = std::ssize(c.nodes);
      c.nodes.push_back(static_cast<Index>(i));
    }
  for (Index seed : seeds) c.seeds.push_back(place[static_cast<std::size_t>(seed)]);
  c.whole_nodes = graphs ? std::ssize(c.nodes) : dataset.num_nodes();
  c.edges = edges_among(graph, c.nodes);
  c.part = {.name = dataset.name,
            .graph = graph.induced(c.nodes),
            .x = select_rows(prepared.x, c.nodes),
            .task = dataset.task};
  if (!prepared.edge_attr.empty()) c.part.edge_attr = select_rows(prepared.edge_attr, c.edges);
  if (graphs) c.part.graph_offsets = {0, std::ssize(c.nodes)};
  c.part.regression = dataset.regression;
  if (!dataset.targets.empty()) c.part.targets = Tensor::zeros({1, dataset.targets.cols()});
  c.counts.resize(c.edges.size());
  const Graph& g = c.part.graph;
  if (sees_edges(model))
    for (Index i = 0; i < g.num_nodes(); ++i)
      if (away[static_cast<std::size_t>(c.nodes[static_cast<std::size_t>(i)])] < reach)
        for (Index k = g.offsets()[i]; k < g.offsets()[i + 1]; ++k)
          if (g.edge_ids()[k] >= 0) c.counts[static_cast<std::size_t>(g.edge_ids()[k])] = true;
  if (pairs) c.pair = {{static_cast<NodeId>(c.seeds[0]), static_cast<NodeId>(c.seeds[1])}};
  if (dataset.task == data::Task::edge && !prepared.edge_attr.empty())
    c.pair_attr = select_rows(prepared.edge_attr, std::vector<Index>{item});
  return c;
}

}  // namespace AGATE_NAMESPACE::explain
