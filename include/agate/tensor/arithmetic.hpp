#pragma once
/// \file
/// Sums and products, element by element. All throw Error(shape) when shapes do not fit.

#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

Var add(const Var& a, const Var& b);         ///< a + b, of one shape
Var subtract(const Var& a, const Var& b);    ///< a - b, of one shape
Var multiply(const Var& a, const Var& b);    ///< a * b, element by element, of one shape
Var scale(const Var& x, Real factor);        ///< factor * x
Var scale(const Var& x, const Var& factor);  ///< factor * x, with a factor of one element
/// x (rows x C) with row i multiplied by factors (rows x 1)(i).
Var scale_rows(const Var& x, const Var& factors);
/// x (rows x C) + bias (C) on every row.
Var add_bias(const Var& x, const Var& bias);

}  // namespace AGATE_NAMESPACE
