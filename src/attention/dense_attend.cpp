#include <agate/core/error.hpp>
#include <agate/tensor/dropout.hpp>

#include "attention/score_parts.hpp"
#include "kernels/dense_attention.hpp"

namespace AGATE_NAMESPACE {
namespace {

std::vector<kernels::DenseBlock> blocks_of(const Support& support) {
  std::vector<kernels::DenseBlock> blocks;
  for (const Support::Block& b : support.blocks())
    blocks.push_back({b.query_begin, b.query_end, b.key_begin, b.key_end, b.causal});
  return blocks;
}

/// All that goes into one attention, as the backward pass needs it again.
struct DenseInputs {
  KernelScore score;
  Support support;
  Var values;
  std::optional<Var> terms;  ///< of pairs
  DropoutMask mask;
  std::vector<kernels::DenseBlock> blocks;

  kernels::DenseAttention arguments() const {
    const Index heads = score_parts(score).heads;
    return {.queries = support.num_queries(),
            .keys = support.num_keys(),
            .blocks = blocks,
            .padding = support.padding().empty() ? nullptr : support.padding().data(),
            .heads = heads,
            .channels = values.cols() / heads,
            .score = kernel_score(score, terms),
            .terms_for_all_heads = terms && terms->value().size() != all_terms(heads),
            .values = values.value().data(),
            .mask = {mask.key(), mask.threshold(), mask.kept_scale(), mask.active()}};
  }
  Index all_terms(Index heads) const { return heads * support.num_queries() * support.num_keys(); }
};

void check_terms(const Var& terms, Index heads, const Support& support) {
  const Index queries = support.num_queries(), keys = support.num_keys();
  const Shape& shape = terms.shape();
  const bool fits = shape == Shape{queries, keys} || shape == Shape{1, queries, keys} ||
                    shape == Shape{heads, queries, keys};
  check(fits, ErrorCode::shape, "attend: terms of pairs are ", shape.to_string(), ", expected ",
        queries, " x ", keys, " or ", heads, " x ", queries, " x ", keys);
}

void backward(const DenseInputs& in, const kernels::DenseAttentionOutput& forward,
              const Tensor& dy) {
  Tape& tape = in.values.tape();
  const ScoreParts parts = score_parts(in.score);
  const std::optional<Var> all[] = {in.values, *parts.target, *parts.source, in.terms,
                                    parts.vector};
  Tensor gradients[5];
  Real* to[5] = {};
  for (int k = 0; k < 5; ++k) {
    if (!all[k] || !all[k]->requires_grad()) continue;
    gradients[k] = tape.make(all[k]->shape());
    to[k] = gradients[k].data();
  }
  kernels::dense_attention_backward(
      tape.threads(), tape.pool(), in.arguments(), forward, dy.data(),
      {.values = to[0], .target = to[1], .source = to[2], .terms = to[3], .vector = to[4]});
  for (int k = 0; k < 5; ++k)
    if (to[k]) all[k]->gradient().add(std::move(gradients[k]));
}

}  // namespace

Attended attend_dense(const KernelScore& score, const Support& support, const Var& values,
                      const AttendOptions& options) {
  const ScoreParts parts = score_parts(score);
  const bool additive = std::holds_alternative<AdditiveScore>(score);
  check(additive || !parts.edge, ErrorCode::unsupported,
        "attend: edge terms for each channel exist on graphs only, a dense support has a term for "
        "each pair and head: AttendOptions::bias");
  check(!options.edge_values, ErrorCode::unsupported,
        "attend: edge values exist on graphs only, this support is dense");
  Tape& tape = values.tape();
  const DenseInputs in{score,
                       support,
                       values,
                       additive ? parts.edge : options.bias,
                       DropoutMask(tape, options.dropout, "attend"),
                       blocks_of(support)};
  if (in.terms) check_terms(*in.terms, parts.heads, support);

  const Index queries = support.num_queries(), keys = support.num_keys();
  Tensor out = tape.make({queries, values.cols()});
  Tensor lse = tape.make({queries, parts.heads});
  Tensor weights;
  if (options.return_weights) weights = Tensor::uninitialized({parts.heads, queries, keys});
  const kernels::DenseAttentionOutput forward{.out = out.data(), .lse = lse.data()};
  kernels::DenseAttentionOutput to = forward;
  if (options.return_weights) to.weights = weights.data();
  kernels::dense_attention(tape.threads(), in.arguments(), to);

  std::vector<const Var*> inputs{&values, parts.target, parts.source};
  for (const auto* optional : {&in.terms, &parts.vector})
    if (*optional) inputs.push_back(&**optional);
  Var output = tape.record(out, inputs, [&] {
    return
        [in, forward, kept = std::array{out, lse}](const Tensor& dy) { backward(in, forward, dy); };
  });
  return {std::move(output), std::move(weights)};
}

}  // namespace AGATE_NAMESPACE
