#pragma once
// Gradients of the parameters of a layer by central differences, in double.

#include <agate/nn/module.hpp>
#include <functional>
#include <string>

#include "catch.hpp"
#include "gradient_check.hpp"
#include "operation_table.hpp"

namespace AGATE_NAMESPACE {

// Gradients of every parameter, in training with dropout where the layer has it.
template <class Layer>
void check_gradients(const std::string& name, Layer& layer,
                     const std::function<Var(Tape&)>& forward) {
  // Biases start at zero, where a node without features would sit on the kink of LeakyReLU.
  for (auto& [key, parameter] : layer.parameters())
    if (key.find("bias") != std::string::npos)
      parameter->value = table::example(parameter->value.shape(), 7);
  Tensor cotangent;
  auto evaluate = [&] {
    Tape tape({.training = true, .record = false, .seed = 3, .threads = 1});
    const Var y = forward(tape);
    if (cotangent.empty()) cotangent = table::example(y.shape(), 99);
    double sum = 0;
    for (Index i = 0; i < y.value().size(); ++i) sum += y.value().data()[i] * cotangent.data()[i];
    return sum;
  };
  evaluate();
  Tape tape({.training = true, .seed = 3, .threads = 1});
  tape.backward(forward(tape), cotangent);
  for (auto& [key, parameter] : layer.parameters()) {
    if (!parameter->trainable) continue;
    INFO(name << ", " << key);
    REQUIRE(tape.gradient(*parameter) != nullptr);
    CHECK(gradient_error(parameter->value, *tape.gradient(*parameter), evaluate) <= 1e-7);
  }
}

}  // namespace AGATE_NAMESPACE
