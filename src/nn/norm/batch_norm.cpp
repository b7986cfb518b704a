#include <agate/core/error.hpp>
#include <agate/nn/norm/batch_norm.hpp>
#include <agate/tensor/normalization.hpp>

namespace AGATE_NAMESPACE::nn {
namespace {

Tensor follow(Tape& tape, const Tensor& running, const Tensor& found, Real momentum, Real factor) {
  Tensor next = tape.make(running.shape());
  for (Index c = 0; c < next.size(); ++c)
    next.data()[c] = (1 - momentum) * running.data()[c] + momentum * factor * found.data()[c];
  return next;
}

}  // namespace

BatchNorm::BatchNorm(const BatchNormOptions& options) : options_(options) {
  const Index n = options.in_channels;
  check(n >= 1, ErrorCode::value, "BatchNorm: in_channels = ", n, ", expected at least 1");
  check(options.eps > 0 && options.momentum >= 0 && options.momentum <= 1, ErrorCode::value,
        "BatchNorm: eps = ", options.eps, ", momentum = ", options.momentum,
        ", expected eps above 0 and momentum between 0 and 1");
  if (options.affine) {
    weight = Parameter{Tensor::full({n}, 1)};
    bias = Parameter{Tensor::zeros({n})};
  }
  if (!options.track_running_stats) return;
  running_mean = Parameter{Tensor::zeros({n}), false};
  running_var = Parameter{Tensor::full({n}, 1), false};
  num_batches_tracked = Parameter{Tensor::zeros({1}), false};
}

Var BatchNorm::operator()(const Var& x, const AroundBatchNorm& around) const {
  check(x.cols() == options_.in_channels, ErrorCode::shape, "BatchNorm: x has ", x.cols(),
        " columns, expected in_channels = ", options_.in_channels);
  Tape& tape = x.tape();
  const auto bound = [&](const std::optional<Parameter>& p) {
    return p ? std::optional(tape.parameter(*p)) : std::nullopt;
  };
  if (!tape.training() && running_mean) {
    const ColumnStatistics given{running_mean->value, running_var->value};
    return batch_norm(x, bound(weight), bound(bias), options_.eps, &given, nullptr, around);
  }
  check(x.rows() > 1, ErrorCode::value, "BatchNorm: ", x.rows(),
        " rows in training, whose deviation means nothing; expected at least 2");
  ColumnStatistics found;
  Var y = batch_norm(x, bound(weight), bound(bias), options_.eps, nullptr, &found, around);
  if (tape.training() && running_mean) {
    const auto n = static_cast<Real>(x.rows());
    const Real momentum = options_.momentum;
    tape.set_next_value(*running_mean, follow(tape, running_mean->value, found.mean, momentum, 1));
    tape.set_next_value(*running_var,
                        follow(tape, running_var->value, found.variance, momentum, n / (n - 1)));
    tape.set_next_value(*num_batches_tracked,
                        Tensor::full({1}, num_batches_tracked->value.item() + 1));
  }
  return y;
}

void BatchNorm::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  auto visit_if = [&](const char* name, std::optional<Parameter>& p) {
    if (p) visit(prefix + "module." + name, *p);
  };
  visit_if("weight", weight);
  visit_if("bias", bias);
  visit_if("running_mean", running_mean);
  visit_if("running_var", running_var);
  visit_if("num_batches_tracked", num_batches_tracked);
}

}  // namespace AGATE_NAMESPACE::nn
