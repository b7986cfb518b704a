#include <agate/core/error.hpp>
#include <agate/explain/item_explanation.hpp>
#include <agate/graph/edges.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <map>
#include <numeric>

#include "explain/answer.hpp"
#include "explain/computation_graph.hpp"
#include "explain/learned_mask.hpp"
#include "explain/roll_out.hpp"

namespace AGATE_NAMESPACE::explain {
namespace {

// What is asked, and the answer about the whole.
struct Question {
  const models::Model& model;
  const ComputationGraph& graph;
  Index output;
  int threads;
  std::vector<Index> counting = graph.counting();

  double about(const ComputationGraph& part) const {
    Tape tape({.record = false, .threads = threads});
    const Tensor y = part.answer(model, part.input(tape, Features(tape, part.part.x))).value();
    return answer(part.part, y.row(0), y.cols(), output, nullptr);
  }
};

ComputationGraph without_edges(const ComputationGraph& graph, const std::vector<Index>& gone) {
  ComputationGraph c = graph;
  std::vector<Index> kept;
  for (Index e = 0; e < c.part.graph.num_edges(); ++e)
    if (std::ranges::find(gone, e) == gone.end()) kept.push_back(e);
  c.part.graph = keep_edges(graph.part.graph, kept);
  if (!c.part.edge_attr.empty()) c.part.edge_attr = select_rows(graph.part.edge_attr, kept);
  return c;
}

// The features with one column 0; nothing where it is so already.
std::optional<FeatureMatrix> without_column(const FeatureMatrix& x, Index column) {
  bool found = false;
  if (const auto* dense = std::get_if<Tensor>(&x)) {
    Tensor y = dense->clone();
    for (Index i = 0; i < y.rows(); ++i) {
      found = found || y.row(i)[column] != 0;
      y.row(i)[column] = 0;
    }
    return found ? std::optional<FeatureMatrix>(y) : std::nullopt;
  }
  const auto& sparse = std::get<SparseMatrix>(x);
  CsrArrays y{{sparse.offsets().begin(), sparse.offsets().end()},
              {sparse.columns().begin(), sparse.columns().end()},
              {sparse.values().begin(), sparse.values().end()}};
  for (std::size_t p = 0; p < y.columns.size(); ++p)
    if (y.columns[p] == column && y.values[p] != 0) y.values[p] = 0, found = true;
  if (!found) return {};
  return SparseMatrix(sparse.rows(), sparse.cols(), std::move(y));
}

// Which columns are not 0 throughout.
std::vector<Index> columns_in_use(const FeatureMatrix& x) {
  std::vector<bool> used(static_cast<std::size_t>(cols(x)));
  if (const auto* dense = std::get_if<Tensor>(&x)) {
    for (Index i = 0; i < dense->rows(); ++i)
      for (Index c = 0; c < dense->cols(); ++c)
        if (dense->row(i)[c] != 0) used[static_cast<std::size_t>(c)] = true;
  } else {
    for (const NodeId c : std::get<SparseMatrix>(x).columns())
      used[static_cast<std::size_t>(c)] = true;
  }
  std::vector<Index> columns;
  for (std::size_t c = 0; c < used.size(); ++c)
    if (used[c]) columns.push_back(static_cast<Index>(c));
  return columns;
}

// The edges that count, together where they run between the same two nodes.
std::vector<std::vector<Index>> links(const Question& q) {
  const auto all = edge_list(q.graph.part.graph);
  std::map<std::pair<NodeId, NodeId>, std::vector<Index>> by_ends;
  for (Index e : q.counting) {
    const Edge& edge = all[static_cast<std::size_t>(e)];
    by_ends[std::minmax(edge.source, edge.target)].push_back(e);
  }
  std::vector<std::vector<Index>> links;
  for (auto& [ends, ids] : by_ends) links.push_back(std::move(ids));
  return links;
}

void occlusion(const Question& q, const ItemOptions& options, ItemExplanation& e) {
  const auto pairs = links(q);
  const auto columns = columns_in_use(q.graph.part.x);
  check(std::ssize(pairs) + std::ssize(columns) <= most_occlusions, ErrorCode::limit,
        "attribution: occlusion would ask about ", pairs.size(), " links and ", columns.size(),
        " features one after the other, expected at most ", most_occlusions,
        "; mask and gradient ask about all at once");
  const Index questions = std::ssize(pairs) + std::ssize(columns);
  Index asked = 0;
  const auto tell = [&] {
    if (options.progress) options.progress(++asked, questions);
  };
  std::vector<double> of_edge(q.graph.counts.size());
  for (const auto& ids : pairs) {
    const double change = e.answer - q.about(without_edges(q.graph, ids));
    for (Index id : ids) of_edge[static_cast<std::size_t>(id)] = change;
    tell();
  }
  for (Index id : q.counting) e.edge_scores.push_back(of_edge[static_cast<std::size_t>(id)]);
  e.feature_scores.assign(static_cast<std::size_t>(cols(q.graph.part.x)), 0);
  ComputationGraph changed = q.graph;
  for (const Index column : columns) {
    if (auto x = without_column(q.graph.part.x, column)) {
      changed.part.x = std::move(*x);
      e.feature_scores[static_cast<std::size_t>(column)] = e.answer - q.about(changed);
    }
    tell();
  }
}

void gradient(const Question& q, ItemExplanation& e) {
  Tape tape({.threads = q.threads});
  const Var x = tape.variable(dense_features(q.graph));
  models::Input input = q.graph.input(tape, x);
  const Var weights = tape.variable(Tensor::full({std::ssize(q.counting), 1}, 1));
  if (sees_edges(q.model)) input.message_weights = message_weights(q.graph, weights);
  const Var y = q.graph.answer(q.model, input);
  Tensor slope = Tensor::zeros(y.shape());
  answer(q.graph.part, y.value().row(0), y.cols(), q.output, slope.row(0));
  tape.backward(y, slope);
  const Tensor dw = tape.gradient(weights), dx = tape.gradient(x);
  e.edge_scores.assign(dw.values().begin(), dw.values().end());
  e.feature_scores.assign(static_cast<std::size_t>(x.cols()), 0);
  for (Index i = 0; i < x.rows(); ++i) {
    double of_node = 0;
    for (Index c = 0; c < x.cols(); ++c) {
      const double product = static_cast<double>(x.value().row(i)[c]) * dx.row(i)[c];
      of_node += product;
      e.feature_scores[static_cast<std::size_t>(c)] += product;
    }
    e.node_scores.push_back(of_node);
  }
}

void attention(const Question& q, ItemExplanation& e) {
  Tape tape({.record = false, .threads = q.threads});
  std::vector<models::LayerAttention> layers;
  q.graph.answer(q.model, q.graph.input(tape, Features(tape, q.graph.part.x)), &layers);
  check(!layers.empty(), ErrorCode::unsupported, "attribution: the layers of ",
        q.model.config().model, " pay no attention to messages; ",
        sees_edges(q.model) ? "mask, occlusion and gradient work"
                            : "occlusion and gradient work, of its features");
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const auto& [graph, weights] = layers[l];
    for (Index k = 0; k < graph.num_messages(); ++k) {
      const Index id = graph.edge_ids()[k];
      if (id < 0 || !q.graph.counts[static_cast<std::size_t>(id)]) continue;
      for (Index h = 0; h < weights.cols(); ++h)
        e.attention.push_back({q.graph.edges[static_cast<std::size_t>(id)],
                               graph.reversed()[k] != 0, static_cast<Index>(l), h,
                               weights.row(k)[h]});
    }
  }
  std::vector<double> nodes(q.graph.nodes.size()), edges(q.graph.counts.size());
  if (q.graph.seeds.empty()) nodes.assign(nodes.size(), 1 / static_cast<double>(nodes.size()));
  for (Index seed : q.graph.seeds)
    nodes[static_cast<std::size_t>(seed)] += 1 / static_cast<double>(q.graph.seeds.size());
  for (; !layers.empty(); layers.pop_back()) roll_back(layers.back(), nodes, edges);
  e.node_scores = std::move(nodes);
  for (Index id : q.counting) e.edge_scores.push_back(edges[static_cast<std::size_t>(id)]);
}

void mask(const Question& q, const data::Dataset& dataset, const ItemOptions& options,
          ItemExplanation& e) {
  check(sees_edges(q.model), ErrorCode::unsupported, "attribution: ", q.model.config().model,
        " does not see the edges of the graph, so that no mask of them can be learned; occlusion "
        "and gradient tell of its features");
  const auto masks = learn_masks(q.model, q.graph, dataset, q.output, options.mask,
                                 random_masks(q.graph, options.mask, options.seed), options.threads,
                                 options.progress);
  e.edge_scores.assign(masks.edges.values().begin(), masks.edges.values().end());
  if (!masks.features.empty())
    e.feature_scores.assign(masks.features.values().begin(), masks.features.values().end());
}

}  // namespace

const std::vector<std::string>& item_methods() {
  static const std::vector<std::string> names{"mask", "occlusion", "gradient", "attention"};
  return names;
}

ItemExplanation explain_item(const std::string& method, const models::Model& model,
                             const data::Dataset& dataset, Index item, Index output,
                             const ItemOptions& options) {
  check_method(method, item_methods());
  check(output >= 0 && output < model.config().out, ErrorCode::shape, "attribution: output ",
        output, ", the model has ", model.config().out);
  const ComputationGraph graph = computation_graph(model, dataset, item);
  const Question q{model, graph, output, options.threads};
  ItemExplanation e{.item = item, .output = output, .answer = q.about(graph)};
  e.nodes = graph.nodes;
  for (Index id : q.counting) e.edges.push_back(graph.edges[static_cast<std::size_t>(id)]);
  if (method == "occlusion")
    occlusion(q, options, e);
  else if (method == "gradient")
    gradient(q, e);
  else if (method == "attention")
    attention(q, e);
  else
    mask(q, dataset, options, e);
  return e;
}

}  // namespace AGATE_NAMESPACE::explain
