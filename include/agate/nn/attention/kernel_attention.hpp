#pragma once
/// \file
/// KernelAttention: kernel regression (Nadaraya, "On Estimating Regression", 1964; Watson, "Smooth
/// Regression Analysis", 1964) as attention.

#include <agate/nn/attention/pair_args.hpp>
#include <agate/nn/module.hpp>

namespace AGATE_NAMESPACE::nn {

/// Sizes and options of a KernelAttention.
struct KernelAttentionOptions {
  Real bandwidth = 1;            ///< sigma of the Gaussian kernel at first, above 0
  bool learn_bandwidth = false;  ///< otherwise it stays
};

/// The prediction at each query, a mean of the targets by the distance of their keys:
///   y_i = sum over j of K(q_i - k_j) t_j / sum over j of K(q_i - k_j),
///   K(u) = exp(-|u|^2 / (2 sigma^2)).
///
/// queries (queries x d), keys (keys x d), targets (keys x C) -> queries x C. Parameter
/// `inverse_bandwidth` (1), which is 1 / sigma; a buffer unless it is learned. A key that predicts
/// its own target draws sigma to 0: to learn it, leave each key out of its own prediction, with a
/// graph without loops or -infinity on the diagonal of attn_mask. Error(value) for a bandwidth that
/// is not above 0, Error(shape) when columns, rows and support do not fit.
class KernelAttention : public Module {
 public:
  explicit KernelAttention(const KernelAttentionOptions& options = {});

  Var operator()(const Var& queries, const Var& keys, const Var& targets, const Support& support,
                 const PairArgs& args = {}) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  Real bandwidth() const;  ///< sigma

  Parameter inverse_bandwidth;
};

}  // namespace AGATE_NAMESPACE::nn
