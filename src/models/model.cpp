#include <agate/core/error.hpp>
#include <agate/models/model.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/scale_columns.hpp>
#include <algorithm>
#include <numeric>

namespace AGATE_NAMESPACE::models {
namespace {

// Of each row the first `columns` divided by their sum; where that is 0 they stay.
Tensor normalize_rows(const Tensor& x, Index columns) {
  Tensor y = x.clone();
  for (Index i = 0; i < y.rows(); ++i) {
    const double sum = std::accumulate(y.row(i), y.row(i) + columns, 0.0);
    if (sum == 0) continue;
    for (Index c = 0; c < columns; ++c) y.row(i)[c] = static_cast<Real>(y.row(i)[c] / sum);
  }
  return y;
}

SparseMatrix normalize_rows(const SparseMatrix& x, Index columns) {
  if (columns == x.cols()) return x.normalize_rows();
  CsrArrays y{{x.offsets().begin(), x.offsets().end()},
              {x.columns().begin(), x.columns().end()},
              {x.values().begin(), x.values().end()}};
  for (Index i = 0; i < x.rows(); ++i) {
    double sum = 0;
    for (Index p = y.offsets[i]; p < y.offsets[i + 1]; ++p)
      if (y.columns[p] < columns) sum += y.values[p];
    if (sum == 0) continue;
    for (Index p = y.offsets[i]; p < y.offsets[i + 1]; ++p)
      if (y.columns[p] < columns) y.values[p] = static_cast<Real>(y.values[p] / sum);
  }
  return {x.rows(), x.cols(), std::move(y)};
}

}  // namespace

std::string resolve_normalize(const std::string& normalize, const FeatureMatrix& x,
                              Index encodings) {
  if (normalize != "auto") return normalize;
  // Beside encodings, which are around 1, counts divided by their sum would be next to nothing.
  if (encodings > 0) return "none";
  const auto* sparse = std::get_if<SparseMatrix>(&x);
  const bool counts = sparse && std::all_of(sparse->values().begin(), sparse->values().end(),
                                            [](Real v) { return v >= 0; });
  return counts ? "rows" : "none";
}

FeatureMatrix Model::prepare(const FeatureMatrix& x) const {
  const Index in = config_.in, encodings = config_.encodings;
  check(cols(x) == in, ErrorCode::shape, config_.model, ": x has ", cols(x),
        " columns, expected in = ", in);
  if (resolve_normalize(config_.normalize, x, encodings) == "none") return x;
  return std::visit([&](const auto& m) { return FeatureMatrix(normalize_rows(m, in - encodings)); },
                    x);
}

Model::Model(ModelConfig config) : config_(std::move(config)) {
  output_scale = {Tensor::full({config_.out}, 1), false};
  output_shift = {Tensor::zeros({config_.out}), false};
}

Var Model::forward(const Input& input, std::vector<LayerAttention>* attention,
                   Tensor* node_weights) const {
  return scaled(outputs(input, attention, node_weights));
}

Var Model::decode(const Var& embedding, const Input& input, Tensor* node_weights) const {
  return scaled(outputs(embedding, input, node_weights));
}

Var Model::scaled(const Var& y) const {
  if (!scales_outputs()) return y;
  Tape& tape = y.tape();
  return add_bias(scale_columns(y, tape.parameter(output_scale)), tape.parameter(output_shift));
}

Tensor Model::predict(const Graph& graph, const FeatureMatrix& x, int threads) const {
  Tape tape({.training = false, .record = false, .threads = threads});
  return forward({graph, Features(tape, prepare(x))}).value();
}

}  // namespace AGATE_NAMESPACE::models
