#pragma once
/// \file
/// Normalisation of columns over each graph of a packed batch.

#include <agate/tensor/tape.hpp>
#include <span>

namespace AGATE_NAMESPACE {

/// Of each segment of the rows, offsets[b] .. offsets[b + 1] - 1, and column c (Cai et al. 2021):
///   o(i, c) = x(i, c) - mean_scale(c) * mean(b, c)
///   y(i, c) = weight(c) * o(i, c) / sqrt(mean over the segment of o(., c)^2 + eps) + bias(c).
/// Without offsets all rows are one segment. Weight, bias and mean_scale hold one number per
/// column. Error(shape) when the sizes do not fit, Error(value) unless the offsets run from 0 to
/// the number of rows without falling.
Var graph_norm(const Var& x, std::span<const Index> offsets, const Var& weight, const Var& bias,
               const Var& mean_scale, Real eps);

}  // namespace AGATE_NAMESPACE
