#include <agate/attention/attend.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/normalization.hpp>
#include <cmath>
#include <numbers>

#include "catch.hpp"
#include "operation_table.hpp"
#include "tensors.hpp"

using namespace agate;

namespace {

// The largest difference between the mean of phi(x) . phi(y) over draws and the kernel.
template <class Kernel>
double bias(FeatureKind kind, bool orthogonal, Kernel kernel) {
  const Index n = 6, d = 5, draws = 3000;
  const Tensor x = table::example({n, d}, 0);
  std::vector<double> mean(n * n);
  Random random(7);
  for (Index k = 0; k < draws; ++k) {
    Tape tape({.record = false, .threads = 1});
    const Tensor phi =
        random_features(tape.constant(x), draw_projection(1, 12, d, orthogonal, random), kind)
            .value();
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j)
        mean[i * n + j] += dot(phi.row(i), phi.row(j), phi.cols()) / draws;
  }
  double worst = 0;
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      worst = std::max(worst, std::abs(mean[i * n + j] - kernel(x.row(i), x.row(j), d)));
  return worst;
}

double gaussian(const Real* x, const Real* y, Index d) {
  return std::exp(-(dot(x, x, d) + dot(y, y, d) - 2 * dot(x, y, d)) / 2);
}

double arc_cosine(const Real* x, const Real* y, Index d) {
  const double lengths = std::sqrt(dot(x, x, d) * dot(y, y, d));
  const double cosine = std::clamp(dot(x, y, d) / lengths, -1.0, 1.0), t = std::acos(cosine);
  return lengths * (std::sin(t) + (std::numbers::pi - t) * cosine) / (2 * std::numbers::pi);
}

Tensor unit_rows(const Shape& shape, std::uint32_t stream) {
  Tape tape;
  return normalize(tape.constant(table::example(shape, stream))).value();
}

}  // namespace

TEST_CASE("features agree with their kernels in the mean, at right angles or not") {
  for (const bool orthogonal : {false, true}) {
    CHECK(bias(FeatureKind::gaussian, orthogonal, gaussian) < 0.02);
    CHECK(bias(FeatureKind::arc_cosine, orthogonal, arc_cosine) < 0.1);
  }
}

TEST_CASE("an orthogonal projection has rows at right angles, of the lengths of a normal one") {
  Random random(3);
  const Index d = 6, features = 15;
  double squares = 0;
  for (Index draw = 0; draw < 100; ++draw) {
    const Tensor p = draw_projection(2, features, d, true, random);
    for (Index f = 0; f < 2 * features; ++f)
      for (Index g = 0; g <= f; ++g) {
        const bool same_block =
            f / features == g / features && f % features / d == g % features / d;
        const double product = dot(p.row(f), p.row(g), d);
        if (f == g)
          squares += product;
        else if (same_block)
          CHECK(std::abs(product) < 1e-4);
      }
  }
  CHECK(squares / (200 * features) == Approx(double(d)).epsilon(0.05));
}

TEST_CASE("arguments of any size, NaN too, go through the features") {
  Tape tape;
  Tensor x = Tensor::zeros({40, 1});
  for (Index i = 0; i < 40; ++i) x.data()[i] = static_cast<Real>(std::pow(2.0, i - 20) * 1.1);
  x.data()[3] = std::numeric_limits<Real>::quiet_NaN();
  const Tensor y =
      random_features(tape.constant(x), Tensor::full({1, 20, 1}, 1), FeatureKind::gaussian).value();
  for (Index i = 0; i < 40; ++i)
    for (Index f = 0; f < 20; ++f) {
      const double scale = 1 / std::sqrt(20.0);
      CHECK(std::isnan(y.row(i)[f]) == (i == 3));
      if (i == 3) continue;
      CHECK(y.row(i)[f] == Approx(scale * std::sin(double(x.data()[i]))).margin(1e-6));
      CHECK(y.row(i)[20 + f] == Approx(scale * std::cos(double(x.data()[i]))).margin(1e-6));
    }
}

TEST_CASE("attend by random features nears attend without as the features grow") {
  const Index n = 40, heads = 2, channels = 8;
  const Tensor q = unit_rows({n * heads, channels}, 0).reshape({n, heads * channels}),
               k = unit_rows({n * heads, channels}, 1).reshape({n, heads * channels}),
               v = table::example({n, heads * 3}, 2);
  for (const bool causal : {false, true})
    for (const bool orthogonal : {false, true}) {
      const Support support = causal ? Support::causal(n, n) : Support::all_pairs(n, n);
      Random random(11);
      double before = 1;
      for (const Index features : {16, 64, 256, 1024}) {
        double error = 0;
        const int draws = 20;
        for (int draw = 0; draw < draws; ++draw) {
          Tape tape({.record = false});
          const GaussianScore score{tape.constant(q), tape.constant(k), heads, Real(0.8)};
          const Var values = tape.constant(v);
          const Tensor exact = attend(score, support, values).output.value();
          const RandomFeatures how{
              .projection = draw_projection(heads, features, channels, orthogonal, random)};
          const Tensor near =
              attend(score, support, values, {.random_features = how}).output.value();
          double squares = 0;
          for (Index i = 0; i < exact.size(); ++i)
            squares += std::pow(exact.data()[i] - near.data()[i], 2);
          error += std::sqrt(squares / double(exact.size())) / draws;
        }
        INFO(features << " features");
        CHECK(error < before);
        before = error;
      }
      CHECK(before < 0.05);
    }
}

TEST_CASE("arc-cosine features put their kernel in the place of exp") {
  const Index n = 12, channels = 4;
  Tape tape;
  const Tensor q = table::example({n, channels}, 0), k = table::example({n, channels}, 1),
               v = table::example({n, 2}, 2);
  Random random(5);
  const RandomFeatures how{.kind = FeatureKind::arc_cosine,
                           .projection = draw_projection(1, 20000, channels, false, random)};
  auto near = [&](const Score& score) {
    return attend(score, Support::all_pairs(n, n), tape.constant(v), {.random_features = how})
        .output.value();
  };
  const Tensor y = near(DotScore{tape.constant(q), tape.constant(k)});
  const Tensor scaled = near(ScaledDotScore{.query = tape.constant(q), .key = tape.constant(k)});
  for (Index i = 0; i < n; ++i) {
    double sum = 0, expected[2] = {};
    for (Index j = 0; j < n; ++j) {
      const double w = arc_cosine(q.row(i), k.row(j), channels);
      sum += w;
      for (Index c = 0; c < 2; ++c) expected[c] += w * v.row(j)[c];
    }
    for (Index c = 0; c < 2; ++c) {
      CHECK(y.row(i)[c] == Approx(expected[c] / sum).margin(0.05));
      CHECK(y.row(i)[c] == scaled.row(i)[c]);
    }
  }
}

TEST_CASE("what random features cannot approximate is refused with the reason") {
  Tape tape;
  Random random(1);
  auto zeros = [&](Index rows, Index cols) { return tape.constant(Tensor::zeros({rows, cols})); };
  const Var x = zeros(4, 6);
  auto why = [&](const Score& score, const Support& support, FeatureKind kind,
                 AttendOptions options = {}) {
    options.random_features =
        RandomFeatures{.kind = kind, .projection = draw_projection(2, 5, 3, false, random)};
    return refusal([&] { attend(score, support, x, options); });
  };
  const auto rbf = FeatureKind::gaussian, arc = FeatureKind::arc_cosine;
  const Support all = Support::all_pairs(4, 4);
  const GaussianScore gauss{x, x, 2};
  const DotScore dots{x, x, 2};
  CHECK(why(gauss, all, rbf).sentence.empty());
  CHECK(why(dots, all, arc).sentence.empty());
  CHECK(why(gauss, table::example_graph(4), rbf).says("a graph has none"));
  CHECK(why(dots, all, rbf).says("GaussianScore and no other"));
  CHECK(why(gauss, all, arc).says("DotScore or ScaledDotScore and no other"));
  CHECK(why(CosineScore{x, x, 2}, all, arc).says("no other score"));
  CHECK(why(DotScore{x, x, 2, zeros(16, 6)}, all, arc).says("no terms of edges"));
  CHECK(why(gauss, all, rbf, {.bias = zeros(4, 4)}).says("a bias"));
  CHECK(why(gauss, all, rbf, {.return_weights = true}).says("none can be returned"));
  CHECK(why(gauss, all, rbf, {.dropout = Real(0.5)}).code == ErrorCode::unsupported);
  CHECK(why(GaussianScore{x, x, 3}, all, rbf).says("2 x 5 x 3, expected heads"));
  CHECK(why(GaussianScore{zeros(4, 8), zeros(4, 8), 2}, all, rbf).says("for 8 columns"));
}
