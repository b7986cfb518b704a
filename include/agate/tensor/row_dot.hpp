#pragma once
/// \file
/// Inner products of rows.

#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// y(i, 0) = sum over c of a(i, c) b(i, c); a and b of one shape, n x channels -> n x 1.
/// Error(shape) otherwise.
Var row_dot(const Var& a, const Var& b);

}  // namespace AGATE_NAMESPACE
