#pragma once
/// \file
/// Module: something with parameters. Running a module never changes it, so one module may run in
/// many threads at once, each with its own tape.

#include <agate/core/random.hpp>
#include <agate/tensor/tape.hpp>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace AGATE_NAMESPACE::nn {

/// Called with each parameter and its full name, such as "convs.0.lin.weight".
using ParameterVisitor = std::function<void(const std::string& name, Parameter& parameter)>;

/// What has parameters. Const when it runs, so that many threads may use one, each with its own
/// tape.
class Module {
 public:
  Module() = default;
  Module(Module&&) = default;
  Module& operator=(Module&&) = default;
  virtual ~Module() = default;

  /// Calls visit for every parameter and buffer, in a fixed order, each name preceded by `prefix`.
  /// Names follow PyTorch Geometric's state_dict.
  virtual void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) = 0;

  /// Names and parameters in visiting order. The pointers are valid as long as the module stays.
  std::vector<std::pair<std::string, Parameter*>> parameters();
  std::vector<std::pair<std::string, const Parameter*>> parameters() const;
  Index num_parameters() const;  ///< trainable numbers

  /// Takes over the values of all parameters and buffers by name. Error(format), which begins with
  /// `from`, for one that is missing, of another shape, or holds NaN or infinity, and for a name
  /// that is not one of ours; then nothing has changed.
  void load_parameters(std::span<const std::pair<std::string, Tensor>> values,
                       const std::string& from);
};

/// Glorot and Bengio 2010: uniform in +-sqrt(6 / (fan_in + fan_out)).
Tensor glorot_uniform(Shape shape, Index fan_in, Index fan_out, Random& random);
/// torch.nn.Linear's default: uniform in +-1 / sqrt(fan_in).
Tensor kaiming_uniform(Shape shape, Index fan_in, Random& random);
/// torch.nn.Embedding's default: mean 0, deviation 1.
Tensor standard_normal(Shape shape, Random& random);

}  // namespace AGATE_NAMESPACE::nn
