#pragma once
// Tensors in tests: random ones, parts of them, and how near two are to each other.

#include <agate/core/random.hpp>
#include <agate/tensor/tensor.hpp>
#include <algorithm>
#include <cmath>

#include "catch.hpp"

inline agate::Tensor random_rows(agate::Index rows, agate::Index columns, agate::Random& random) {
  agate::Tensor t = agate::Tensor::uninitialized({rows, columns});
  for (agate::Real& v : t.values()) v = static_cast<agate::Real>(random.normal());
  return t;
}

/// Rows begin to end - 1.
inline agate::Tensor part(const agate::Tensor& x, agate::Index begin, agate::Index end) {
  return agate::Tensor::from(
      {end - begin, x.cols()},
      x.values().subspan(static_cast<std::size_t>(begin * x.cols()),
                         static_cast<std::size_t>((end - begin) * x.cols())));
}

inline double dot(const agate::Real* a, const agate::Real* b, agate::Index n) {
  double sum = 0;
  for (agate::Index i = 0; i < n; ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

/// The greatest absolute difference of two entries at the same place.
inline double difference(const agate::Tensor& a, const agate::Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  double most = 0;
  for (agate::Index i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(static_cast<double>(a.data()[i]) - b.data()[i]));
  return most;
}

inline void check_near(const agate::Tensor& a, const agate::Tensor& b, double tolerance = 1e-5) {
  REQUIRE(a.shape() == b.shape());
  for (agate::Index i = 0; i < a.size(); ++i)
    REQUIRE(static_cast<double>(a.data()[i]) == Approx(b.data()[i]).margin(tolerance));
}
