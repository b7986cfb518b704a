#pragma once
/// \file
/// Optimisers: Adam, AdamW and SGD, with weight decay per group of parameters and torch.optim's
/// formulas.

#include <agate/tensor/tape.hpp>
#include <memory>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// Parameters that share a weight decay w. Adam and SGD add w * parameter to the gradient, which is
/// the gradient of the penalty w / 2 * |parameter|^2; AdamW shrinks the parameter by lr * w.
/// Buffers (not trainable) belong to a group too: a step gives them the next value that the pass
/// left.
struct ParameterGroup {
  std::vector<Parameter*> parameters;
  double weight_decay = 0;
};

/// The parameters must outlive the optimiser. Parameters without a gradient in a pass stay as they
/// are. Not thread-safe.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// One update from the gradients that the tape's backward left, and of the buffers.
  void step(const Tape& tape);
  /// Sum over the groups of weight_decay / 2 * |parameters|^2.
  double penalty() const;

  double lr() const { return lr_; }
  void set_lr(double lr);  ///< Error(value) unless 0 or more
  /// Longer gradients, all parameters taken together, are shortened to this Euclidean norm before
  /// they are used (torch.nn.utils.clip_grad_norm_); 0: never.
  void set_clip_norm(double norm);

 protected:
  Optimizer(const std::vector<ParameterGroup>& groups, double lr);
  /// What is remembered of one parameter.
  struct State {
    Parameter* parameter;
    double weight_decay;
    Tensor first, second;  // of the parameter's shape, zero at the start; empty where not used
  };
  /// One parameter; `scale` is what clipping leaves of its gradient.
  virtual void update(State& state, const Tensor& gradient, Real scale, int threads) = 0;
  virtual int num_moments() const = 0;  ///< of first and second, how many are used
  Index steps() const { return steps_; }

 private:
  std::vector<State> states_;
  std::vector<Parameter*> buffers_;
  double lr_, clip_norm_ = 0;
  Index steps_ = 0;
};

/// torch.optim.Adam's arguments.
struct AdamOptions {
  double lr = 0.001;
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  bool decoupled = false;  ///< AdamW (Loshchilov and Hutter, ICLR 2019)
};

/// Adam (Kingma and Ba, ICLR 2015).
class Adam : public Optimizer {
 public:
  Adam(const std::vector<ParameterGroup>& groups, AdamOptions options);

 private:
  void update(State& state, const Tensor& gradient, Real scale, int threads) override;
  int num_moments() const override { return 2; }
  AdamOptions options_;
};

/// torch.optim.SGD's arguments.
struct SGDOptions {
  double lr = 0.001;
  double momentum = 0;
  bool nesterov = false;
};

/// Stochastic gradient descent.
class SGD : public Optimizer {
 public:
  SGD(const std::vector<ParameterGroup>& groups, SGDOptions options);

 private:
  void update(State& state, const Tensor& gradient, Real scale, int threads) override;
  int num_moments() const override { return options_.momentum > 0 ? 1 : 0; }
  SGDOptions options_;
};

/// `adam`, `adamw` or `sgd` (with momentum).
const std::vector<std::string>& optimizer_names();
/// Error(usage) for an unknown name.
std::unique_ptr<Optimizer> make_optimizer(const std::string& name,
                                          const std::vector<ParameterGroup>& groups, double lr,
                                          double momentum);

}  // namespace AGATE_NAMESPACE::train
