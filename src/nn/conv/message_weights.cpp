#include "nn/conv/message_weights.hpp"

#include <agate/core/error.hpp>
#include <agate/tensor/rows.hpp>

namespace AGATE_NAMESPACE::nn {

void check_message_weights(const char* layer, const Graph& graph, const Var& weights) {
  check(weights.shape() == Shape{graph.num_messages(), 1}, ErrorCode::shape, layer,
        ": message_weights has shape ", weights.shape().to_string(), ", expected ",
        graph.num_messages(), " x 1");
}

Var weights_of_attended(const Graph& graph, const Graph& attended, const Var& weights) {
  if (attended.sources().data() == graph.sources().data()) return weights;
  // Two messages of an edge at most, one in each direction; an undirected loop owns one.
  std::vector<Index> position(static_cast<std::size_t>(2 * graph.num_edges()), -1);
  auto place = [](const Graph& g, Index k) {
    return static_cast<std::size_t>(2 * g.edge_ids()[k] + g.reversed()[k]);
  };
  for (Index k = 0; k < graph.num_messages(); ++k)
    if (graph.edge_ids()[k] >= 0) position[place(graph, k)] = k;
  std::vector<Index> rows(static_cast<std::size_t>(attended.num_messages()), graph.num_messages());
  for (Index k = 0; k < attended.num_messages(); ++k)
    if (attended.edge_ids()[k] >= 0)
      rows[static_cast<std::size_t>(k)] = position[place(attended, k)];
  Tape& tape = weights.tape();
  return gather_rows(concat_rows({weights, tape.constant(Tensor::full({1, 1}, 1))}),
                     std::move(rows));
}

std::optional<Var> weights_of_attended(const char* layer, const Graph& graph, const Graph& attended,
                                       const std::optional<Var>& weights) {
  if (!weights) return {};
  check_message_weights(layer, graph, *weights);
  return weights_of_attended(graph, attended, *weights);
}

Var message_rows(const Graph& graph, const Var& x) {
  return gather_rows(x, {graph.sources().begin(), graph.sources().end()});
}

}  // namespace AGATE_NAMESPACE::nn
