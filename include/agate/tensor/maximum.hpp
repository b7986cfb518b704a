#pragma once
/// \file
/// The greater of two, element by element.

#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// max(a, b), of one shape. Of equals the gradient goes to a. NaN in, NaN out. Error(shape) when
/// the shapes differ.
Var maximum(const Var& a, const Var& b);

}  // namespace AGATE_NAMESPACE
