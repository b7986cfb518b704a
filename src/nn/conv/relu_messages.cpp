#include <agate/core/error.hpp>
#include <agate/nn/conv/relu_messages.hpp>

#include "kernels/elementary.hpp"
#include "tensor/sparse_rows.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

// The rows that the messages of a graph are made of.
struct Rows {
  const Graph& graph;
  const Tensor& x;
  const Tensor* edge;  // nullptr: no terms
  const Tensor none;   // a row of zeros

  Rows(const Graph& g, const Var& of_nodes, const std::optional<Var>& of_edges)
      : graph(g),
        x(of_nodes.value()),
        edge(of_edges ? &of_edges->value() : nullptr),
        none(of_nodes.tape().make_zeros({of_nodes.cols()})) {}

  // The term of message k; zeros where it has none.
  const Real* term(Index k) const {
    const Index id = edge ? graph.edge_ids()[k] : -1;
    return id < 0 ? none.data() : edge->row(id);
  }
};

Tensor node_gradient(Tape& tape, const Rows& rows, const Tensor& dy) {
  const Graph::BySource& by_source = rows.graph.by_source();
  const std::vector<Index>& positions = rows.graph.by_source_positions();
  const Index cols = dy.cols();
  Tensor d = tape.make_zeros(rows.x.shape());
  for_rows(tape, by_source.offsets, cols, [&](Index j) {
    for (Index q = by_source.offsets[j]; q < by_source.offsets[j + 1]; ++q)
      kernels::add_relu_backward(cols, rows.x.row(j), rows.term(positions[q]),
                                 dy.row(by_source.targets[q]), d.row(j));
  });
  return d;
}

// An edge has one message in each direction at most, so that no two threads meet in its row.
Tensor edge_gradient(Tape& tape, const Rows& rows, const Tensor& dy) {
  const Graph& graph = rows.graph;
  const Index cols = dy.cols();
  Tensor d = tape.make_zeros(rows.edge->shape());
  for (const int direction : {0, 1}) {
    if (direction == 1 && !graph.is_undirected()) break;
    for_rows(tape, graph.offsets(), cols, [&](Index i) {
      for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k)
        if (const Index id = graph.edge_ids()[k]; id >= 0 && graph.reversed()[k] == direction)
          kernels::add_relu_backward(cols, rows.x.row(graph.sources()[k]), rows.edge->row(id),
                                     dy.row(i), d.row(id));
    });
  }
  return d;
}

}  // namespace

Var relu_messages(const Graph& graph, const Var& x, const std::optional<Var>& edge) {
  check(x.rows() == graph.num_sources(), ErrorCode::shape, "relu_messages: x has ", x.rows(),
        " rows, the graph ", graph.num_sources(), " sources");
  check(!edge || (edge->rows() == graph.num_edges() && edge->cols() == x.cols()), ErrorCode::shape,
        "relu_messages: terms of ", edge ? edge->shape().to_string() : "", " for ",
        graph.num_edges(), " edges and ", x.cols(), " columns");
  Tape& tape = x.tape();
  const Index cols = x.cols();
  const Rows rows(graph, x, edge);
  Tensor y = tape.make_zeros({graph.num_targets(), cols});
  for_rows(tape, graph.offsets(), cols, [&](Index i) {
    Real* sum = y.row(i);
    for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k)
      kernels::add_relu(cols, rows.x.row(graph.sources()[k]), rows.term(k), sum);
  });
  return tape.record(std::move(y), {&x, edge ? &*edge : &x}, [&] {
    return [&tape, graph, x, edge](const Tensor& dy) {
      const Rows kept(graph, x, edge);
      if (x.requires_grad()) x.gradient().add(node_gradient(tape, kept, dy));
      if (edge && edge->requires_grad()) edge->gradient().add(edge_gradient(tape, kept, dy));
    };
  });
}

}  // namespace AGATE_NAMESPACE::nn
