#pragma once
/// \file
/// Matrix products.

#include <agate/tensor/features.hpp>
#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// a (m x k) times b (k x n). Error(shape) when the inner extents differ.
Var matmul(const Var& a, const Var& b);

/// y(i, h, d) = sum over c of x(i, h, c) * weight(h, c, d): each head of x (n x heads * C) times
/// its own matrix, weight (heads * C) x D, y n x (heads * D). Error(shape) when they do not fit.
Var head_matmul(const Var& x, const Var& weight, Index heads);

/// The columns of x (m x n) as rows.
Var transpose(const Var& x);

/// x W^T, with x (n x in) dense or sparse and W (out x in), as torch stores it. Applies the dropout
/// that x waits for. Error(shape) when the extents differ, or when `out` is not a multiple of the
/// number of dropout groups.
Var linear(const Features& x, const Var& weight);
/// add_bias(linear(x, weight), bias), without a pass of its own for dense x. Error(shape) as there.
Var linear(const Features& x, const Var& weight, const Var& bias);

/// A constant sparse matrix (m x k) times b (k x n): GCN's aggregation.
Var sparse_matmul(const SparseMatrix& a, const Var& b);
/// (a + shift I) b with a square a and one number `shift`, which may have a gradient: GIN's
/// aggregation. Error(shape) also when a is not square or shift holds more.
Var shifted_matmul(const SparseMatrix& a, const Var& shift, const Var& b);
/// The first with `values` (one per entry of a) in the place of a's own, and a gradient to them.
/// Error(shape) when their number differs.
Var sparse_matmul(const SparseMatrix& a, const Var& values, const Var& b);

}  // namespace AGATE_NAMESPACE
