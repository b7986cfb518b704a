#include <agate/attention/edge_terms.hpp>
#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>

#include "kernels/head_dots.hpp"

namespace AGATE_NAMESPACE {
namespace {

constexpr Index nodes_per_chunk = 256;

void check_sides(const char* name, const Graph& graph, const Var& target, const Var& source) {
  check(target.rows() == graph.num_targets() && source.rows() == graph.num_sources(),
        ErrorCode::shape, name, ": ", target.rows(), " and ", source.rows(),
        " rows for a graph of ", graph.num_targets(), " targets and ", graph.num_sources(),
        " sources");
  check(target.cols() == source.cols(), ErrorCode::shape, name, ": ", target.cols(),
        " columns of the targets, ", source.cols(), " of the sources");
}

/// The rows that f(i, j, row) writes for each message, from j to i.
template <class F>
Tensor of_messages(Tape& tape, const Graph& graph, Index heads, F f) {
  Tensor y = tape.make({graph.num_messages(), heads});
  parallel_for(tape.threads(), graph.num_targets(), nodes_per_chunk, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k)
        f(i, graph.sources()[k], y.row(k));
  });
  return y;
}

/// At each target what add(k, j, row) puts there for its messages k, from j.
template <class Add>
Tensor at_targets(Tape& tape, const Graph& graph, const Shape& shape, Add add) {
  Tensor d = tape.make_zeros(shape);
  parallel_for(tape.threads(), graph.num_targets(), nodes_per_chunk, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k)
        add(k, graph.sources()[k], d.row(i));
  });
  return d;
}

/// At each source what add(k, i, row) puts there for its messages k, to i.
template <class Add>
Tensor at_sources(Tape& tape, const Graph& graph, const Shape& shape, Add add) {
  const Graph::BySource& by_source = graph.by_source();
  const std::vector<Index>& positions = graph.by_source_positions();
  Tensor d = tape.make_zeros(shape);
  parallel_for(tape.threads(), graph.num_sources(), nodes_per_chunk, [&](Index begin, Index end) {
    for (Index j = begin; j < end; ++j)
      for (Index q = by_source.offsets[j]; q < by_source.offsets[j + 1]; ++q)
        add(positions[q], by_source.targets[q], d.row(j));
  });
  return d;
}

}  // namespace

Var edge_dot(const Graph& graph, const Var& query, const Var& key, Index heads) {
  check_sides("edge_dot", graph, query, key);
  check(heads >= 1 && query.cols() % heads == 0, ErrorCode::shape, "edge_dot: ", query.cols(),
        " columns cannot be shared among ", heads, " heads");
  Tape& tape = query.tape();
  const Index channels = query.cols() / heads;
  Tensor y = of_messages(tape, graph, heads, [&](Index i, Index j, Real* to) {
    kernels::head_dots(0, 1, heads, channels, key.value().row(j), query.value().row(i), 0, to,
                       heads);
  });
  return tape.record(std::move(y), {&query, &key}, [&] {
    return [&tape, graph, query, key, heads, channels](const Tensor& dy) {
      auto from = [&](const Tensor& others) {
        return [&dy, &others, heads, channels](Index k, Index other, Real* to) {
          for (Index h = 0; h < heads; ++h)
            for (Index c = h * channels; c < (h + 1) * channels; ++c)
              to[c] += dy.row(k)[h] * others.row(other)[c];
        };
      };
      if (query.requires_grad())
        query.gradient().add(at_targets(tape, graph, query.shape(), from(key.value())));
      if (key.requires_grad())
        key.gradient().add(at_sources(tape, graph, key.shape(), from(query.value())));
    };
  });
}

Var edge_add(const Graph& graph, const Var& target, const Var& source) {
  check_sides("edge_add", graph, target, source);
  Tape& tape = target.tape();
  const Index heads = target.cols();
  Tensor y = of_messages(tape, graph, heads, [&](Index i, Index j, Real* to) {
    for (Index h = 0; h < heads; ++h) to[h] = target.value().row(i)[h] + source.value().row(j)[h];
  });
  return tape.record(std::move(y), {&target, &source}, [&] {
    return [&tape, graph, target, source, heads](const Tensor& dy) {
      auto add = [&](Index k, Index, Real* to) {
        for (Index h = 0; h < heads; ++h) to[h] += dy.row(k)[h];
      };
      if (target.requires_grad())
        target.gradient().add(at_targets(tape, graph, target.shape(), add));
      if (source.requires_grad())
        source.gradient().add(at_sources(tape, graph, source.shape(), add));
    };
  });
}

}  // namespace AGATE_NAMESPACE
