#include <agate/attention/edge_messages.hpp>
#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE {
namespace {

enum class Fill { constant, mean, add, min, max };

struct Filling {
  Fill kind = Fill::constant;
  Real value = 0;
};

Filling parse(const FillValue& fill) {
  if (const Real* number = std::get_if<Real>(&fill)) return {Fill::constant, *number};
  const auto& name = std::get<std::string>(fill);
  if (name == "mean") return {Fill::mean};
  if (name == "add") return {Fill::add};
  if (name == "min") return {Fill::min};
  if (name == "max") return {Fill::max};
  fail(ErrorCode::value, "fill_value \"", name,
       "\" is not a number and none of mean, add, min, max");
}

constexpr Index messages_per_chunk = 1 << 12;

/// The first message into node i whose edge row decides column c of its loop, under min or max.
Index deciding(const Graph& graph, const Tensor& edge_attr, Fill kind, Index i, Index c) {
  Index best = -1;
  for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k) {
    const Index id = graph.edge_ids()[k];
    if (id < 0) continue;
    const Real value = edge_attr.row(id)[c];
    const Real most = best < 0 ? value : edge_attr.row(graph.edge_ids()[best])[c];
    if (best < 0 || (kind == Fill::max ? value > most : value < most)) best = k;
  }
  return best;
}

void fill_loop(const Graph& graph, const Tensor& edge_attr, const Filling& filling, Index i,
               Real* loop) {
  const Index cols = edge_attr.cols();
  std::fill_n(loop, cols, filling.value);
  if (filling.kind == Fill::constant) return;
  if (filling.kind == Fill::min || filling.kind == Fill::max) {
    for (Index c = 0; c < cols; ++c)
      if (const Index k = deciding(graph, edge_attr, filling.kind, i, c); k >= 0)
        loop[c] = edge_attr.row(graph.edge_ids()[k])[c];
    return;
  }
  const Real share = filling.kind == Fill::add
                         ? Real(1)
                         : Real(1) / static_cast<Real>(std::max<Index>(1, graph.in_degree(i) - 1));
  for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k)
    if (const Index id = graph.edge_ids()[k]; id >= 0)
      for (Index c = 0; c < cols; ++c) loop[c] += share * edge_attr.row(id)[c];
}

/// dy with what the gradient of each loop gives to the messages that its value came from.
Tensor through_loops(Tape& tape, const Graph& graph, const Tensor& edge_attr,
                     const Filling& filling, const Tensor& dy) {
  Tensor all = dy.clone(&tape.pool());
  const Index cols = dy.cols();
  for (Index i = 0; i < graph.num_targets(); ++i) {
    const Index begin = graph.offsets()[i], end = graph.offsets()[i + 1];
    for (Index loop = begin; loop < end; ++loop) {
      if (graph.edge_ids()[loop] >= 0) continue;
      const Real share = filling.kind == Fill::add
                             ? Real(1)
                             : Real(1) / static_cast<Real>(std::max<Index>(1, end - begin - 1));
      for (Index c = 0; c < cols; ++c) {
        if (filling.kind == Fill::min || filling.kind == Fill::max) {
          if (const Index k = deciding(graph, edge_attr, filling.kind, i, c); k >= 0)
            all.row(k)[c] += dy.row(loop)[c];
          continue;
        }
        for (Index k = begin; k < end; ++k)
          if (k != loop) all.row(k)[c] += share * dy.row(loop)[c];
      }
    }
  }
  return all;
}

/// d(e) = the sum over the messages of edge e. An edge has one message in each direction at most,
/// so that no two threads meet.
Tensor sum_by_edge(Tape& tape, const Graph& graph, const Tensor& d_messages, const Shape& shape) {
  Tensor d = tape.make_zeros(shape);
  for (const int direction : {0, 1}) {
    if (direction == 1 && !graph.is_undirected()) break;
    parallel_for(tape.threads(), graph.num_messages(), messages_per_chunk,
                 [&](Index begin, Index end) {
                   for (Index k = begin; k < end; ++k) {
                     const Index id = graph.edge_ids()[k];
                     if (id < 0 || graph.reversed()[k] != direction) continue;
                     for (Index c = 0; c < d.cols(); ++c) d.row(id)[c] += d_messages.row(k)[c];
                   }
                 });
  }
  return d;
}

}  // namespace

Var edge_messages(const Graph& graph, const Var& edge_attr, const FillValue& fill) {
  check(edge_attr.rows() == graph.num_edges(), ErrorCode::shape, "edge_attr has ", edge_attr.rows(),
        " rows, the graph ", graph.num_edges(), " edges");
  const Filling filling = parse(fill);
  Tape& tape = edge_attr.tape();
  const Tensor& from = edge_attr.value();
  Tensor y = tape.make({graph.num_messages(), edge_attr.cols()});
  parallel_for(tape.threads(), graph.num_targets(), messages_per_chunk / 8,
               [&](Index begin, Index end) {
                 for (Index i = begin; i < end; ++i)
                   for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k) {
                     if (const Index id = graph.edge_ids()[k]; id >= 0)
                       std::copy_n(from.row(id), from.cols(), y.row(k));
                     else
                       fill_loop(graph, from, filling, i, y.row(k));
                   }
               });
  return tape.record(std::move(y), {&edge_attr}, [&] {
    return [&tape, graph, edge_attr, filling](const Tensor& dy) {
      const bool loops = filling.kind != Fill::constant;
      edge_attr.gradient().add(sum_by_edge(
          tape, graph, loops ? through_loops(tape, graph, edge_attr.value(), filling, dy) : dy,
          edge_attr.shape()));
    };
  });
}

}  // namespace AGATE_NAMESPACE
