#include <agate/attention/edge_terms.hpp>
#include <agate/core/error.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/tensor/rows.hpp>
#include <agate/tensor/segment_softmax.hpp>
#include <agate/tensor/segment_sum.hpp>
#include <algorithm>
#include <cmath>

#include "attention/score_parts.hpp"

namespace AGATE_NAMESPACE {
namespace {

// Rows of the nodes as rows of the messages.
Var of_sources(const Graph& graph, const Var& x) {
  return gather_rows(x, {graph.sources().begin(), graph.sources().end()});
}

Var of_targets(const Graph& graph, const Var& x) {
  std::vector<Index> rows(static_cast<std::size_t>(graph.num_messages()));
  for (Index i = 0; i < graph.num_targets(); ++i)
    std::fill(rows.begin() + graph.offsets()[i], rows.begin() + graph.offsets()[i + 1], i);
  return gather_rows(x, std::move(rows));
}

// The sum over the channels of each head.
Var head_sums(const Var& x, Index heads) {
  return head_dot(x, x.tape().constant(Tensor::full({x.cols()}, 1)), heads);
}

Var scores_of(const AdditiveScore& s, const Graph& graph) {
  Var sum = edge_add(graph, s.target, s.source);
  if (s.edge) sum = add(sum, *s.edge);
  return leaky_relu(sum, s.negative_slope);
}

Var scores_of(const AdditiveMlpScore& s, const Graph& graph) {
  Var sum = add(of_targets(graph, s.query), of_sources(graph, s.key));
  if (s.edge) sum = add(sum, *s.edge);
  const bool leaky = s.activation == ScoreActivation::leaky_relu;
  return head_dot(leaky ? leaky_relu(sum, s.negative_slope) : tanh(sum), s.vector, s.heads);
}

Var scores_of(const ScaledDotScore& s, const Graph& graph) {
  Var keys = of_sources(graph, s.key);
  if (s.edge) keys = add(keys, *s.edge);
  const Real by = s.scale ? *s.scale : 1 / std::sqrt(static_cast<Real>(s.query.cols() / s.heads));
  return scale(head_sums(multiply(of_targets(graph, s.query), keys), s.heads), by);
}

Var scores_of(const GaussianScore& s, const Graph& graph) {
  const Var apart = subtract(of_targets(graph, s.query), of_sources(graph, s.key));
  return scale(head_sums(multiply(apart, apart), s.heads), -1 / (2 * s.sigma * s.sigma));
}

// Numbers of the heads of each message times numbers of each of their channels.
Var weigh_heads(const Var& x, const Var& by, Index heads) {
  const Index messages = x.rows();
  return reshape(scale_rows(reshape(x, {messages * heads, x.cols() / heads}),
                            reshape(by, {messages * heads, 1})),
                 x.shape());
}

}  // namespace

Attended attend_weighted_edges(const KernelScore& score, const Graph& graph, const Var& values,
                               const AttendOptions& options) {
  const Index messages = graph.num_messages();
  const Var& weights = *options.message_weights;
  check(weights.shape() == Shape{messages, 1}, ErrorCode::shape, "attend: message_weights of ",
        weights.shape().to_string(), ", expected ", messages, " x 1");
  const Index heads = score_parts(score).heads;
  Var scores = std::visit([&](const auto& s) { return scores_of(s, graph); }, score);
  if (options.bias) scores = add(scores, *options.bias);
  const Var attention = segment_softmax(scores, graph.offsets());
  Var parts = of_sources(graph, values);
  if (options.edge_values) parts = add(parts, *options.edge_values);
  parts = weigh_heads(parts, scale_rows(attention, weights), heads);
  Attended result{segment_sum(parts, graph.offsets()), {}};
  if (options.return_weights) result.weights = attention.value().clone();
  return result;
}

}  // namespace AGATE_NAMESPACE
