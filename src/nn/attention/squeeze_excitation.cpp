#include <agate/core/error.hpp>
#include <agate/nn/attention/squeeze_excitation.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/scale_segments.hpp>
#include <agate/tensor/segment_mean.hpp>
#include <algorithm>
#include <array>

namespace AGATE_NAMESPACE::nn {
namespace {

Index reduced(const SqueezeExcitationOptions& o) {
  check(o.channels >= 1 && o.reduction >= 1, ErrorCode::value,
        "SqueezeExcitation: channels = ", o.channels, ", reduction = ", o.reduction,
        ", expected at least 1");
  return std::max<Index>(1, o.channels / o.reduction);
}

}  // namespace

SqueezeExcitation::SqueezeExcitation(const SqueezeExcitationOptions& o, Random& random)
    : fc1({.in = o.channels, .out = reduced(o)}, random),
      fc2({.in = reduced(o), .out = o.channels}, random) {}

Var SqueezeExcitation::operator()(const Var& x, std::span<const Index> offsets) const {
  const Var worth = sigmoid(fc2(relu(fc1(segment_mean(x, offsets)))));
  return scale_segments(x, worth, offsets);
}

Var SqueezeExcitation::operator()(const Var& x) const {
  return (*this)(x, std::array<Index, 2>{0, x.rows()});
}

void SqueezeExcitation::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  fc1.visit_parameters(prefix + "fc1.", visit);
  fc2.visit_parameters(prefix + "fc2.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
