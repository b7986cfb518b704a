#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/tensor/activations.hpp>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernels/elementary.hpp"
#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

// y = f(x); dx = dy * slope(y): the derivative of each of these follows from the result alone.
template <class Slope>
Var record_activation(const Var& x, Tensor y, Slope slope) {
  Tape& tape = x.tape();
  return tape.record(y, {&x}, [&] {
    return [&tape, dx = x.gradient(), y, slope](const Tensor& dy) {
      dx.add(map(tape, dy, y, [slope](Real d, Real v) { return d * slope(v); }));
    };
  });
}

}  // namespace

Var relu(const Var& x) {
  Tape& tape = x.tape();
  Tensor y = make_runs(tape, x.shape(), [from = x.value().data()](Index at, Index n, Real* to) {
    kernels::relu(n, from + at, to);
  });
  return tape.record(y, {&x}, [&] {
    return [&tape, dx = x.gradient(), y](const Tensor& dy) {
      dx.add(make_runs(tape, y.shape(), [&](Index at, Index n, Real* to) {
        kernels::relu_backward(n, y.data() + at, dy.data() + at, to);
      }));
    };
  });
}

Var leaky_relu(const Var& x, Real negative_slope) {
  check(negative_slope >= 0, ErrorCode::value, "leaky_relu: negative_slope = ", negative_slope,
        ", expected 0 or more");
  Tape& tape = x.tape();
  Tensor y = make_runs(tape, x.shape(), [=, from = x.value().data()](Index at, Index n, Real* to) {
    kernels::leaky_relu(n, negative_slope, from + at, to);
  });
  return tape.record(y, {&x}, [&] {
    return [&tape, dx = x.gradient(), y, negative_slope](const Tensor& dy) {
      dx.add(make_runs(tape, y.shape(), [&](Index at, Index n, Real* to) {
        kernels::leaky_relu_backward(n, negative_slope, y.data() + at, dy.data() + at, to);
      }));
    };
  });
}

Var elu(const Var& x) {
  Tape& tape = x.tape();
  Tensor y = make_runs(tape, x.shape(), [from = x.value().data()](Index at, Index n, Real* to) {
    kernels::elu(n, from + at, to);
  });
  return tape.record(y, {&x}, [&] {
    return [&tape, dx = x.gradient(), y](const Tensor& dy) {
      dx.add(make_runs(tape, y.shape(), [&](Index at, Index n, Real* to) {
        kernels::elu_backward(n, y.data() + at, dy.data() + at, to);
      }));
    };
  });
}

Var gelu(const Var& x) {
  Tape& tape = x.tape();
  const auto below = [](Real v) {
    return std::erfc(-v * std::numbers::sqrt2_v<Real> / 2) / 2;  // the normal distribution
  };
  Tensor y = map(tape, x.value(), [=](Real v) { return v * below(v); });
  return tape.record(std::move(y), {&x}, [&] {
    return [&tape, x, below](const Tensor& dy) {
      const Real density = std::numbers::inv_sqrtpi_v<Real> / std::numbers::sqrt2_v<Real>;
      x.gradient().add(map(tape, dy, x.value(), [=](Real d, Real v) {
        return d * (below(v) + v * density * std::exp(-v * v / 2));
      }));
    };
  });
}

Var exp(const Var& x) {
  Tensor y = map(x.tape(), x.value(), [](Real v) { return std::exp(v); });
  return record_activation(x, std::move(y), [](Real v) { return v; });
}

Var sigmoid(const Var& x) {
  Tensor y = map(x.tape(), x.value(), [](Real v) { return 1 / (1 + std::exp(-v)); });
  return record_activation(x, std::move(y), [](Real v) { return v * (1 - v); });
}

Var tanh(const Var& x) {
  Tensor y = map(x.tape(), x.value(), [](Real v) { return std::tanh(v); });
  return record_activation(x, std::move(y), [](Real v) { return 1 - v * v; });
}

const std::vector<std::string>& activation_names() {
  static const std::vector<std::string> names{"relu",    "leaky_relu", "elu", "gelu",
                                              "sigmoid", "tanh",       "none"};
  return names;
}

namespace {

[[noreturn]] void unknown(const std::string& where, const std::string& name) {
  fail(ErrorCode::usage, where, "activation \"", name, "\" is not known",
       suggestion(name, activation_names()));
}

}  // namespace

Var activation(const std::string& name, const Var& x) {
  if (name == "relu") return relu(x);
  if (name == "leaky_relu") return leaky_relu(x);
  if (name == "elu") return elu(x);
  if (name == "gelu") return gelu(x);
  if (name == "sigmoid") return sigmoid(x);
  if (name == "tanh") return tanh(x);
  if (name == "none") return x;
  unknown("", name);
}

void check_activation(const char* where, const std::string& name) {
  const auto& known = activation_names();
  if (std::find(known.begin(), known.end(), name) == known.end())
    unknown(std::string(where) + ": ", name);
}

}  // namespace AGATE_NAMESPACE
