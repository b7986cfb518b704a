#include <agate/core/error.hpp>
#include <agate/nn/attention/kernel_attention.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <cmath>

#include "nn/attention/attend_pairs.hpp"

namespace AGATE_NAMESPACE::nn {

KernelAttention::KernelAttention(const KernelAttentionOptions& o) {
  check(o.bandwidth > 0, ErrorCode::value, "KernelAttention: bandwidth = ", o.bandwidth,
        ", expected more than 0");
  inverse_bandwidth = {Tensor::full({1}, 1 / o.bandwidth), o.learn_bandwidth};
}

Var KernelAttention::operator()(const Var& queries, const Var& keys, const Var& targets,
                                const Support& support, const PairArgs& args) const {
  const Var factor = queries.tape().parameter(inverse_bandwidth);
  const GaussianScore score{scale(queries, factor), scale(keys, factor)};
  return attend_pairs(score, support, targets, 0, args);
}

Real KernelAttention::bandwidth() const { return 1 / std::abs(inverse_bandwidth.value.item()); }

void KernelAttention::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "inverse_bandwidth", inverse_bandwidth);
}

}  // namespace AGATE_NAMESPACE::nn
