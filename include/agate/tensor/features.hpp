#pragma once
/// \file
/// FeatureMatrix: what is known of each node, one row each, dense or sparse.

#include <agate/tensor/sparse.hpp>
#include <agate/tensor/tensor.hpp>
#include <variant>

namespace AGATE_NAMESPACE {

/// Dense (a Tensor of two dimensions) or sparse. Sparse features are never densified.
using FeatureMatrix = std::variant<Tensor, SparseMatrix>;

inline Index rows(const FeatureMatrix& x) {
  return std::visit([](const auto& m) { return m.rows(); }, x);
}
inline Index cols(const FeatureMatrix& x) {
  return std::visit([](const auto& m) { return m.cols(); }, x);
}

}  // namespace AGATE_NAMESPACE
