#pragma once
/// \file
/// KeyValueCache: what causal attention has seen of some sequences that are said side by side, one
/// position at a time.

#include <agate/attention/support.hpp>
#include <agate/tensor/tensor.hpp>
#include <span>

namespace AGATE_NAMESPACE::nn {

/// Keys and values of `length()` positions of each of `sequences()` sequences. Grows by doubling,
/// so that a position costs no more than its own share of copies.
class KeyValueCache {
 public:
  /// The next position of every sequence: a row each. The first call says how many there are, and
  /// how many columns. Error(shape) for others later.
  void append(const Tensor& keys, const Tensor& values);

  /// The rows of sequence r begin at r * capacity: what lies behind its length is no key of
  /// support().
  const Tensor& keys() const { return keys_; }
  const Tensor& values() const { return values_; }
  /// One query of each sequence sees all of its positions.
  Support support() const;

  /// The sequences named go on, in this order; one may be named more than once. Error(shape) for
  /// one that does not exist.
  KeyValueCache select(std::span<const Index> sequences) const;

  Index sequences() const { return sequences_; }
  Index length() const { return length_; }

 private:
  void grow(Index capacity, std::span<const Index> sequences);

  Tensor keys_, values_;
  Index sequences_ = 0, length_ = 0, capacity_ = 0;
};

}  // namespace AGATE_NAMESPACE::nn
