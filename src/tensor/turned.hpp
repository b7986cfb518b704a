#pragma once
// Transposes of matrices in memory.

#include <agate/tensor/tape.hpp>

#include "kernels/gemm.hpp"

namespace AGATE_NAMESPACE {

// x^T.
Tensor transposed(Tape& tape, const Tensor& x);

// A weight W for products x W^T of many rows, which are made in blocks: each would turn W again for
// itself, so it is turned once here where that is worth it.
class TurnedWeight {
 public:
  TurnedWeight(Tape& tape, const Tensor& weight, Index rows);
  // W^T from its column `first` on.
  kernels::Matrix from(Index first) const {
    if (turned_.empty()) return {weight_.row(first), weight_.cols(), true};
    return {turned_.data() + first, weight_.rows()};
  }

 private:
  Tensor weight_, turned_;
};

}  // namespace AGATE_NAMESPACE
