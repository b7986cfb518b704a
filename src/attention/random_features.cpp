#include <Eigen/QR>
#include <agate/attention/random_features.hpp>
#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/tensor/eigen.hpp>
#include <algorithm>
#include <cmath>

#include "kernels/elementary.hpp"
#include "kernels/gemm.hpp"

namespace AGATE_NAMESPACE {
namespace {

constexpr Index rows_at_once = 256;

struct Projection {
  Tensor weight;  // heads x features x channels
  FeatureKind kind;

  Index heads() const { return weight.shape()[0]; }
  Index features() const { return weight.shape()[1]; }
  Index channels() const { return weight.shape()[2]; }
  Index parts() const { return kind == FeatureKind::gaussian ? 2 : 1; }  // of features() each
  Index width() const { return heads() * parts() * features(); }
  Real scale() const { return 1 / std::sqrt(static_cast<Real>(features())); }
  const Real* of(Index head) const { return weight.data() + head * features() * channels(); }
};

// Of one head and rows: the dot products stand where the first part of the features will.
void apply(const Projection& p, Index rows, Real* y) {
  const Index features = p.features();
  for (Index i = 0; i < rows; ++i, y += p.width()) {
    if (p.kind == FeatureKind::gaussian) {
      kernels::sin_cos(features, y, p.scale(), y, y + features);
      continue;
    }
    for (Index f = 0; f < features; ++f) y[f] = y[f] < 0 ? Real(0) : p.scale() * y[f];
  }
}

// The gradient of the dot products, rows x features.
void dot_gradient(const Projection& p, Index rows, const Real* y, const Real* dy, Real* to) {
  const Index features = p.features();
  const Real scale = p.scale();
  for (Index i = 0; i < rows; ++i, y += p.width(), dy += p.width(), to += features) {
    const Real *cosine = y + features, *d_cosine = dy + features;
    if (p.kind == FeatureKind::gaussian)
      for (Index f = 0; f < features; ++f) to[f] = cosine[f] * dy[f] - y[f] * d_cosine[f];
    else
      for (Index f = 0; f < features; ++f) to[f] = y[f] > 0 ? scale * dy[f] : Real(0);
  }
}

Tensor input_gradient(Tape& tape, const Projection& p, const Tensor& y, const Tensor& dy,
                      const Shape& shape) {
  Tensor dx = tape.make(shape);
  parallel_for(tape.threads(), y.rows(), rows_at_once, [&](Index begin, Index end) {
    Tensor dots = tape.make({end - begin, p.features()});
    for (Index h = 0; h < p.heads(); ++h) {
      const Index first = h * p.parts() * p.features();
      dot_gradient(p, end - begin, y.row(begin) + first, dy.row(begin) + first, dots.data());
      kernels::serial_gemm(end - begin, p.channels(), p.features(), {dots.data(), p.features()},
                           {p.of(h), p.channels()}, false, dx.row(begin) + h * p.channels(),
                           dx.cols());
    }
  });
  return dx;
}

RowMajorMatrix normal_matrix(Index rows, Index cols, Random& random) {
  RowMajorMatrix m(rows, cols);
  for (Index i = 0; i < m.size(); ++i) m.data()[i] = static_cast<Real>(random.normal());
  return m;
}

// Orthonormal, and no direction more likely than another.
RowMajorMatrix random_rotation(Index n, Random& random) {
  const Eigen::HouseholderQR<RowMajorMatrix> qr(normal_matrix(n, n, random));
  RowMajorMatrix q = qr.householderQ();
  for (Index j = 0; j < n; ++j)
    if (qr.matrixQR()(j, j) < 0) q.col(j) *= -1;
  return q;
}

}  // namespace

Var random_features(const Var& x, const Tensor& projection, FeatureKind kind) {
  check(projection.shape().rank() == 3 &&
            projection.shape()[0] * projection.shape()[2] == x.cols() && x.cols() > 0,
        ErrorCode::shape, "random_features: a projection of ", projection.shape().to_string(),
        ", expected heads x features x channels for ", x.cols(), " columns");
  const Projection p{projection, kind};
  check(p.features() >= 1, ErrorCode::shape, "random_features: a projection of no features");
  Tape& tape = x.tape();
  Tensor y = tape.make({x.rows(), p.width()});
  parallel_for(tape.threads(), x.rows(), rows_at_once, [&](Index begin, Index end) {
    for (Index h = 0; h < p.heads(); ++h) {
      Real* to = y.row(begin) + h * p.parts() * p.features();
      kernels::serial_gemm(end - begin, p.features(), p.channels(),
                           {x.value().row(begin) + h * p.channels(), x.cols()},
                           {p.of(h), p.channels(), true}, false, to, p.width());
      apply(p, end - begin, to);
    }
  });
  return tape.record(y, {&x}, [&] {
    return [&tape, p, y, dx = x.gradient(), shape = x.shape()](const Tensor& dy) {
      dx.add(input_gradient(tape, p, y, dy, shape));
    };
  });
}

Tensor draw_projection(Index heads, Index features, Index channels, bool orthogonal,
                       Random& random) {
  check(heads >= 1 && features >= 1 && channels >= 1, ErrorCode::value,
        "draw_projection: heads = ", heads, ", features = ", features, ", channels = ", channels,
        ", expected at least 1");
  Tensor projection = Tensor::uninitialized({heads, features, channels});
  if (!orthogonal) {
    for (Real& v : projection.values()) v = static_cast<Real>(random.normal());
    return projection;
  }
  auto rows = matrix(projection);
  for (Index h = 0; h < heads; ++h)
    for (Index first = 0; first < features; first += channels) {
      const RowMajorMatrix rotation = random_rotation(channels, random);
      // The length of a row of its own kind, which the rotation took away.
      const RowMajorMatrix lengths = normal_matrix(channels, channels, random).rowwise().norm();
      for (Index f = first; f < std::min(first + channels, features); ++f)
        rows.row(h * features + f) = lengths(f - first) * rotation.row(f - first);
    }
  return projection;
}

}  // namespace AGATE_NAMESPACE
