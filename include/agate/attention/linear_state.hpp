#pragma once
/// \file
/// LinearState: linear attention one position at a time, in memory that does not grow with the
/// length (see linear_attention.hpp, whose formulas and names these are).

#include <agate/tensor/tensor.hpp>
#include <span>

namespace AGATE_NAMESPACE {

/// S and its sum below the fraction, of some sequences and heads:
///   S = sum over the keys seen of w phi_k (x) v,   z = sum of w phi_k.
/// Outside any tape: nothing of it has a gradient.
class LinearState {
 public:
  /// Empty, of so many sequences.
  LinearState(Index sequences, Index heads, Index features, Index channels);

  /// Row r is one more key of sequence r: phi_k is sequences x (heads * features), values sequences
  /// x (heads * channels), gate empty or the logits sequences x heads. Error(shape) when they do
  /// not fit.
  void remember(const Tensor& phi_k, const Tensor& values, const Tensor& gate = {});
  /// All keys of all sequences at once: sequence b has the rows offsets[b] .. offsets[b + 1] - 1.
  void remember(const Tensor& phi_k, const Tensor& values, std::span<const Index> offsets);

  /// What row r, a query phi_q (sequences x (heads * features)) of sequence r, gets: sequences x
  /// (heads * channels). A sequence without keys gives zero.
  Tensor recall(const Tensor& phi_q, Real eps = Real(1e-3)) const;

  /// The sequences named, in this order; one may be named more than once.
  LinearState select(std::span<const Index> sequences) const;

  Index sequences() const { return state_.rows(); }
  std::size_t bytes() const { return static_cast<std::size_t>(state_.size()) * sizeof(Real); }

 private:
  void check_keys(const Tensor& phi_k, const Tensor& values, Index rows) const;
  void add(Index sequence, const Real* phi_k, const Real* values, const Real* gate);

  Index heads_, features_, channels_;
  Tensor state_;  // a row for each sequence: heads x features x (channels of S, then z)
};

}  // namespace AGATE_NAMESPACE
