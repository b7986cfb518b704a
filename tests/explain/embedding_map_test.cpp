#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/explain/embedding_map.hpp>
#include <cmath>
#include <cstring>

#include "catch.hpp"

using namespace agate;
using namespace agate::explain;

namespace {

// Three clouds far from each other in 10 dimensions, one after the other.
Tensor clouds(Index each) {
  Random random(5);
  Tensor x = Tensor::uninitialized({3 * each, 10});
  for (Index i = 0; i < x.rows(); ++i)
    for (Index c = 0; c < 10; ++c)
      x.row(i)[c] = static_cast<Real>(random.normal() + (c == i / each ? 12 : 0));
  return x;
}

double distance(const Tensor& y, Index i, Index j) {
  double sum = 0;
  for (Index c = 0; c < y.cols(); ++c) sum += std::pow(double(y.row(i)[c]) - y.row(j)[c], 2);
  return std::sqrt(sum);
}

// The share of points whose nearest other point is of their own cloud.
double purity(const Tensor& y, Index each) {
  Index own = 0;
  for (Index i = 0; i < y.rows(); ++i) {
    Index nearest = i == 0 ? 1 : 0;
    for (Index j = 0; j < y.rows(); ++j)
      if (j != i && distance(y, i, j) < distance(y, i, nearest)) nearest = j;
    own += nearest / each == i / each;
  }
  return static_cast<double>(own) / static_cast<double>(y.rows());
}

}  // namespace

TEST_CASE("principal components are the directions of largest variance") {
  // Points on a line in the plane, and a little beside it.
  Tensor x = Tensor::from({4, 2}, {0, 0, 2, 2, 4, 4, 6, Real(6.2)});
  const Tensor y = principal_components(x, 2);
  CHECK(std::abs(y.row(3)[0] - y.row(0)[0]) == Approx(std::hypot(6.0, 6.2)).epsilon(1e-3));
  double spread = 0;
  for (Index i = 0; i < 4; ++i) spread = std::max(spread, std::abs(double(y.row(i)[1])));
  CHECK(spread < 0.2);
  const Tensor more = principal_components(x, 3);
  CHECK(more.row(2)[2] == 0);
  x.row(1)[1] = std::nanf("");
  CHECK_THROWS_AS(principal_components(x, 2), Error);
}

TEST_CASE("t-SNE keeps clouds apart, the same with any number of threads") {
  const Tensor x = clouds(40);
  const Tensor y = tsne(x, {.perplexity = 15, .threads = 1});
  CHECK(y.shape() == Shape({120, 2}));
  CHECK(purity(y, 40) > 0.99);
  const Tensor again = tsne(x, {.perplexity = 15, .threads = 3});
  CHECK(std::memcmp(y.data(), again.data(), sizeof(Real) * 240) == 0);
  CHECK(tsne(clouds(1)).rows() == 3);
  CHECK_THROWS_AS(tsne(Tensor::zeros({most_tsne_rows + 1, 2})), Error);
}

TEST_CASE("a scatter plot names its classes and follows no markup") {
  const Tensor points = Tensor::from({3, 2}, {0, 0, 1, 1, 2, 0});
  const std::string svg = scatter_svg(points, {.classes = {0, 1, -1},
                                               .names = {"<script>", "b"},
                                               .labels = {"x", "\"y\"", "z"},
                                               .ringed = {true, false, false},
                                               .title = "t"});
  CHECK(svg.find("<script>") == std::string::npos);
  CHECK(svg.find("&lt;script&gt;") != std::string::npos);
  CHECK(svg.find("stroke-width=\"1.3\"") != std::string::npos);
  CHECK(svg == scatter_svg(points, {.classes = {0, 1, -1},
                                    .names = {"<script>", "b"},
                                    .labels = {"x", "\"y\"", "z"},
                                    .ringed = {true, false, false},
                                    .title = "t"}));
  CHECK_THROWS_AS(scatter_svg(points, {.classes = {0}}), Error);
  CHECK_THROWS_AS(scatter_svg(Tensor::zeros({0, 2})), Error);
  CHECK(scatter_svg(Tensor::zeros({2, 2})).find("nan") == std::string::npos);
}
