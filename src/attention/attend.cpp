#include <agate/attention/attend.hpp>
#include <agate/core/error.hpp>

#include "attention/score_parts.hpp"

namespace AGATE_NAMESPACE {
namespace {

void check_rows(const ScoreParts& parts, bool additive, const Support& support) {
  const Var &target = *parts.target, &source = *parts.source;
  check(target.rows() == support.num_queries(), ErrorCode::shape, "attend: ", target.rows(),
        additive ? " target scores for " : " queries for ", support.num_queries(),
        support.is_graph() ? " nodes" : " of the support");
  check(source.rows() == support.num_keys(), ErrorCode::shape, "attend: ", source.rows(),
        additive ? " source scores for " : " keys for ", support.num_keys(),
        support.is_graph() ? " nodes" : " of the support");
}

void check_values(const Var& values, Index heads, const Support& support) {
  check(values.rows() == support.num_keys(), ErrorCode::shape, "attend: ", values.rows(),
        " rows of values for ", support.num_keys(),
        support.is_graph() ? " nodes" : " keys of the support");
  check(values.cols() % heads == 0 && values.cols() >= heads, ErrorCode::shape,
        "attend: ", values.cols(), " columns of values cannot be shared among ", heads, " heads");
}

}  // namespace

Attended attend(const Score& score, const Support& support, const Var& values,
                const AttendOptions& options) {
  if (options.random_features) check_random_features(score, support, options);
  const KernelScore prepared = prepare(score);
  const ScoreParts parts = score_parts(prepared);
  const bool additive = std::holds_alternative<AdditiveScore>(prepared);
  check_rows(parts, additive, support);
  check_values(values, parts.heads, support);
  check(!additive || !options.bias, ErrorCode::unsupported,
        "attend: an additive score takes terms of pairs inside LeakyReLU, as "
        "AdditiveScore::edge, not as a bias");
  check(!options.message_weights || support.is_graph(), ErrorCode::unsupported,
        "attend: weights of messages on a dense support, which has none");
  if (options.random_features)
    return attend_random_features(prepared, support, values, *options.random_features);
  return support.is_graph() ? attend_edges(prepared, support.graph(), values, options)
                            : attend_dense(prepared, support, values, options);
}

}  // namespace AGATE_NAMESPACE
