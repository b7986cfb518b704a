#include <agate/core/error.hpp>
#include <agate/nn/attention/additive_attention.hpp>

#include "nn/attention/attend_pairs.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* additive_attention = "AdditiveAttention";

Linear projection(const AdditiveAttentionOptions& o, Index in, Index out, Random& random) {
  check(o.query_dim >= 1 && o.key_dim >= 1 && o.hidden >= 1, ErrorCode::value, additive_attention,
        ": query_dim = ", o.query_dim, ", key_dim = ", o.key_dim, ", hidden = ", o.hidden,
        ", expected at least 1");
  return Linear({.in = in, .out = out, .bias = false}, random);
}

}  // namespace

AdditiveAttention::AdditiveAttention(const AdditiveAttentionOptions& o, Random& random)
    : W_q(projection(o, o.query_dim, o.hidden, random)),
      W_k(projection(o, o.key_dim, o.hidden, random)),
      w_v(projection(o, o.hidden, 1, random)),
      dropout_(o.dropout) {}

Var AdditiveAttention::operator()(const Features& queries, const Features& keys, const Var& values,
                                  const Support& support, const PairArgs& args) const {
  check_columns(additive_attention, "keys", keys, "key_dim", W_k.weight.value.cols());
  return with_projected_keys(queries, W_k(keys), values, support, args);
}

Var AdditiveAttention::with_projected_keys(const Features& queries, const Var& projected_keys,
                                           const Var& values, const Support& support,
                                           const PairArgs& args) const {
  check_columns(additive_attention, "queries", queries, "query_dim", W_q.weight.value.cols());
  const AdditiveMlpScore score{.query = W_q(queries),
                               .key = projected_keys,
                               .vector = queries.tape().parameter(w_v.weight),
                               .activation = ScoreActivation::tanh};
  return attend_pairs(score, support, values, dropout_, args);
}

void AdditiveAttention::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  W_q.visit_parameters(prefix + "W_q.", visit);
  W_k.visit_parameters(prefix + "W_k.", visit);
  w_v.visit_parameters(prefix + "w_v.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
