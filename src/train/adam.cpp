#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/train/adam.hpp>
#include <cmath>

namespace AGATE_NAMESPACE::train {

Adam::Adam(std::vector<ParameterGroup> groups, AdamOptions options) : options_(options) {
  check(options.lr > 0, ErrorCode::value, "Adam: lr = ", options.lr, ", expected more than 0");
  for (const ParameterGroup& group : groups) {
    check(group.weight_decay >= 0, ErrorCode::value, "Adam: weight_decay = ", group.weight_decay,
          ", expected 0 or more");
    for (Parameter* p : group.parameters)
      if (p->trainable)
        states_.push_back({p, group.weight_decay, Tensor::zeros(p->value.shape()),
                           Tensor::zeros(p->value.shape())});
      else
        buffers_.push_back(p);
  }
}

void Adam::step(const Tape& tape) {
  for (Parameter* buffer : buffers_)
    if (const Tensor* next = tape.next_value(*buffer)) buffer->value.copy_from(*next);
  ++steps_;
  const auto t = static_cast<double>(steps_);
  const auto beta1 = static_cast<Real>(options_.beta1), beta2 = static_cast<Real>(options_.beta2);
  const auto rate = static_cast<Real>(options_.lr / (1 - std::pow(options_.beta1, t)));
  const auto correction = static_cast<Real>(1 / std::sqrt(1 - std::pow(options_.beta2, t)));
  const auto eps = static_cast<Real>(options_.eps);
  for (State& s : states_) {
    const Tensor* gradient = tape.gradient(*s.parameter);
    if (!gradient) continue;
    const auto decay = static_cast<Real>(s.weight_decay);
    Real* w = s.parameter->value.data();
    Real* m = s.mean.data();
    Real* v = s.square.data();
    const Real* from = gradient->data();
    parallel_for(tape.threads(), s.mean.size(), 1 << 14, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) {
        const Real g = from[i] + decay * w[i];
        m[i] = beta1 * m[i] + (1 - beta1) * g;
        v[i] = beta2 * v[i] + (1 - beta2) * g * g;
        w[i] -= rate * m[i] / (std::sqrt(v[i]) * correction + eps);
      }
    });
  }
}

double Adam::penalty() const {
  double sum = 0;
  for (const State& s : states_) {
    double squares = 0;
    if (s.weight_decay > 0)
      for (Real w : s.parameter->value.values()) squares += static_cast<double>(w) * w;
    sum += s.weight_decay / 2 * squares;
  }
  return sum;
}

}  // namespace AGATE_NAMESPACE::train
