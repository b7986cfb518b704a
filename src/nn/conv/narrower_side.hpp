#pragma once
// Linear aggregations commute with the projection; they cost less on the narrower side of it.

#include <agate/tensor/features.hpp>
#include <agate/tensor/linear.hpp>

namespace AGATE_NAMESPACE::nn {

// aggregate(x) W^T. Sparse features are projected first, and so are features that wait for a
// dropout, which the projection applies.
template <class Aggregate>
Var project_aggregated(const Features& x, const Var& weight, Aggregate aggregate) {
  const bool narrow = !x.is_sparse() && x.masks().empty() && weight.cols() < weight.rows();
  return narrow ? linear(aggregate(x.dense()), weight) : aggregate(linear(x, weight));
}

}  // namespace AGATE_NAMESPACE::nn
