#include "attention/score_parts.hpp"

#include <agate/core/error.hpp>
#include <cmath>

namespace AGATE_NAMESPACE {
namespace {

const Real* data(const std::optional<Var>& edge) { return edge ? edge->value().data() : nullptr; }

void check_slope(Real negative_slope) {
  check(negative_slope >= 0, ErrorCode::value, "attend: negative_slope = ", negative_slope,
        ", expected 0 or more");
}

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
};

template <class Pair>
kernels::PairScore pair(const Pair& s) {
  return {s.query.value().data(), s.key.value().data(), data(s.edge), s.query.cols() / s.heads};
}

struct ForKernels {
  kernels::EdgeScore operator()(const AdditiveScore& s) const {
    return kernels::AdditiveScore{s.target.value().data(), s.source.value().data(), data(s.edge),
                                  s.negative_slope};
  }
  kernels::EdgeScore operator()(const AdditiveMlpScore& s) const {
    return kernels::AdditiveMlpScore{pair(s), s.vector.value().data(), s.negative_slope};
  }
  kernels::EdgeScore operator()(const ScaledDotScore& s) const {
    const auto channels = static_cast<Real>(s.query.cols() / s.heads);
    return kernels::DotScore{pair(s), s.scale ? *s.scale : 1 / std::sqrt(channels)};
  }
};

struct Check {
  void operator()(const AdditiveScore& s) const { check_slope(s.negative_slope); }
  void operator()(const AdditiveMlpScore& s) const {
    check_slope(s.negative_slope);
    check(s.vector.value().size() == s.query.cols(), ErrorCode::shape, "attend: a vector of ",
          s.vector.value().size(), " elements for ", s.query.cols(), " columns of queries");
  }
  void operator()(const ScaledDotScore&) const {}
};

}  // namespace

ScoreParts score_parts(const Score& score) { return std::visit(Parts{}, score); }

kernels::EdgeScore kernel_score(const Score& score) { return std::visit(ForKernels{}, score); }

void check_score(const Score& score, const Graph& graph) {
  const ScoreParts parts = score_parts(score);
  const Var &target = *parts.target, &source = *parts.source;
  const bool additive = std::holds_alternative<AdditiveScore>(score);
  check(target.rows() == graph.num_targets(), ErrorCode::shape, "attend: ", target.rows(),
        additive ? " target scores for " : " queries for ", graph.num_targets(), " nodes");
  check(source.rows() == graph.num_sources(), ErrorCode::shape, "attend: ", source.rows(),
        additive ? " source scores for " : " keys for ", graph.num_sources(), " nodes");
  check(target.cols() == source.cols(), ErrorCode::shape, "attend: ", target.cols(),
        additive ? " heads in the target scores, " : " columns of queries, ", source.cols(),
        additive ? " in the source scores" : " of keys");
  check(parts.heads >= 1 && target.cols() >= parts.heads && target.cols() % parts.heads == 0,
        ErrorCode::shape, "attend: ", target.cols(), " columns of queries cannot be shared among ",
        parts.heads, " heads");
  if (parts.edge)
    check(parts.edge->rows() == graph.num_messages() && parts.edge->cols() == source.cols(),
          ErrorCode::shape, "attend: edge terms of ", parts.edge->shape().to_string(), " for ",
          graph.num_messages(), " messages and ", source.cols(),
          additive ? " heads" : " columns of keys");
  std::visit(Check{}, score);
}

}  // namespace AGATE_NAMESPACE
