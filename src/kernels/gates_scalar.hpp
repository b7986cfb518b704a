#pragma once
// The formula of a gate for single numbers.

#include <agate/core/config.hpp>
#include <cmath>

namespace AGATE_NAMESPACE::kernels::scalar {

inline Real sigmoid(Real v) { return 1 / (1 + std::exp(-v)); }

}  // namespace AGATE_NAMESPACE::kernels::scalar
