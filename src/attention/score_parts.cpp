#include "attention/score_parts.hpp"

#include <agate/core/error.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/normalization.hpp>
#include <agate/tensor/rows.hpp>
#include <cmath>

namespace AGATE_NAMESPACE {
namespace {

const Real* data_of(const std::optional<Var>& x) { return x ? x->value().data() : nullptr; }

void check_slope(Real negative_slope) {
  check(negative_slope >= 0, ErrorCode::value, "attend: negative_slope = ", negative_slope,
        ", expected 0 or more");
}

void check_heads(const Var& x, const char* what, Index heads) {
  check(heads >= 1 && x.cols() >= heads && x.cols() % heads == 0, ErrorCode::shape,
        "attend: ", x.cols(), " columns of ", what, " cannot be shared among ", heads, " heads");
}

template <class Pair>
void check_pair(const Pair& s) {
  check(s.query.cols() == s.key.cols(), ErrorCode::shape, "attend: ", s.query.cols(),
        " columns of queries, ", s.key.cols(), " of keys");
  check_heads(s.query, "queries", s.heads);
}

// Each head of each row by itself as long as 1.
Var unit_heads(const Var& x, Index heads) {
  return reshape(normalize(reshape(x, {x.rows() * heads, x.cols() / heads})), x.shape());
}

Var times_beta(const Var& query, Index heads, const Var& beta) {
  if (beta.value().size() == 1) return scale(query, beta);
  check(beta.rows() == query.rows() && beta.cols() == heads, ErrorCode::shape, "attend: beta is ",
        beta.shape().to_string(), ", expected one number or ", query.rows(), " x ", heads);
  const Index rows = query.rows() * heads;
  return reshape(scale_rows(reshape(query, {rows, query.cols() / heads}), reshape(beta, {rows, 1})),
                 query.shape());
}

struct Prepare {
  KernelScore operator()(const AdditiveScore& s) const {
    check_slope(s.negative_slope);
    check(s.target.cols() == s.source.cols() && s.target.cols() >= 1, ErrorCode::shape,
          "attend: ", s.target.cols(), " heads in the target scores, ", s.source.cols(),
          " in the source scores");
    return s;
  }
  KernelScore operator()(const AdditiveMlpScore& s) const {
    check_pair(s);
    check_slope(s.negative_slope);
    check(s.vector.value().size() == s.query.cols(), ErrorCode::shape, "attend: a vector of ",
          s.vector.value().size(), " elements for ", s.query.cols(), " columns of queries");
    return s;
  }
  KernelScore operator()(const DotScore& s) const {
    check_pair(s);
    return ScaledDotScore{s.query, s.key, s.heads, s.edge, Real(1)};
  }
  KernelScore operator()(const ScaledDotScore& s) const {
    check_pair(s);
    return s;
  }
  KernelScore operator()(const GeneralScore& s) const {
    check_heads(s.query, "queries", s.heads);
    check_heads(s.key, "keys", s.heads);
    check(s.weight.rows() == s.query.cols() && s.weight.cols() * s.heads == s.key.cols(),
          ErrorCode::shape, "attend: the weight of the general score is ",
          s.weight.shape().to_string(), ", expected ", s.query.cols(), " x ",
          s.key.cols() / s.heads);
    return ScaledDotScore{head_matmul(s.query, s.weight, s.heads), s.key, s.heads, {}, Real(1)};
  }
  KernelScore operator()(const CosineScore& s) const {
    check_pair(s);
    const Var query = unit_heads(s.query, s.heads);
    return ScaledDotScore{s.beta ? times_beta(query, s.heads, *s.beta) : query,
                          unit_heads(s.key, s.heads),
                          s.heads,
                          {},
                          Real(1)};
  }
  KernelScore operator()(const GaussianScore& s) const {
    check_pair(s);
    check(s.sigma > 0, ErrorCode::value, "attend: sigma = ", s.sigma, ", expected more than 0");
    return s;
  }
};

struct Parts {
  ScoreParts operator()(const AdditiveScore& s) const {
    return {s.target.cols(), &s.target, &s.source, s.edge, {}};
  }
  ScoreParts operator()(const AdditiveMlpScore& s) const {
    return {s.heads, &s.query, &s.key, s.edge, s.vector};
  }
  ScoreParts operator()(const ScaledDotScore& s) const {
    return {s.heads, &s.query, &s.key, s.edge, {}};
  }
  ScoreParts operator()(const GaussianScore& s) const {
    return {s.heads, &s.query, &s.key, {}, {}};
  }
};

struct ForKernels {
  const Real* bias;

  template <class Pair>
  kernels::PairScore pair(const Pair& s, const Real* edge) const {
    return {s.query.value().data(), s.key.value().data(), edge, bias, s.query.cols() / s.heads};
  }
  kernels::EdgeScore operator()(const AdditiveScore& s) const {
    return kernels::AdditiveScore{s.target.value().data(), s.source.value().data(), data_of(s.edge),
                                  s.negative_slope};
  }
  kernels::EdgeScore operator()(const AdditiveMlpScore& s) const {
    const kernels::PairScore both = pair(s, data_of(s.edge));
    if (s.activation == ScoreActivation::tanh)
      return kernels::TanhMlpScore{both, s.vector.value().data()};
    return kernels::AdditiveMlpScore{both, s.vector.value().data(), s.negative_slope};
  }
  kernels::EdgeScore operator()(const ScaledDotScore& s) const {
    const auto channels = static_cast<Real>(s.query.cols() / s.heads);
    return kernels::DotScore{pair(s, data_of(s.edge)),
                             s.scale ? *s.scale : 1 / std::sqrt(channels)};
  }
  kernels::EdgeScore operator()(const GaussianScore& s) const {
    return kernels::GaussianScore{pair(s, nullptr), 1 / (2 * s.sigma * s.sigma)};
  }
};

}  // namespace

KernelScore prepare(const Score& score) { return std::visit(Prepare{}, score); }

ScoreParts score_parts(const KernelScore& score) { return std::visit(Parts{}, score); }

kernels::EdgeScore kernel_score(const KernelScore& score, const std::optional<Var>& bias) {
  return std::visit(ForKernels{data_of(bias)}, score);
}

}  // namespace AGATE_NAMESPACE
