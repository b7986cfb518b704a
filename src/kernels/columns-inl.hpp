// Runs of columns for loops that read and write a vector at a time and nothing beyond a row.
// Included once per instruction set by the SIMD kernels: no ordinary include guard.
#if defined(AGATE_KERNELS_COLUMNS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AGATE_KERNELS_COLUMNS_INL
#undef AGATE_KERNELS_COLUMNS_INL
#else
#define AGATE_KERNELS_COLUMNS_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {

// Whether a row of so many columns is less than a vector: then for_columns cannot serve it.
HWY_INLINE bool less_than_a_vector(Index width) {
  namespace hn = hwy::HWY_NAMESPACE;
  return width < static_cast<Index>(hn::Lanes(hn::ScalableTag<Real>()));
}

// column(c, done) for vectors from column c on; the last one begins where it fits, and its first
// `done` columns were there before.
template <class Column>
HWY_INLINE void for_columns(Index width, Column&& column) {
  namespace hn = hwy::HWY_NAMESPACE;
  const auto lanes = static_cast<Index>(hn::Lanes(hn::ScalableTag<Real>()));
  Index c = 0;
  for (; c + lanes <= width; c += lanes) column(c, Index{0});
  if (c < width) column(width - lanes, c + lanes - width);
}

// v, but 0 in the first `done` lanes.
template <class V>
HWY_INLINE V without_first(V v, Index done) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<Real> d;
  return hn::IfThenZeroElse(hn::FirstN(d, static_cast<std::size_t>(done)), v);
}

}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
