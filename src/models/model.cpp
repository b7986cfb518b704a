#include <agate/core/error.hpp>
#include <agate/models/model.hpp>
#include <algorithm>
#include <numeric>

namespace AGATE_NAMESPACE::models {
namespace {

Tensor normalize_rows(const Tensor& x) {
  Tensor y = x.clone();
  for (Index i = 0; i < y.rows(); ++i) {
    const double sum = std::accumulate(y.row(i), y.row(i) + y.cols(), 0.0);
    if (sum == 0) continue;
    for (Index c = 0; c < y.cols(); ++c) y.row(i)[c] = static_cast<Real>(y.row(i)[c] / sum);
  }
  return y;
}

}  // namespace

std::string resolve_normalize(const std::string& normalize, const FeatureMatrix& x) {
  if (normalize != "auto") return normalize;
  const auto* sparse = std::get_if<SparseMatrix>(&x);
  const bool counts = sparse && std::all_of(sparse->values().begin(), sparse->values().end(),
                                            [](Real v) { return v >= 0; });
  return counts ? "rows" : "none";
}

FeatureMatrix Model::prepare(const FeatureMatrix& x) const {
  check(cols(x) == config_.in, ErrorCode::shape, config_.model, ": x has ", cols(x),
        " columns, expected in = ", config_.in);
  if (resolve_normalize(config_.normalize, x) == "none") return x;
  if (const auto* sparse = std::get_if<SparseMatrix>(&x)) return sparse->normalize_rows();
  return normalize_rows(std::get<Tensor>(x));
}

Tensor Model::predict(const Graph& graph, const FeatureMatrix& x, int threads) const {
  Tape tape({.training = false, .record = false, .threads = threads});
  return forward(graph, Features(tape, prepare(x))).value();
}

}  // namespace AGATE_NAMESPACE::models
