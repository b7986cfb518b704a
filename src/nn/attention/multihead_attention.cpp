#include <agate/core/error.hpp>
#include <agate/nn/attention/multihead_attention.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/rows.hpp>
#include <cmath>

#include "nn/attention/attend_pairs.hpp"
#include "nn/attention/extra_keys.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* multihead_attention = "MultiheadAttention";

MultiheadAttentionOptions checked(MultiheadAttentionOptions o) {
  check(o.embed_dim >= 1 && o.num_heads >= 1 && o.embed_dim % o.num_heads == 0, ErrorCode::value,
        multihead_attention, ": embed_dim = ", o.embed_dim,
        " cannot be shared among num_heads = ", o.num_heads);
  check(o.kdim >= 0 && o.vdim >= 0, ErrorCode::value, multihead_attention, ": kdim = ", o.kdim,
        ", vdim = ", o.vdim, ", expected 0 (embed_dim) or more");
  if (o.kdim == 0) o.kdim = o.embed_dim;
  if (o.vdim == 0) o.vdim = o.embed_dim;
  return o;
}

Parameter glorot(Index out, Index in, Random& random) {
  return {glorot_uniform({out, in}, in, out, random)};
}

// torch's xavier_normal_ of a (1, 1, embed_dim) array.
Parameter extra_row(Index embed_dim, Random& random) {
  Tensor row = Tensor::uninitialized({1, 1, embed_dim});
  const double deviation = 1 / std::sqrt(static_cast<double>(embed_dim));
  for (Real& v : row.values()) v = static_cast<Real>(deviation * random.normal());
  return {row};
}

}  // namespace

MultiheadAttention::MultiheadAttention(const MultiheadAttentionOptions& options, Random& random)
    : out_proj({checked(options).embed_dim, options.embed_dim, options.bias}, random),
      options_(checked(options)) {
  const auto& o = options_;
  const Index dim = o.embed_dim;
  if (o.kdim == dim && o.vdim == dim) {
    in_proj_weight = glorot(3 * dim, dim, random);
  } else {
    q_proj_weight = glorot(dim, dim, random);
    k_proj_weight = glorot(dim, o.kdim, random);
    v_proj_weight = glorot(dim, o.vdim, random);
  }
  if (o.bias) {
    in_proj_bias = Parameter{Tensor::zeros({3 * dim})};
    out_proj.bias->value.fill(0);
  }
  if (!o.add_bias_kv) return;
  bias_k = extra_row(dim, random);
  bias_v = extra_row(dim, random);
}

Var MultiheadAttention::project(const Features& x, Index which) const {
  const std::optional<Parameter>* separate[] = {&q_proj_weight, &k_proj_weight, &v_proj_weight};
  Tape& tape = x.tape();
  const Var weight = in_proj_weight ? third(tape.parameter(*in_proj_weight), which)
                                    : tape.parameter(**separate[which]);
  const Var y = linear(x, weight);
  return in_proj_bias ? add_bias(y, third(tape.parameter(*in_proj_bias), which)) : y;
}

MultiheadAttention::Memory MultiheadAttention::remember(const Features& key,
                                                        const Features& value) const {
  check_columns(multihead_attention, "key", key, "kdim", options_.kdim);
  check_columns(multihead_attention, "value", value, "vdim", options_.vdim);
  return {project(key, 1), project(value, 2)};
}

Var MultiheadAttention::recall(const Features& query, const Memory& memory, const Support& support,
                               const PairArgs& args) const {
  const auto& o = options_;
  check_columns(multihead_attention, "query", query, "embed_dim", o.embed_dim);
  const auto& [k, v] = memory;
  const Var q = project(query, 0);
  if (o.add_bias_kv || o.add_zero_attn) return out_proj(with_extra_keys(q, k, v, support, args));
  return out_proj(attend_pairs(ScaledDotScore{q, k, o.num_heads}, support, v, o.dropout, args));
}

Var MultiheadAttention::step(const Var& x, Cache& cache) const {
  check(!options_.add_bias_kv && !options_.add_zero_attn, ErrorCode::unsupported,
        multihead_attention, ": no step by step with keys that come last");
  const auto [key, value] = remember(x, x);
  cache.append(key.value(), value.value());
  Tape& tape = x.tape();
  return recall(x, {tape.constant(cache.keys()), tape.constant(cache.values())}, cache.support());
}

Var MultiheadAttention::with_extra_keys(const Var& query, const Var& key, const Var& value,
                                        const Support& support, PairArgs args) const {
  const auto& o = options_;
  const Index keys = support.num_keys(), extra = Index{o.add_bias_kv} + Index{o.add_zero_attn};
  check(key.rows() == keys && value.rows() == keys, ErrorCode::shape, multihead_attention, ": ",
        key.rows(), " keys and ", value.rows(), " values for ", keys, " keys of the support");
  Tape& tape = query.tape();
  const auto [extended, rows] = extra_keys(support, extra);
  auto extend = [&, &picked = rows](const Var& own, const std::optional<Parameter>& learned) {
    std::vector<Var> parts{own};
    if (learned) parts.push_back(reshape(tape.parameter(*learned), {1, o.embed_dim}));
    if (o.add_zero_attn) parts.push_back(tape.constant(Tensor::zeros({1, o.embed_dim})));
    return gather_rows(concat_rows(parts), picked);
  };
  if (args.attn_mask) {
    check(args.attn_mask->cols() == keys, ErrorCode::shape, multihead_attention, ": attn_mask has ",
          args.attn_mask->cols(), " columns for ", keys, " keys of the support");
    args.attn_mask = pick_columns(*args.attn_mask, extra, rows);
  }
  const ScaledDotScore score{query, extend(key, bias_k), o.num_heads};
  return attend_pairs(score, extended, extend(value, bias_v), o.dropout, args);
}

void MultiheadAttention::visit_parameters(const std::string& prefix,
                                          const ParameterVisitor& visit) {
  auto visit_if = [&](const char* key, std::optional<Parameter>& parameter) {
    if (parameter) visit(prefix + key, *parameter);
  };
  visit_if("in_proj_weight", in_proj_weight);
  visit_if("q_proj_weight", q_proj_weight);
  visit_if("k_proj_weight", k_proj_weight);
  visit_if("v_proj_weight", v_proj_weight);
  visit_if("in_proj_bias", in_proj_bias);
  visit_if("bias_k", bias_k);
  visit_if("bias_v", bias_v);
  out_proj.visit_parameters(prefix + "out_proj.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
