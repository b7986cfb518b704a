#pragma once
/// \file
/// Rows that add up to 1.

#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// y(i, c) = x(i, c) / max(sum over k of |x(i, k)|, eps): torch's functional.normalize with p = 1.
Var l1_normalize(const Var& x, Real eps = Real(1e-12));

}  // namespace AGATE_NAMESPACE
