#include <agate/attention/attend.hpp>
#include <agate/core/error.hpp>
#include <agate/tensor/dropout.hpp>

#include "kernels/edge_attention.hpp"

namespace AGATE_NAMESPACE {
namespace {

/// What attention dropout counts by: two numbers per edge of the caller, one for each direction,
/// and after them one per node for the loops that the library added.
const std::vector<Index>& message_ids(const Graph& graph) {
  return graph.derived<std::vector<Index>>("message_ids", [](const Graph& g) {
    std::vector<Index> ids(static_cast<std::size_t>(g.num_messages()));
    for (std::size_t k = 0; k < ids.size(); ++k)
      ids[k] = g.edge_ids()[k] >= 0 ? 2 * g.edge_ids()[k] + g.reversed()[k]
                                    : 2 * g.num_edges() + g.sources()[k];
    return ids;
  });
}

void check_fit(const AdditiveScore& score, const Graph& support, const Var& values) {
  const Index heads = score.target.cols();
  check(score.target.rows() == support.num_targets(), ErrorCode::shape,
        "attend: ", score.target.rows(), " target scores for ", support.num_targets(), " nodes");
  check(score.source.rows() == support.num_sources() && values.rows() == support.num_sources(),
        ErrorCode::shape, "attend: ", score.source.rows(), " source scores and ", values.rows(),
        " rows of values for ", support.num_sources(), " nodes");
  check(heads >= 1 && score.source.cols() == heads && values.cols() % heads == 0 &&
            values.cols() >= heads,
        ErrorCode::shape, "attend: ", heads, " heads in the target scores, ", score.source.cols(),
        " in the source scores, ", values.cols(), " columns of values");
  check(score.negative_slope >= 0, ErrorCode::value,
        "attend: negative_slope = ", score.negative_slope, ", expected 0 or more");
}

kernels::EdgeAttention arguments(const AdditiveScore& score, const Graph& graph, const Var& values,
                                 const DropoutMask& mask) {
  const Index heads = score.target.cols();
  return {.targets = graph.num_targets(),
          .sources = graph.num_sources(),
          .offsets = graph.offsets().data(),
          .source = graph.sources().data(),
          .message_ids = mask.active() ? message_ids(graph).data() : nullptr,
          .heads = heads,
          .channels = values.cols() / heads,
          .score = {score.target.value().data(), score.source.value().data(), score.negative_slope},
          .values = values.value().data(),
          .mask = {mask.key(), mask.threshold(), mask.kept_scale(), mask.active()}};
}

}  // namespace

Attended attend(const AdditiveScore& score, const Graph& support, const Var& values,
                const AttendOptions& options) {
  check_fit(score, support, values);
  Tape& tape = values.tape();
  const DropoutMask mask(tape, options.dropout, "attend");
  const Index heads = score.target.cols();
  const bool recording =
      score.target.requires_grad() || score.source.requires_grad() || values.requires_grad();
  Tensor out = tape.make({support.num_targets(), values.cols()});
  Tensor lse = tape.make({recording ? support.num_targets() : 0, heads});
  Tensor weights;
  if (options.return_weights) weights = Tensor::uninitialized({support.num_messages(), heads});
  kernels::edge_attention(tape.threads(), arguments(score, support, values, mask),
                          {out.data(), recording ? lse.data() : nullptr,
                           options.return_weights ? weights.data() : nullptr});

  Var output = tape.record(out, {&score.target, &score.source, &values}, [&] {
    return [&tape, score, support, values, mask, out, lse](const Tensor& dy) {
      auto wanted = [&](const Var& v) {
        return v.requires_grad() ? tape.make(v.shape()) : Tensor();
      };
      Tensor d_values = wanted(values), d_target = wanted(score.target),
             d_source = wanted(score.source);
      kernels::EdgeAttention a = arguments(score, support, values, mask);
      const Graph::BySource& by_source = support.by_source();
      a.out_offsets = by_source.offsets.data();
      a.target = by_source.targets.data();
      a.position = by_source.positions.data();
      kernels::edge_attention_backward(tape.threads(), tape.pool(), a, out.data(), lse.data(),
                                       dy.data(), d_values.data(), d_target.data(),
                                       d_source.data());
      values.gradient().add(std::move(d_values));
      score.target.gradient().add(std::move(d_target));
      score.source.gradient().add(std::move(d_source));
    };
  });
  return {std::move(output), std::move(weights)};
}

}  // namespace AGATE_NAMESPACE
