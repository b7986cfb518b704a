#include <agate/core/error.hpp>
#include <agate/nn/linear.hpp>
#include <agate/tensor/linear.hpp>

namespace AGATE_NAMESPACE::nn {

namespace {

Tensor initial_weight(const LinearOptions& options, Random& random) {
  const Shape shape{options.out, options.in};
  switch (options.init) {
    case WeightInit::glorot:
      return glorot_uniform(shape, options.in, options.out, random);
    case WeightInit::normal:
      return standard_normal(shape, random);
    case WeightInit::kaiming_uniform:
      break;
  }
  return kaiming_uniform(shape, options.in, random);
}

}  // namespace

Linear::Linear(LinearOptions options, Random& random) {
  check(options.in >= 1 && options.out >= 1, ErrorCode::value, "Linear: in = ", options.in,
        ", out = ", options.out, ", expected at least 1");
  weight.value = initial_weight(options, random);
  if (options.bias) bias = Parameter{kaiming_uniform({options.out}, options.in, random)};
}

Var Linear::operator()(const Features& x) const {
  check(x.cols() == weight.value.cols(), ErrorCode::shape, "Linear: x has ", x.cols(),
        " columns, expected in = ", weight.value.cols());
  Tape& tape = x.tape();
  const Var w = tape.parameter(weight);
  return bias ? linear(x, w, tape.parameter(*bias)) : linear(x, w);
}

void Linear::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "weight", weight);
  if (bias) visit(prefix + "bias", *bias);
}

}  // namespace AGATE_NAMESPACE::nn
