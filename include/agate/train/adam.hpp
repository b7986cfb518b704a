#pragma once
/// \file
/// Adam (Kingma and Ba, ICLR 2015) with weight decay per group of parameters.

#include <agate/tensor/tape.hpp>
#include <vector>

namespace AGATE_NAMESPACE::train {

struct AdamOptions {
  double lr = 0.001;
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
};

/// Parameters that share a weight decay w: w * parameter is added to the gradient, which is the
/// gradient of the penalty w / 2 * |parameter|^2 (torch.optim.Adam's weight_decay).
struct ParameterGroup {
  std::vector<Parameter*> parameters;
  double weight_decay = 0;
};

/// The parameters must outlive the optimiser. Parameters without a gradient in a pass stay as they
/// are. Not thread-safe.
class Adam {
 public:
  Adam(std::vector<ParameterGroup> groups, AdamOptions options);

  /// One update from the gradients that the tape's backward left.
  void step(const Tape& tape);
  /// Sum over the groups of weight_decay / 2 * |parameters|^2.
  double penalty() const;

 private:
  struct State {
    Parameter* parameter;
    double weight_decay;
    Tensor mean, square;  // running means of the gradient and of its square
  };
  std::vector<State> states_;
  std::vector<Parameter*> buffers_;  // which the tape may have a next value for
  AdamOptions options_;
  Index steps_ = 0;
};

}  // namespace AGATE_NAMESPACE::train
