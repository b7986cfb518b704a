#include "kernels/highway.hpp"
#if defined(AGATE_USE_HIGHWAY)

#include "kernels/column_passes.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/column_passes_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace agate::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR
using kernels::scalar::add_row;
using kernels::scalar::normalize_columns;
using kernels::scalar::normalize_columns_backward;
using kernels::scalar::sum_columns;
using kernels::scalar::sum_products;
using kernels::scalar::sum_squares;
#else
namespace hn = hwy::HWY_NAMESPACE;
using kernels::Cut;
using kernels::NormalizedColumns;
using kernels::Rows;
using Floats = hn::ScalableTag<Real>;
using Vec = hn::Vec<Floats>;

// Calls body<v>(c) for v vectors of columns at a time, for as many whole vectors as there are; the
// columns left over. Sums of several columns do not wait for each other.
template <class Body>
HWY_INLINE Index for_blocks(const Rows& shape, Body&& body) {
  const auto lanes = static_cast<Index>(hn::Lanes(Floats()));
  Index c = 0;
  for (; c + 4 * lanes <= shape.cols; c += 4 * lanes) body.template operator()<4>(c);
  for (; c + lanes <= shape.cols; c += lanes) body.template operator()<1>(c);
  return c;
}

template <class Body>
HWY_INLINE Index for_vectors(const Rows& shape, Body&& body) {
  const auto lanes = static_cast<Index>(hn::Lanes(Floats()));
  Index c = 0;
  for (; c + lanes <= shape.cols; c += lanes) body(c);
  return c;
}

Rows behind(const Rows& shape, Index c) { return {shape.rows, shape.cols - c, shape.stride}; }

HWY_INLINE Vec load(const Real* from) { return hn::LoadU(Floats(), from); }

// dy, or 0, where x is so far from the means of the columns from c on.
HWY_INLINE Vec counted(Vec dy, Vec difference, const Cut* cut, Index c) {
  if (!cut) return dy;
  const auto y = hn::MulAdd(difference, load(cut->by + c), load(cut->plus + c));
  return hn::IfThenElseZero(hn::Gt(y, hn::Zero(Floats())), dy);
}

// The cut of the columns left over.
struct CutBehind {
  CutBehind(const Cut* from, Index c) : cut(from ? Cut{from->by + c, from->plus + c} : Cut{}) {
    if (from) at = &cut;
  }
  Cut cut;
  const Cut* at = nullptr;
};

HWY_INLINE void add_to(Vec run, double* sum) {
  const hn::RepartitionToWide<Floats> d;
  const hn::Half<Floats> half;
  const auto lanes = hn::Lanes(d);
  const auto low = hn::PromoteTo(d, hn::LowerHalf(half, run));
  const auto high = hn::PromoteTo(d, hn::UpperHalf(half, run));
  hn::StoreU(hn::Add(hn::LoadU(d, sum), low), d, sum);
  hn::StoreU(hn::Add(hn::LoadU(d, sum + lanes), high), d, sum + lanes);
}

// sum(c) += the sum over the rows of f(offset) for the vectors of columns; f is made for a column.
template <class Make>
HWY_INLINE Index sum_over_rows(const Rows& shape, double* sum, Make make) {
  Index done = 0;
  for (Index start = 0; start < shape.rows; start += kernels::rows_at_a_time) {
    const Index end = HWY_MIN(shape.rows, start + kernels::rows_at_a_time);
    done = for_blocks(shape, [&]<Index kVectors>(Index c) HWY_ATTR {
      const auto n = static_cast<Index>(hn::Lanes(Floats()));
      Vec run[kVectors];
      for (Index v = 0; v < kVectors; ++v) run[v] = hn::Zero(Floats());
      for (Index o = start * shape.stride + c; o < end * shape.stride; o += shape.stride)
        for (Index v = 0; v < kVectors; ++v) run[v] = hn::Add(run[v], make(c + v * n)(o + v * n));
      for (Index v = 0; v < kVectors; ++v) add_to(run[v], sum + c + v * n);
    });
  }
  return done;
}

void add_row(const Rows& shape, const Real* x, const Real* plus, Real* y) {
  Index done = 0;
  for (Index i = 0; i < shape.rows; ++i)
    done = for_vectors(shape, [&, at = i * shape.stride](Index c) HWY_ATTR {
      hn::StoreU(hn::Add(load(x + at + c), load(plus + c)), Floats(), y + at + c);
    });
  kernels::scalar::add_row(behind(shape, done), x + done, plus + done, y + done);
}

void sum_columns(const Rows& shape, const Real* x, double* sum) {
  const Index done = sum_over_rows(
      shape, sum, [=](Index) HWY_ATTR { return [=](Index o) HWY_ATTR { return load(x + o); }; });
  kernels::scalar::sum_columns(behind(shape, done), x + done, sum + done);
}

void sum_squares(const Rows& shape, const Real* x, const Real* mean, double* sum) {
  const Index done = sum_over_rows(shape, sum, [=](Index c) HWY_ATTR {
    return [x, middle = load(mean + c)](Index o) HWY_ATTR {
      const auto v = hn::Sub(load(x + o), middle);
      return hn::Mul(v, v);
    };
  });
  kernels::scalar::sum_squares(behind(shape, done), x + done, mean + done, sum + done);
}

void sum_products(const Rows& shape, const Real* dy, const Real* x, const Real* mean,
                  const Real* by, double* sum, double* products, const Cut* cut) {
  Index done = 0;
  for (Index start = 0; start < shape.rows; start += kernels::rows_at_a_time) {
    const Index end = HWY_MIN(shape.rows, start + kernels::rows_at_a_time);
    done = for_blocks(shape, [&]<Index kVectors>(Index c) HWY_ATTR {
      const auto n = static_cast<Index>(hn::Lanes(Floats()));
      Vec run[kVectors], product[kVectors];
      for (Index v = 0; v < kVectors; ++v) run[v] = product[v] = hn::Zero(Floats());
      for (Index row = start * shape.stride + c; row < end * shape.stride; row += shape.stride)
        for (Index v = 0; v < kVectors; ++v) {
          const Index o = row + v * n, at = c + v * n;
          const auto difference = hn::Sub(load(x + o), load(mean + at));
          const auto d = counted(load(dy + o), difference, cut, at);
          const auto normal = hn::Mul(difference, load(by + at));
          run[v] = hn::Add(run[v], d);
          product[v] = hn::MulAdd(d, normal, product[v]);
        }
      for (Index v = 0; v < kVectors; ++v) {
        add_to(run[v], sum + c + v * n);
        add_to(product[v], products + c + v * n);
      }
    });
  }
  kernels::scalar::sum_products(behind(shape, done), dy + done, x + done, mean + done, by + done,
                                sum + done, products + done, CutBehind(cut, done).at);
}

void normalize_columns(const Rows& shape, const Real* x, const Real* mean, const Real* by,
                       const Real* plus, Real* y, Real least) {
  Index done = 0;
  for (Index i = 0; i < shape.rows; ++i)
    done = for_vectors(shape, [&, at = i * shape.stride](Index c) HWY_ATTR {
      const auto v = hn::Sub(load(x + at + c), load(mean + c));
      const auto normal = hn::MulAdd(v, load(by + c), load(plus + c)),
                 low = hn::Set(Floats(), least);
      hn::StoreU(hn::IfThenElse(hn::Lt(normal, low), low, normal), Floats(), y + at + c);
    });
  kernels::scalar::normalize_columns(behind(shape, done), x + done, mean + done, by + done,
                                     plus + done, y + done, least);
}

void normalize_columns_backward(const Rows& shape, const Real* dy, const Real* x,
                                const NormalizedColumns& columns, Real* dx, const Cut* cut) {
  const auto [mean, times, level, slope] = columns;
  Index done = 0;
  for (Index i = 0; i < shape.rows; ++i)
    done = for_vectors(shape, [&, m = mean, t = times, l = level, s = slope,
                               at = i * shape.stride](Index c) HWY_ATTR {
      const auto v = hn::Sub(load(x + at + c), load(m + c));
      const auto rest = hn::Sub(counted(load(dy + at + c), v, cut, c), load(l + c));
      hn::StoreU(hn::Mul(load(t + c), hn::NegMulAdd(v, load(s + c), rest)), Floats(), dx + at + c);
    });
  kernels::scalar::normalize_columns_backward(
      behind(shape, done), dy + done, x + done,
      {mean + done, times + done, level + done, slope + done}, dx + done, CutBehind(cut, done).at);
}

#endif  // HWY_SCALAR
}  // namespace agate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace agate {
HWY_EXPORT(add_row);
HWY_EXPORT(sum_columns);
HWY_EXPORT(sum_squares);
HWY_EXPORT(sum_products);
HWY_EXPORT(normalize_columns);
HWY_EXPORT(normalize_columns_backward);
}  // namespace agate

namespace AGATE_NAMESPACE::kernels::vectorized {

void add_row(const Rows& shape, const Real* x, const Real* plus, Real* y) {
  HWY_DYNAMIC_DISPATCH(agate::add_row)(shape, x, plus, y);
}

void sum_columns(const Rows& shape, const Real* x, double* sum) {
  HWY_DYNAMIC_DISPATCH(agate::sum_columns)(shape, x, sum);
}

void sum_squares(const Rows& shape, const Real* x, const Real* mean, double* sum) {
  HWY_DYNAMIC_DISPATCH(agate::sum_squares)(shape, x, mean, sum);
}

void sum_products(const Rows& shape, const Real* dy, const Real* x, const Real* mean,
                  const Real* by, double* sum, double* products, const Cut* cut) {
  HWY_DYNAMIC_DISPATCH(agate::sum_products)(shape, dy, x, mean, by, sum, products, cut);
}

void normalize_columns(const Rows& shape, const Real* x, const Real* mean, const Real* by,
                       const Real* plus, Real* y, Real least) {
  HWY_DYNAMIC_DISPATCH(agate::normalize_columns)(shape, x, mean, by, plus, y, least);
}

void normalize_columns_backward(const Rows& shape, const Real* dy, const Real* x,
                                const NormalizedColumns& columns, Real* dx, const Cut* cut) {
  HWY_DYNAMIC_DISPATCH(agate::normalize_columns_backward)(shape, dy, x, columns, dx, cut);
}

}  // namespace AGATE_NAMESPACE::kernels::vectorized
#endif  // HWY_ONCE
#endif  // AGATE_USE_HIGHWAY
