#include <agate/attention/edge_leaky_dot.hpp>
#include <agate/core/error.hpp>

#include "kernels/leaky_dot.hpp"
#include "tensor/sparse_rows.hpp"

namespace AGATE_NAMESPACE {
namespace {

struct LeakyDotInputs {
  Graph graph;
  Var source, edge, vector;
  Real negative_slope;
  Tensor none;  // what loops have for an edge

  kernels::LeakyDot rows(Index j, Index id) const {
    return {source.cols(), negative_slope, source.value().row(j),
            id < 0 ? none.data() : edge.value().row(id), vector.value().data()};
  }
};

struct Gradients {
  Tensor source, edge, vector;
};

Gradients backward(const LeakyDotInputs& in, const Tensor& dy) {
  Tape& tape = in.source.tape();
  const Graph& graph = in.graph;
  const Graph::BySource& by_source = graph.by_source();
  const std::vector<Index>& positions = graph.by_source_positions();
  const Index cols = in.source.cols();
  Gradients d{tape.make_zeros(in.source.shape()), tape.make_zeros(in.edge.shape()), {}};
  std::vector<double> d_vector(static_cast<std::size_t>(cols));
  // An edge has one message in each direction at most, so that no two threads meet in its row.
  for (const int direction : {0, 1}) {
    if (direction == 1 && !graph.is_undirected()) break;
    const auto add_messages = [&](Index j, Real* of_vector, Real* of_loops) {
      for (Index q = by_source.offsets[j]; q < by_source.offsets[j + 1]; ++q) {
        const Index k = positions[q], id = graph.edge_ids()[k];
        if (graph.reversed()[k] != direction) continue;
        kernels::leaky_dot_backward(in.rows(j, id), dy.data()[k], d.source.row(j),
                                    id < 0 ? of_loops : d.edge.row(id), of_vector);
      }
    };
    const auto sums = sums_over_rows(
        tape, graph.num_sources(), cols, cols, [&](Index begin, Index end, double* sum) {
          std::vector<Real> some(static_cast<std::size_t>(cols)), loops = some;
          for (Index j = begin; j < end; ++j) {
            add_messages(j, some.data(), loops.data());
            if ((j + 1 - begin) % kernels::rows_at_a_time != 0 && j + 1 != end) continue;
            for (Index c = 0; c < cols; ++c) sum[c] += some[c];
            std::fill(some.begin(), some.end(), Real(0));
          }
        });
    for (Index c = 0; c < cols; ++c) d_vector[c] += sums[c];
  }
  d.vector = as_tensor(tape, d_vector.data(), in.vector.shape());
  return d;
}

}  // namespace

Var edge_leaky_dot(const Graph& graph, const Var& source, const Var& edge, const Var& vector,
                   Real negative_slope) {
  check(source.rows() == graph.num_sources() && edge.rows() == graph.num_edges(), ErrorCode::shape,
        "edge_leaky_dot: ", source.rows(), " and ", edge.rows(), " rows for a graph of ",
        graph.num_sources(), " sources and ", graph.num_edges(), " edges");
  check(source.cols() == edge.cols() && vector.value().size() == edge.cols(), ErrorCode::shape,
        "edge_leaky_dot: ", source.cols(), " columns of the sources, ", edge.cols(),
        " of the edges, a vector of ", vector.value().size());
  check(negative_slope >= 0, ErrorCode::value, "edge_leaky_dot: negative_slope = ", negative_slope,
        ", expected 0 or more");
  Tape& tape = source.tape();
  const LeakyDotInputs in{graph,  source,         edge,
                          vector, negative_slope, tape.make_zeros({source.cols()})};
  Tensor y = tape.make({graph.num_messages(), 1});
  for_rows(tape, graph.offsets(), source.cols(), [&](Index i) {
    for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k)
      y.data()[k] = kernels::leaky_dot(in.rows(graph.sources()[k], graph.edge_ids()[k]));
  });
  return tape.record(std::move(y), {&source, &edge, &vector}, [&] {
    return [in](const Tensor& dy) {
      Gradients d = backward(in, dy);
      in.source.gradient().add(std::move(d.source));
      in.edge.gradient().add(std::move(d.edge));
      in.vector.gradient().add(std::move(d.vector));
    };
  });
}

}  // namespace AGATE_NAMESPACE
