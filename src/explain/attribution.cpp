#include <agate/core/error.hpp>
#include <agate/data/packed.hpp>
#include <agate/data/subgraph.hpp>
#include <agate/explain/attribution.hpp>
#include <agate/graph/edges.hpp>
#include <agate/models/predict.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "explain/answer.hpp"
#include "explain/roll_out.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

void check_question(const models::Model& model, const data::Dataset& d, Index output) {
  check(d.task == data::Task::graph, ErrorCode::unsupported,
        "attribution: explains answers about graphs, the items of ", d.name, " are ",
        items_of(d.task));
  check(d.num_graphs() == 1, ErrorCode::shape, "attribution: ", d.num_graphs(),
        " graphs, expected 1");
  check(output >= 0 && output < model.config().out, ErrorCode::shape, "attribution: output ",
        output, ", the model has ", model.config().out);
}

/// The answers about each graph of `packed`.
std::vector<double> answers(const models::Model& model, const data::Dataset& packed, Index output,
                            int threads) {
  const Tensor y = models::predict(model, packed, threads);
  std::vector<double> all;
  for (Index g = 0; g < y.rows(); ++g)
    all.push_back(answer(packed, y.row(g), y.cols(), output, nullptr));
  return all;
}

data::Dataset copies(const data::Dataset& d, Index count) {
  return data::select_graphs(d, std::vector<Index>(static_cast<std::size_t>(count), 0)).dataset;
}

/// 0 .. n - 1 without those named, which ascend.
std::vector<Index> all_but(Index n, const std::vector<Index>& without) {
  std::vector<Index> kept;
  auto next = without.begin();
  for (Index i = 0; i < n; ++i)
    if (next != without.end() && *next == i)
      ++next;
    else
      kept.push_back(i);
  return kept;
}

/// As many copies as there are sets, copy k without the nodes sets[k].
data::Dataset without_nodes(const data::Dataset& d, const std::vector<std::vector<Index>>& sets) {
  std::vector<Index> gone;
  for (std::size_t k = 0; k < sets.size(); ++k)
    for (Index i : sets[k]) gone.push_back(static_cast<Index>(k) * d.num_nodes() + i);
  const auto packed = copies(d, std::ssize(sets));
  return data::keep_nodes(packed, all_but(packed.num_nodes(), gone));
}

/// The edges between the same two nodes, whichever way they run.
std::vector<std::vector<Index>> linked_edges(const Graph& graph) {
  std::map<std::pair<NodeId, NodeId>, std::vector<Index>> by_ends;
  const auto edges = edge_list(graph);
  for (std::size_t k = 0; k < edges.size(); ++k)
    by_ends[std::minmax(edges[k].source, edges[k].target)].push_back(static_cast<Index>(k));
  std::vector<std::vector<Index>> links;
  for (auto& [ends, ids] : by_ends) links.push_back(std::move(ids));
  return links;
}

Attribution occlusion(const models::Model& model, const data::Dataset& d, Index output,
                      int threads) {
  Attribution a{std::vector<double>(static_cast<std::size_t>(d.num_nodes())),
                std::vector<double>(static_cast<std::size_t>(d.graph.num_edges()))};
  const double whole = answers(model, d, output, threads).front();
  if (d.num_nodes() > 1) {
    std::vector<std::vector<Index>> sets;
    for (Index i = 0; i < d.num_nodes(); ++i) sets.push_back({i});
    const auto y = answers(model, without_nodes(d, sets), output, threads);
    for (std::size_t i = 0; i < y.size(); ++i) a.nodes[i] = whole - y[i];
  }
  const auto links = linked_edges(d.graph);
  if (links.empty()) return a;
  const auto packed = copies(d, std::ssize(links));
  std::vector<Index> gone;
  for (std::size_t k = 0; k < links.size(); ++k)
    for (Index id : links[k]) gone.push_back(static_cast<Index>(k) * d.graph.num_edges() + id);
  const auto y = answers(model, data::keep_edges(packed, all_but(packed.graph.num_edges(), gone)),
                         output, threads);
  for (std::size_t k = 0; k < links.size(); ++k)
    for (Index id : links[k]) a.edges[static_cast<std::size_t>(id)] = whole - y[k];
  return a;
}

/// Of each row the sum of value * gradient.
std::vector<double> row_products(const Tensor& value, const Tensor& gradient) {
  std::vector<double> sums;
  for (Index i = 0; i < value.rows(); ++i)
    sums.push_back(
        std::inner_product(value.row(i), value.row(i) + value.cols(), gradient.row(i), 0.0));
  return sums;
}

Attribution gradient(const models::Model& model, const data::Dataset& d, Index output,
                     int threads) {
  Tape tape({.threads = threads});
  const FeatureMatrix prepared = model.prepare(d.x);
  const auto* sparse = std::get_if<SparseMatrix>(&prepared);
  const Var x = tape.variable(sparse ? sparse->to_dense() : std::get<Tensor>(prepared));
  models::Input input{d.graph, x};
  input.offsets = d.graph_offsets;
  if (!d.edge_attr.empty()) input.edge_attr = tape.variable(d.edge_attr);
  const Var y = model.forward(input);
  Tensor slope = Tensor::zeros(y.shape());
  answer(d, y.value().row(0), y.cols(), output, slope.row(0));
  tape.backward(y, slope);
  Attribution a{row_products(x.value(), tape.gradient(x)),
                std::vector<double>(static_cast<std::size_t>(d.graph.num_edges()))};
  if (input.edge_attr) a.edges = row_products(d.edge_attr, tape.gradient(*input.edge_attr));
  return a;
}

Attribution attention(const models::Model& model, const data::Dataset& d, int threads) {
  Tape tape({.record = false, .threads = threads});
  data::Dataset prepared = d;
  prepared.x = model.prepare(d.x);
  std::vector<models::LayerAttention> layers;
  Tensor readout;
  model.forward(models::input_of(tape, prepared), &layers, &readout);
  check(!layers.empty() || !readout.empty(), ErrorCode::unsupported, "attribution: the layers of ",
        model.config().model, " pay no attention; use occlusion or gradient");
  const auto n = static_cast<std::size_t>(d.num_nodes());
  Attribution a{std::vector<double>(n, 1 / static_cast<double>(n)),
                std::vector<double>(static_cast<std::size_t>(d.graph.num_edges()))};
  if (!readout.empty()) a.nodes.assign(readout.values().begin(), readout.values().end());
  for (; !layers.empty(); layers.pop_back()) roll_back(layers.back(), a.nodes, a.edges);
  return a;
}

}  // namespace

const std::vector<std::string>& attribution_methods() {
  static const std::vector<std::string> names{"occlusion", "gradient", "attention"};
  return names;
}

Attribution attribute(const std::string& method, const models::Model& model,
                      const data::Dataset& dataset, Index output, int threads) {
  check_question(model, dataset, output);
  check_method(method, attribution_methods());
  if (method == "occlusion") return occlusion(model, dataset, output, threads);
  if (method == "gradient") return gradient(model, dataset, output, threads);
  return attention(model, dataset, threads);
}

Fidelity fidelity(const models::Model& model, const data::Dataset& d, Index output,
                  const std::vector<double>& scores, const FidelityOptions& options) {
  check_question(model, d, output);
  const Index n = d.num_nodes();
  check(std::ssize(scores) == n, ErrorCode::shape, "fidelity: ", scores.size(), " scores for ", n,
        " nodes");
  check(n >= 2, ErrorCode::value, "fidelity: a graph of ", n,
        " nodes, expected two of which one can go");
  check(options.share > 0 && options.share < 1 && options.draws >= 2, ErrorCode::value,
        "fidelity: share ", options.share, " with ", options.draws,
        " draws, expected a share between 0 and 1 and at least 2 draws");
  Fidelity f{
      .removed = std::clamp<Index>(
          static_cast<Index>(std::lround(options.share * static_cast<double>(n))), 1, n - 1)};
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  auto first_of = [&](std::vector<Index> nodes) {
    nodes.resize(static_cast<std::size_t>(f.removed));
    std::ranges::sort(nodes);
    return nodes;
  };
  std::ranges::stable_sort(order, [&](Index i, Index j) {
    return std::abs(scores[static_cast<std::size_t>(i)]) >
           std::abs(scores[static_cast<std::size_t>(j)]);
  });
  std::vector<std::vector<Index>> sets{{}, first_of(order)};
  Random random(options.seed);
  for (Index k = 0; k < options.draws; ++k) {
    random.shuffle(std::span(order));
    sets.push_back(first_of(order));
  }
  const auto y = answers(model, without_nodes(d, sets), output, options.threads);
  auto change = [&](std::size_t k) { return std::abs(on_scale(d, y[k]) - on_scale(d, y[0])); };
  f.top = change(1);
  const auto draws = static_cast<double>(options.draws);
  for (std::size_t k = 2; k < y.size(); ++k) f.random += change(k) / draws;
  for (std::size_t k = 2; k < y.size(); ++k)
    f.random_deviation += (change(k) - f.random) * (change(k) - f.random);
  f.random_deviation = std::sqrt(f.random_deviation / (draws - 1));
  return f;
}

}  // namespace AGATE_NAMESPACE::explain
