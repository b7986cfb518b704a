#include <agate/core/error.hpp>
#include <agate/tensor/dropout.hpp>
#include <cmath>

#include "attention/score_parts.hpp"
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

/// All that goes into one attention, as the backward pass needs it again.
struct EdgeInputs {
  KernelScore score;
  Graph graph;
  Var values;
  std::optional<Var> bias, edge_values;
  DropoutMask mask;

  kernels::EdgeAttention arguments() const {
    const Index heads = score_parts(score).heads;
    return {.targets = graph.num_targets(),
            .sources = graph.num_sources(),
            .offsets = graph.offsets().data(),
            .source = graph.sources().data(),
            .message_ids = mask.active() ? message_ids(graph).data() : nullptr,
            .heads = heads,
            .channels = values.cols() / heads,
            .score = kernel_score(score, bias),
            .values = values.value().data(),
            .edge_values = edge_values ? edge_values->value().data() : nullptr,
            .mask = {mask.key(), mask.threshold(), mask.kept_scale(), mask.active()}};
  }
};

void check_terms(const EdgeInputs& in, const ScoreParts& parts) {
  const Index messages = in.graph.num_messages();
  const bool additive = std::holds_alternative<AdditiveScore>(in.score);
  if (parts.edge)
    check(parts.edge->rows() == messages && parts.edge->cols() == parts.source->cols(),
          ErrorCode::shape, "attend: edge terms of ", parts.edge->shape().to_string(), " for ",
          messages, " messages and ", parts.source->cols(),
          additive ? " heads" : " columns of keys");
  if (in.bias)
    check(in.bias->rows() == messages && in.bias->cols() == parts.heads, ErrorCode::shape,
          "attend: a bias of ", in.bias->shape().to_string(), " for ", messages, " messages and ",
          parts.heads, " heads");
  if (in.edge_values)
    check(in.edge_values->rows() == messages && in.edge_values->cols() == in.values.cols(),
          ErrorCode::shape, "attend: edge values of ", in.edge_values->shape().to_string(), " for ",
          messages, " messages and ", in.values.cols(), " columns of values");
}

/// `upper` is the sum of additive scores; what it holds is read before the gradients of the values
/// are written, which may take its memory.
void backward(const EdgeInputs& in, const kernels::EdgeAttentionOutput& forward, Tensor upper,
              const Tensor& dy) {
  Tape& tape = in.values.tape();
  const ScoreParts parts = score_parts(in.score);
  const std::optional<Var> all[] = {in.values,  in.edge_values, *parts.target, *parts.source,
                                    parts.edge, parts.vector,   in.bias};
  Tensor gradients[7];
  Real* to[7] = {};
  for (int k = 0; k < 7; ++k) {
    if (!all[k] || !all[k]->requires_grad()) continue;
    const bool takes_upper = k == 0 && upper.shape() == all[k]->shape();
    gradients[k] = takes_upper ? std::move(upper) : tape.make(all[k]->shape());
    to[k] = gradients[k].data();
  }
  kernels::EdgeAttention a = in.arguments();
  const Graph::BySource& by_source = in.graph.by_source();
  a.out_offsets = by_source.offsets.data();
  a.target = by_source.targets.data();
  if (in.mask.active() || parts.edge || in.edge_values || in.bias)
    a.position = in.graph.by_source_positions().data();
  kernels::edge_attention_backward(tape.threads(), tape.pool(), a, forward, dy.data(),
                                   {.values = to[0],
                                    .edge_values = to[1],
                                    .target = to[2],
                                    .source = to[3],
                                    .edge = to[4],
                                    .bias = to[6],
                                    .vector = to[5]});
  for (int k = 0; k < 7; ++k)
    if (to[k]) all[k]->gradient().add(std::move(gradients[k]));
}

}  // namespace

Attended attend_edges(const KernelScore& score, const Graph& graph, const Var& values,
                      const AttendOptions& options) {
  const ScoreParts parts = score_parts(score);
  Tape& tape = values.tape();
  const EdgeInputs in{score,
                      graph,
                      values,
                      options.bias,
                      options.edge_values,
                      DropoutMask(tape, options.dropout, "attend")};
  check_terms(in, parts);
  if (options.message_weights) {
    check(!in.mask.active(), ErrorCode::unsupported,
          "attend: dropout together with weights of messages");
    return attend_weighted_edges(score, graph, values, options);
  }

  const Index targets = graph.num_targets(), heads = parts.heads;
  // Of additive scores the gradient at the targets needs a sum that only this pass can make.
  const bool upper = std::holds_alternative<AdditiveScore>(score) && parts.target->requires_grad();
  Tensor out = tape.make({targets, values.cols()});
  Tensor lse = tape.make({targets, heads});
  Tensor upper_out = upper ? tape.make(out.shape()) : Tensor();
  Tensor upper_sum = upper ? tape.make(lse.shape()) : Tensor();
  Tensor weights;
  if (options.return_weights) weights = Tensor::uninitialized({graph.num_messages(), heads});
  const kernels::EdgeAttentionOutput forward{.out = out.data(),
                                             .lse = lse.data(),
                                             .upper = upper ? upper_out.data() : nullptr,
                                             .upper_sum = upper ? upper_sum.data() : nullptr};
  kernels::EdgeAttentionOutput to = forward;
  if (options.return_weights) to.weights = weights.data();
  kernels::edge_attention(tape.threads(), tape.pool(), in.arguments(), to);

  std::vector<const Var*> inputs{&values, parts.target, parts.source};
  for (const auto* optional : {&parts.edge, &parts.vector, &options.bias, &options.edge_values})
    if (*optional) inputs.push_back(&**optional);
  Var output = tape.record(out, inputs, [&] {
    return [in, forward, upper_out, kept = std::array{out, lse, upper_sum}](
               const Tensor& dy) mutable { backward(in, forward, std::move(upper_out), dy); };
  });
  return {std::move(output), std::move(weights)};
}

}  // namespace AGATE_NAMESPACE
