#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/core/parallel.hpp>
#include <agate/train/optimizer.hpp>
#include <cmath>

#include "tensor/adam_step.hpp"

namespace AGATE_NAMESPACE::train {
namespace {

constexpr Index grain = 1 << 14;

double squared_norm(const Tensor& t) {
  double sum = 0;
  for (Real v : t.values()) sum += static_cast<double>(v) * v;
  return sum;
}

}  // namespace

Optimizer::Optimizer(const std::vector<ParameterGroup>& groups, double lr) : lr_(lr) {
  check(lr > 0, ErrorCode::value, "optimizer: lr = ", lr, ", expected more than 0");
  for (const ParameterGroup& group : groups) {
    check(group.weight_decay >= 0, ErrorCode::value,
          "optimizer: weight_decay = ", group.weight_decay, ", expected 0 or more");
    for (Parameter* p : group.parameters)
      if (p->trainable)
        states_.push_back({p, group.weight_decay, {}, {}});
      else
        buffers_.push_back(p);
  }
}

void Optimizer::set_lr(double lr) {
  check(lr >= 0, ErrorCode::value, "optimizer: lr = ", lr, ", expected 0 or more");
  lr_ = lr;
}

void Optimizer::set_clip_norm(double norm) {
  check(norm >= 0, ErrorCode::value, "optimizer: clip_norm = ", norm, ", expected 0 or more");
  clip_norm_ = norm;
}

void Optimizer::step(const Tape& tape) {
  ++steps_;
  for (Parameter* buffer : buffers_)
    if (const Tensor* next = tape.next_value(*buffer)) buffer->value.copy_from(*next);
  double scale = 1;
  if (clip_norm_ > 0) {
    double squares = 0;
    for (const State& s : states_)
      if (const Tensor* gradient = tape.gradient(*s.parameter)) squares += squared_norm(*gradient);
    scale = std::min(1.0, clip_norm_ / (std::sqrt(squares) + 1e-6));
  }
  // Small parameters share a chunk: one of them alone is not worth a thread.
  std::vector<std::pair<State*, const Tensor*>> small;
  std::vector<std::size_t> chunks{0};
  Index elements = 0;
  for (State& s : states_) {
    const Tensor* gradient = tape.gradient(*s.parameter);
    if (!gradient) continue;
    if (num_moments() > 0 && s.first.empty()) s.first = Tensor::zeros(s.parameter->value.shape());
    if (num_moments() > 1 && s.second.empty()) s.second = Tensor::zeros(s.parameter->value.shape());
    if (gradient->size() > grain) {
      update(s, *gradient, static_cast<Real>(scale), tape.threads());
      continue;
    }
    small.emplace_back(&s, gradient);
    elements += gradient->size();
    if (elements < grain / 2) continue;
    chunks.push_back(small.size());
    elements = 0;
  }
  if (chunks.back() < small.size()) chunks.push_back(small.size());
  parallel_chunks(tape.threads(), std::ssize(chunks) - 1, [&](Index chunk) {
    for (std::size_t k = chunks[chunk]; k < chunks[chunk + 1]; ++k)
      update(*small[k].first, *small[k].second, static_cast<Real>(scale), 1);
  });
}

double Optimizer::penalty() const {
  double sum = 0;
  for (const State& s : states_)
    if (s.weight_decay > 0) sum += s.weight_decay / 2 * squared_norm(s.parameter->value);
  return sum;
}

Adam::Adam(const std::vector<ParameterGroup>& groups, AdamOptions options)
    : Optimizer(groups, options.lr), options_(options) {}

void Adam::update(State& s, const Tensor& gradient, Real scale, int threads) {
  const auto t = static_cast<double>(steps());
  const AdamStep step{
      .scale = scale,
      .decay = static_cast<Real>(options_.decoupled ? 0 : s.weight_decay),
      .beta1 = static_cast<Real>(options_.beta1),
      .beta2 = static_cast<Real>(options_.beta2),
      .rate = static_cast<Real>(lr() / (1 - std::pow(options_.beta1, t))),
      .correction = static_cast<Real>(1 / std::sqrt(1 - std::pow(options_.beta2, t))),
      .eps = static_cast<Real>(options_.eps),
      .keep = static_cast<Real>(options_.decoupled ? 1 - lr() * s.weight_decay : 1)};
  adam_step(step, gradient, s.parameter->value, s.first, s.second, threads);
}

SGD::SGD(const std::vector<ParameterGroup>& groups, SGDOptions options)
    : Optimizer(groups, options.lr), options_(options) {
  check(options.momentum >= 0 && options.momentum < 1, ErrorCode::value,
        "SGD: momentum = ", options.momentum, ", expected 0 <= momentum < 1");
  check(!options.nesterov || options.momentum > 0, ErrorCode::value,
        "SGD: nesterov needs a momentum");
}

void SGD::update(State& s, const Tensor& gradient, Real scale, int threads) {
  const auto rate = static_cast<Real>(lr()), momentum = static_cast<Real>(options_.momentum),
             decay = static_cast<Real>(s.weight_decay);
  const bool nesterov = options_.nesterov;
  Real* w = s.parameter->value.data();
  Real* m = s.first.empty() ? nullptr : s.first.data();
  const Real* from = gradient.data();
  parallel_for(threads, gradient.size(), grain, [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      Real g = scale * from[i] + decay * w[i];
      if (m) {
        m[i] = momentum * m[i] + g;
        g = nesterov ? g + momentum * m[i] : m[i];
      }
      w[i] -= rate * g;
    }
  });
}

const std::vector<std::string>& optimizer_names() {
  static const std::vector<std::string> names{"adam", "adamw", "sgd"};
  return names;
}

std::unique_ptr<Optimizer> make_optimizer(const std::string& name,
                                          const std::vector<ParameterGroup>& groups, double lr,
                                          double momentum) {
  if (name == "adam") return std::make_unique<Adam>(groups, AdamOptions{.lr = lr});
  if (name == "adamw")
    return std::make_unique<Adam>(groups, AdamOptions{.lr = lr, .decoupled = true});
  if (name == "sgd") return std::make_unique<SGD>(groups, SGDOptions{lr, momentum});
  fail(ErrorCode::usage, "optimizer \"", name, "\" is not known",
       suggestion(name, optimizer_names()));
}

}  // namespace AGATE_NAMESPACE::train
