#include <agate/attention/linear_attention.hpp>
#include <agate/core/error.hpp>

#include "attention/score_parts.hpp"

namespace AGATE_NAMESPACE {
namespace {

template <class S>
bool has_edge_terms(const Score& score) {
  const S* s = std::get_if<S>(&score);
  return s && s->edge;
}

void refuse_if(bool condition, const char* reason) {
  check(!condition, ErrorCode::unsupported, "attend: ", reason);
}

Tensor scaled(const Tensor& x, Real factor) {
  Tensor y = x.clone();
  for (Real& v : y.values()) v *= factor;
  return y;
}

}  // namespace

void check_random_features(const Score& score, const Support& support,
                           const AttendOptions& options) {
  const bool gaussian = options.random_features->kind == FeatureKind::gaussian;
  const bool dot =
      std::holds_alternative<DotScore>(score) || std::holds_alternative<ScaledDotScore>(score);
  refuse_if(support.is_graph(),
            "random features sum over blocks of keys, and a graph has none; expected a dense "
            "support");
  refuse_if(gaussian && !std::holds_alternative<GaussianScore>(score),
            "gaussian random features approximate GaussianScore and no other score");
  refuse_if(!gaussian && !dot,
            "arc-cosine random features stand for DotScore or ScaledDotScore and no other score");
  refuse_if(has_edge_terms<DotScore>(score) || has_edge_terms<ScaledDotScore>(score),
            "random features never form the pairs, so that a score has no terms of edges");
  refuse_if(options.bias || options.edge_values,
            "random features never form the pairs, so that none has a bias or values of its own");
  refuse_if(options.return_weights || options.dropout != 0,
            "random features never form the weights, so that none can be returned or dropped");
}

Attended attend_random_features(const KernelScore& score, const Support& support, const Var& values,
                                const RandomFeatures& how) {
  const ScoreParts parts = score_parts(score);
  check(how.projection.shape().rank() == 3 && how.projection.shape()[0] == parts.heads,
        ErrorCode::shape, "attend: a projection of ", how.projection.shape().to_string(),
        ", expected heads x features x channels for ", parts.heads, " heads");
  const GaussianScore* gaussian = std::get_if<GaussianScore>(&score);
  const Tensor projection = gaussian ? scaled(how.projection, 1 / gaussian->sigma) : how.projection;
  const Var phi_q = random_features(*parts.target, projection, how.kind);
  const Var phi_k = random_features(*parts.source, projection, how.kind);
  return {linear_attention(phi_q, phi_k, values, parts.heads, support, {how.gate, how.eps}), {}};
}

}  // namespace AGATE_NAMESPACE
