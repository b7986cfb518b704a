#pragma once
/// \file
/// The symmetric normalisation of a weighted adjacency matrix.

#include <agate/tensor/sparse.hpp>
#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// The values of D^-1/2 A D^-1/2, for the square matrix A with the entries of `pattern` and one of
/// `values` for each of them; D(i) is the sum of row i, and D^-1/2 is 0 where that is 0.
/// Error(shape) when the sizes do not fit, Error(value) for a row with a negative sum.
Var symmetric_normalize(const SparseMatrix& pattern, const Var& values);

}  // namespace AGATE_NAMESPACE
