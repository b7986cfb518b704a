#pragma once
// The formulas of the scores for single numbers.

#include <cmath>

#include "kernels/scores.hpp"

namespace AGATE_NAMESPACE::kernels::scalar {

using N = Real;
inline Real sum(Real a, Real b) { return a + b; }
inline Real subtract(Real a, Real b) { return a - b; }
inline Real multiply(Real a, Real b) { return a * b; }
inline Real of(Real a) { return a; }
inline Real load(const Real* from) { return *from; }
inline Real if_above(Real a, Real b, Real c) { return a > 0 ? b : c; }
inline Real tanh_of(Real a) { return std::tanh(a); }

#define AGATE_FORMULA inline
#include "kernels/score_formulas.inc"
#undef AGATE_FORMULA

}  // namespace AGATE_NAMESPACE::kernels::scalar
