#include <Eigen/Eigenvalues>
#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/explain/embedding_map.hpp>
#include <algorithm>
#include <cmath>

namespace AGATE_NAMESPACE::explain {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Matrix projected(const Tensor& x, Index dimensions) {
  check(x.rows() > 0, ErrorCode::value, "principal_components: no rows");
  Matrix m(x.rows(), x.cols());
  for (Index i = 0; i < x.rows(); ++i)
    for (Index c = 0; c < x.cols(); ++c) {
      m(i, c) = x.row(i)[c];
      check(std::isfinite(m(i, c)), ErrorCode::value, "principal_components: row ", i, ", column ",
            c, " is ", m(i, c));
    }
  m.rowwise() -= m.colwise().mean();
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(m.transpose() * m);
  Matrix y = Matrix::Zero(x.rows(), dimensions);
  for (Index d = 0; d < std::min(dimensions, x.cols()); ++d) {
    y.col(d) = m * solver.eigenvectors().col(x.cols() - 1 - d);
    Index largest = 0;
    y.col(d).cwiseAbs().maxCoeff(&largest);
    if (y(largest, d) < 0) y.col(d) *= -1;
  }
  return y;
}

Tensor as_tensor(const Matrix& m) {
  Tensor t = Tensor::uninitialized({m.rows(), m.cols()});
  for (Index i = 0; i < m.size(); ++i) t.data()[i] = static_cast<Real>(m.data()[i]);
  return t;
}

// p(j | i) of row i: the width of its Gaussian is such that the entropy is log(perplexity).
void conditional(const Matrix& x, Index i, double perplexity, Eigen::Ref<Eigen::RowVectorXd> p) {
  const Eigen::RowVectorXd distance = (x.rowwise() - x.row(i)).rowwise().squaredNorm().transpose();
  double beta = 1, low = 0, high = INFINITY;
  const double nearest = [&] {
    double least = INFINITY;
    for (Index j = 0; j < distance.size(); ++j)
      if (j != i) least = std::min(least, distance[j]);
    return least;
  }();
  for (int k = 0; k < 60; ++k) {
    p = (-beta * (distance.array() - nearest)).exp();
    p[i] = 0;
    const double sum = p.sum();
    const double entropy = std::log(sum) + beta * (p.dot(distance) / sum - nearest);
    p /= sum;
    const double off = entropy - std::log(perplexity);
    if (std::abs(off) < 1e-5) return;
    (off > 0 ? low : high) = beta;
    beta = std::isinf(high) ? 2 * beta : (low + high) / 2;
  }
}

Matrix affinities(const Matrix& x, double perplexity, int threads) {
  const Index n = x.rows();
  Matrix p(n, n);
  parallel_for(threads, n, 16, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) conditional(x, i, perplexity, p.row(i));
  });
  p = ((p + p.transpose()) / (2.0 * static_cast<double>(n))).eval();
  return p.cwiseMax(1e-12);
}

}  // namespace

Tensor principal_components(const Tensor& x, Index dimensions) {
  check(dimensions >= 1, ErrorCode::value, "principal_components: ", dimensions,
        " dimensions, expected at least 1");
  return as_tensor(projected(x, dimensions));
}

Tensor tsne(const Tensor& x, const TsneOptions& options) {
  const Index n = x.rows();
  check(n <= most_tsne_rows, ErrorCode::limit, "tsne: ", n, " rows, at most ", most_tsne_rows);
  const Matrix from = projected(x, std::min<Index>(50, std::max<Index>(1, x.cols())));
  Matrix y = projected(x, 2);
  if (n < 5) return as_tensor(y);
  const double deviation = std::sqrt(y.col(0).squaredNorm() / static_cast<double>(n));
  y *= deviation > 0 ? 1e-4 / deviation : 0;
  const double perplexity = std::min(options.perplexity, static_cast<double>(n - 1) / 3);
  const Matrix p = affinities(from, perplexity, options.threads);
  const double step = std::max(50.0, static_cast<double>(n) / 12 / 4);
  Matrix velocity = Matrix::Zero(n, 2), gain = Matrix::Ones(n, 2), gradient(n, 2);
  Eigen::VectorXd sums(n);
  for (Index t = 0; t < options.iterations; ++t) {
    // Exaggerated at first, so that clusters find together.
    const double more = t < options.iterations / 4 ? 12 : 1;
    const double momentum = t < options.iterations / 4 ? 0.5 : 0.8;
    parallel_for(options.threads, n, 32, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i)
        sums[i] =
            ((y.rowwise() - y.row(i)).rowwise().squaredNorm().array() + 1).inverse().sum() - 1;
    });
    const double all = sums.sum();
    parallel_for(options.threads, n, 32, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) {
        double dx = 0, dy = 0;
        for (Index j = 0; j < n; ++j) {
          const double u = y(i, 0) - y(j, 0), v = y(i, 1) - y(j, 1);
          const double near = 1 / (1 + u * u + v * v);
          const double pull = 4 * (more * p(i, j) - near / all) * near;
          dx += pull * u;
          dy += pull * v;
        }
        gradient(i, 0) = dx;
        gradient(i, 1) = dy;
      }
    });
    // Steps grow where they keep their direction (Jacobs 1988).
    for (Index i = 0; i < gradient.size(); ++i) {
      const bool same = (gradient.data()[i] > 0) == (velocity.data()[i] > 0);
      double& g = gain.data()[i];
      g = std::max(0.01, same ? 0.8 * g : g + 0.2);
      velocity.data()[i] = momentum * velocity.data()[i] - step * g * gradient.data()[i];
    }
    y += velocity;
    y.rowwise() -= y.colwise().mean().eval();
  }
  return as_tensor(y);
}

}  // namespace AGATE_NAMESPACE::explain
