// The scores of the messages of a row as one run of numbers. Included once per instruction set by
// the SIMD kernels: no ordinary include guard.
#if defined(AGATE_KERNELS_SCORE_RUN_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AGATE_KERNELS_SCORE_RUN_INL
#undef AGATE_KERNELS_SCORE_RUN_INL
#else
#define AGATE_KERNELS_SCORE_RUN_INL
#endif

#include <cstring>

#include "kernels/rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET != HWY_SCALAR

// The scores of one row, message after message, as one run of numbers. A message takes `stride`
// numbers: its heads, padded so that a whole number of messages fills a whole number of vectors;
// `period` numbers later the pattern of heads repeats.
class ScoreRun {
 public:
  explicit ScoreRun(Index heads) : heads_(heads) {
    const Index n = lanes();
    while (stride_ < heads && stride_ < n) stride_ *= 2;
    if (stride_ < heads) stride_ = (heads + n - 1) / n * n;
    period_ = std::max(stride_, n);
    for (Index step = stride_; step < n; step *= 2, ++rotations_)
      for (Index l = 0; l < n; ++l)
        rotation_[rotations_][l] = static_cast<std::int32_t>((l + step) % n);
  }
  Index stride() const { return stride_; }
  Index period() const { return period_; }
  // Numbers that `messages` take, rounded up to whole periods.
  Index size(Index messages) const {
    return (messages * stride_ + period_ - 1) / period_ * period_;
  }

  void resize(std::vector<Real>& run, Index messages) const {
    const auto needed = static_cast<std::size_t>(size(messages) + most_lanes);
    if (run.size() < needed) run.resize(2 * needed);
  }
  // One number per head for message k; the padding is 0.
  void put(Real* run, Index k, const Real* of_head) const {
    Real* to = run + k * stride_;
    // Sizes known to the compiler become single moves.
    if (heads_ == stride_ && heads_ == 8)
      std::memcpy(to, of_head, 8 * sizeof(Real));
    else if (heads_ == stride_ && heads_ == 4)
      std::memcpy(to, of_head, 4 * sizeof(Real));
    else if (heads_ == 1)
      to[0] = of_head[0];
    else {
      for (Index h = 0; h < heads_; ++h) to[h] = of_head[h];
      for (Index h = heads_; h < stride_; ++h) to[h] = 0;
    }
  }
  // One number per head, repeated over a period.
  void repeat(std::vector<Real>& pattern, const Real* of_head) const {
    if (std::ssize(pattern) < period_) pattern.resize(static_cast<std::size_t>(period_));
    put(pattern.data(), 0, of_head);
    // The period is the stride times a power of two.
    for (Index filled = stride_; filled < period_; filled *= 2)
      std::copy_n(pattern.data(), filled, pattern.data() + filled);
  }
  // Combines the numbers of each head in a vector of a period: every lane gets the result of its
  // head.
  template <class Combine>
  HWY_INLINE Vec all_lanes(Vec v, Combine combine) const {
    const hn::ScalableTag<Real> d;
    for (int r = 0; r < rotations_; ++r)
      v = combine(v, hn::TableLookupLanes(v, hn::SetTableIndices(d, rotation_[r])));
    return v;
  }
  // Stores what a vector of a period at offset `at` says of its heads.
  HWY_INLINE void store_heads(Vec v, Index at, Real* of_head) const {
    store_part(v, of_head + at, std::min(lanes(), heads_ - at));
  }

 private:
  Index heads_, stride_ = 1, period_ = 1;
  // Turning a vector by stride, 2 stride, ... lanes brings the lanes of each head together.
  int rotations_ = 0;
  alignas(64) std::int32_t rotation_[8][most_lanes];
};

// Calls f(offset of a vector in the run) for the vectors of a run of `size` numbers that lie at
// offset `at` of their periods.
template <class F>
HWY_INLINE void for_run(const ScoreRun& run, Index size, Index at, F&& f) {
  for (Index o = at; o < size; o += run.period()) f(o);
}

#endif  // not HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
