#include <agate/core/error.hpp>
#include <agate/tensor/graph_norm.hpp>
#include <algorithm>
#include <cmath>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

constexpr Index columns_per_block = 16;  // a cache line of floats

std::vector<Index> checked_offsets(std::span<const Index> offsets, Index rows) {
  if (offsets.empty()) return {0, rows};
  check(offsets.front() == 0 && offsets.back() == rows, ErrorCode::value,
        "graph_norm: offsets from ", offsets.front(), " to ", offsets.back(), ", expected 0 to ",
        rows);
  check(std::is_sorted(offsets.begin(), offsets.end()), ErrorCode::value,
        "graph_norm: the offsets of the segments fall");
  return {offsets.begin(), offsets.end()};
}

/// body(b, first row, end row, column) for every segment b and column, whose sums one thread makes
/// in the order of the rows.
template <class Body>
void for_columns(Tape& tape, const std::vector<Index>& offsets, Index cols, Body body) {
  const Index blocks = chunk_count(cols, columns_per_block);
  parallel_chunks(tape.threads(), (std::ssize(offsets) - 1) * blocks, [&](Index chunk) {
    const Index b = chunk / blocks, first = chunk % blocks * columns_per_block;
    for (Index c = first; c < std::min(cols, first + columns_per_block); ++c)
      body(b, offsets[b], offsets[b + 1], c);
  });
}

/// What the backward pass needs again.
struct Saved {
  std::vector<Index> offsets;
  Tensor normal;         // o / deviation
  Tensor mean, inverse;  // segments x columns: of x, and 1 / deviation of o
};

Saved normalise(Tape& tape, const Var& x, std::vector<Index> offsets, const Real* scale, Real eps) {
  const Index cols = x.cols(), segments = std::ssize(offsets) - 1;
  Saved s{std::move(offsets), tape.make(x.shape()), tape.make({segments, cols}),
          tape.make({segments, cols})};
  for_columns(tape, s.offsets, cols, [&](Index b, Index begin, Index end, Index c) {
    const auto n = static_cast<double>(std::max<Index>(1, end - begin));
    double sum = 0, squares = 0;
    for (Index i = begin; i < end; ++i) sum += x.value().row(i)[c];
    const Real mean = s.mean.row(b)[c] = static_cast<Real>(sum / n);
    for (Index i = begin; i < end; ++i) {
      const Real o = s.normal.row(i)[c] = x.value().row(i)[c] - scale[c] * mean;
      squares += double(o) * o;
    }
    const Real inverse = s.inverse.row(b)[c] =
        static_cast<Real>(1 / std::sqrt(squares / n + double(eps)));
    for (Index i = begin; i < end; ++i) s.normal.row(i)[c] *= inverse;
  });
  return s;
}

}  // namespace

Var graph_norm(const Var& x, std::span<const Index> offsets, const Var& weight, const Var& bias,
               const Var& mean_scale, Real eps) {
  for (const Var* part : {&weight, &bias, &mean_scale})
    check(part->value().size() == x.cols(), ErrorCode::shape, "graph_norm: ", part->value().size(),
          " factors or biases for ", x.cols(), " columns");
  Tape& tape = x.tape();
  const Index cols = x.cols();
  Saved saved =
      normalise(tape, x, checked_offsets(offsets, x.rows()), mean_scale.value().data(), eps);
  Tensor y = tape.make(x.shape());
  parallel_for(tape.threads(), x.rows(), row_grain(cols), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      for (Index c = 0; c < cols; ++c)
        y.row(i)[c] = weight.value().data()[c] * saved.normal.row(i)[c] + bias.value().data()[c];
  });
  return tape.record(std::move(y), {&x, &weight, &bias, &mean_scale}, [&] {
    return [&tape, dx = x.gradient(), db = bias.gradient(), weight, mean_scale, saved,
            cols](const Tensor& dy) {
      Tensor d = tape.make(dy.shape()), dw = tape.make(saved.mean.shape()),
             da = tape.make(saved.mean.shape());
      for_columns(tape, saved.offsets, cols, [&](Index b, Index begin, Index end, Index c) {
        const auto n = static_cast<double>(std::max<Index>(1, end - begin));
        double sum = 0, along = 0, normals = 0;
        for (Index i = begin; i < end; ++i) {
          sum += dy.row(i)[c];
          normals += saved.normal.row(i)[c];
          along += double(dy.row(i)[c]) * saved.normal.row(i)[c];
        }
        const double w = weight.value().data()[c], a = mean_scale.value().data()[c];
        const double inverse = saved.inverse.row(b)[c];
        // The gradient of o is inverse * w * (dy - normal * along / n); this is its sum.
        const double d_sum = inverse * w * (sum - normals * along / n);
        for (Index i = begin; i < end; ++i)
          d.row(i)[c] = static_cast<Real>(
              inverse * w * (dy.row(i)[c] - saved.normal.row(i)[c] * along / n) - a * d_sum / n);
        dw.row(b)[c] = static_cast<Real>(along);
        da.row(b)[c] = static_cast<Real>(-saved.mean.row(b)[c] * d_sum);
      });
      dx.add(std::move(d));
      weight.gradient().add(column_sums(tape, dw, weight.shape()));
      mean_scale.gradient().add(column_sums(tape, da, mean_scale.shape()));
      if (db.wanted()) db.add(column_sums(tape, dy, weight.shape()));
    };
  });
}

}  // namespace AGATE_NAMESPACE
