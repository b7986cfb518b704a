#pragma once
/// \file
/// SqueezeExcitation: channel attention of Hu, Shen, Sun, "Squeeze-and-Excitation Networks", CVPR
/// 2018.

#include <agate/nn/linear.hpp>
#include <span>

namespace AGATE_NAMESPACE::nn {

/// Sizes of a SqueezeExcitation.
struct SqueezeExcitationOptions {
  Index channels = 0;    ///< columns of x
  Index reduction = 16;  ///< what they are divided by between the two layers, to 1 at least
};

/// Of each segment of rows the mean z, and of it what each channel is worth:
///   s = sigmoid(fc2(relu(fc1(z)))),   y(i, c) = x(i, c) * s(segment of i, c).
/// Parameters `fc1.*` (channels / reduction, channels) and `fc2.*`. Error(shape) when x has other
/// columns or rows than channels and the segments.
class SqueezeExcitation : public Module {
 public:
  SqueezeExcitation(const SqueezeExcitationOptions& options, Random& random);

  /// Segment b are the rows offsets[b] to offsets[b + 1] - 1 of x.
  Var operator()(const Var& x, std::span<const Index> offsets) const;
  Var operator()(const Var& x) const;  ///< all rows are one segment

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Linear fc1, fc2;
};

}  // namespace AGATE_NAMESPACE::nn
