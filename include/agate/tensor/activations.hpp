#pragma once
/// \file
/// Activations, element by element. NaN in, NaN out.

#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

Var relu(const Var& x);                                         ///< max(0, x)
Var leaky_relu(const Var& x, Real negative_slope = Real(0.2));  ///< x > 0 ? x : slope * x
Var elu(const Var& x);                                          ///< x > 0 ? x : exp(x) - 1
Var gelu(const Var& x);                                         ///< x * Phi(x), exactly
Var sigmoid(const Var& x);                                      ///< 1 / (1 + exp(-x))
Var tanh(const Var& x);                                         ///< of each element
Var exp(const Var& x);                                          ///< of each element

/// An activation by name: `relu`, `leaky_relu`, `elu`, `gelu`, `sigmoid`, `tanh`, `none`.
/// Error(usage) for another, with the nearest known.
Var activation(const std::string& name, const Var& x);
/// The names that activation() knows.
const std::vector<std::string>& activation_names();
/// Throws what activation() would, the message starting with `where`.
void check_activation(const char* where, const std::string& name);

}  // namespace AGATE_NAMESPACE
