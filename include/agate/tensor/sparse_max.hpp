#pragma once
/// \file
/// The greatest of the rows that a sparse matrix names.

#include <agate/tensor/sparse.hpp>
#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// y(i, c) = the greatest of x(j, c) over the entries (i, j) of `pattern`, whose values do not
/// matter; 0 where row i has no entry; NaN where one of them is NaN. The entries that share the
/// greatest value share its gradient equally, as in torch's scatter_reduce with amax. Error(shape)
/// when pattern has other columns than x has rows.
Var sparse_max(const SparseMatrix& pattern, const Var& x);

}  // namespace AGATE_NAMESPACE
