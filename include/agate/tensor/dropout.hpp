#pragma once
/// \file
/// Dropout (Srivastava et al. 2014): each element is zeroed with probability p and the others are
/// divided by 1 - p. The mask is a function of the tape's seed, step and operation number: it is
/// recomputed in the backward pass, not stored, and does not depend on the number of threads.

#include <agate/core/random.hpp>
#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// The decision of one dropout, element by element. Without training, or with p = 0, keeps all.
class DropoutMask {
 public:
  DropoutMask() = default;
  /// Error(value) unless 0 <= p < 1. `name` is for the message.
  DropoutMask(Tape& tape, Real p, const char* name);

  bool active() const { return active_; }
  const RandomKey& key() const { return key_; }
  std::uint32_t threshold() const { return threshold_; }  ///< words below it are dropped
  Real kept_scale() const { return scale_; }              ///< 1 / (1 - p)
  /// 0 or 1 / (1 - p).
  Real operator()(std::uint64_t element) const {
    return !active_ || key_.word(element) >= threshold_ ? scale_ : Real(0);
  }

 private:
  RandomKey key_;
  std::uint32_t threshold_ = 0;
  Real scale_ = 1;
  bool active_ = false;
};

/// Identity unless the tape is in training.
Var dropout(const Var& x, Real p);

}  // namespace AGATE_NAMESPACE
