#include <agate/core/error.hpp>
#include <agate/nn/attention/luong_attention.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/rows.hpp>

#include "nn/attention/attend_pairs.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* luong_attention = "LuongAttention";

LuongAttentionOptions checked(LuongAttentionOptions o) {
  if (o.key_dim == 0) o.key_dim = o.query_dim;
  if (o.hidden == 0) o.hidden = o.query_dim;
  check(o.query_dim >= 1 && o.key_dim >= 1 && o.hidden >= 1 && o.attentional >= 0, ErrorCode::value,
        luong_attention, ": query_dim = ", o.query_dim, ", key_dim = ", o.key_dim,
        ", hidden = ", o.hidden, ", attentional = ", o.attentional,
        ", expected at least 1, attentional at least 0");
  check(o.score != LuongScore::dot || o.query_dim == o.key_dim, ErrorCode::value, luong_attention,
        ": the score dot needs equal columns, query_dim = ", o.query_dim,
        ", key_dim = ", o.key_dim);
  return o;
}

}  // namespace

LuongAttention::LuongAttention(const LuongAttentionOptions& options, Random& random)
    : options_(checked(options)) {
  const auto& o = options_;
  if (o.score == LuongScore::general)
    W_a.emplace(LinearOptions{o.key_dim, o.query_dim, false}, random);
  if (o.score == LuongScore::concat) {
    W_a.emplace(LinearOptions{o.query_dim + o.key_dim, o.hidden, false}, random);
    v_a.emplace(LinearOptions{o.hidden, 1, false}, random);
  }
  if (o.attentional > 0)
    W_c.emplace(LinearOptions{o.key_dim + o.query_dim, o.attentional, false}, random);
}

Var LuongAttention::project_keys(const Var& keys) const {
  check_columns(luong_attention, "keys", keys, "key_dim", options_.key_dim);
  if (!v_a) return keys;
  // W_a [q; k] is a product with each of two parts of W_a, so that no pair is put together.
  const Var weight = keys.tape().parameter(W_a->weight);
  return linear(keys, columns(weight, options_.query_dim, weight.cols()));
}

Var LuongAttention::with_projected_keys(const Var& queries, const Var& projected_keys,
                                        const Var& keys, const Support& support,
                                        const PairArgs& args) const {
  check_columns(luong_attention, "queries", queries, "query_dim", options_.query_dim);
  check_columns(luong_attention, "keys", keys, "key_dim", options_.key_dim);
  const auto attended = [&](const Score& score) {
    return attend_pairs(score, support, keys, options_.dropout, args);
  };
  const auto c = [&] {
    if (!W_a) return attended(DotScore{queries, projected_keys});
    const Var weight = queries.tape().parameter(W_a->weight);
    if (!v_a) return attended(GeneralScore{queries, projected_keys, weight});
    return attended(
        AdditiveMlpScore{.query = linear(queries, columns(weight, 0, options_.query_dim)),
                         .key = projected_keys,
                         .vector = queries.tape().parameter(v_a->weight),
                         .activation = ScoreActivation::tanh});
  }();
  return W_c ? tanh((*W_c)(concat({c, queries}))) : c;
}

Var LuongAttention::operator()(const Var& queries, const Var& keys, const Support& support,
                               const PairArgs& args) const {
  return with_projected_keys(queries, project_keys(keys), keys, support, args);
}

void LuongAttention::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  if (W_a) W_a->visit_parameters(prefix + "W_a.", visit);
  if (v_a) v_a->visit_parameters(prefix + "v_a.", visit);
  if (W_c) W_c->visit_parameters(prefix + "W_c.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
