#include <agate/core/error.hpp>
#include <agate/nn/attention/cross_attention.hpp>

#include "nn/attention/attend_pairs.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

Index context_columns(const CrossAttentionOptions& o) {
  return o.in_context == 0 ? o.in : o.in_context;
}

Linear projection(const char* name, const CrossAttentionOptions& o, Index in, Random& random) {
  check(in >= 1 && o.channels >= 1 && o.heads >= 1, ErrorCode::value, name, ": in = ", in,
        ", channels = ", o.channels, ", heads = ", o.heads, ", expected at least 1");
  return Linear({in, checked_product(o.heads, o.channels, "heads * channels"), o.bias}, random);
}

}  // namespace

CrossAttention::CrossAttention(const char* name, const CrossAttentionOptions& o, Random& random)
    : query(projection(name, o, o.in, random)),
      key(projection(name, o, context_columns(o), random)),
      value(projection(name, o, context_columns(o), random)),
      name_(name),
      heads_(o.heads),
      dropout_(o.dropout) {
  check(o.out >= 0, ErrorCode::value, name, ": out = ", o.out, ", expected 0 (none) or more");
  if (o.out > 0) out.emplace(LinearOptions{o.heads * o.channels, o.out, o.bias}, random);
}

Var CrossAttention::operator()(const Features& x, const Features& context, const Support& support,
                               const PairArgs& args) const {
  check_columns(name_, "x", x, "in", query.weight.value.cols());
  check_columns(name_, "context", context, "in_context", key.weight.value.cols());
  const ScaledDotScore score{query(x), key(context), heads_};
  const Var y = attend_pairs(score, support, value(context), dropout_, args);
  return out ? (*out)(y) : y;
}

void CrossAttention::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  query.visit_parameters(prefix + "query.", visit);
  key.visit_parameters(prefix + "key.", visit);
  value.visit_parameters(prefix + "value.", visit);
  if (out) out->visit_parameters(prefix + "out.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
