#include <agate/core/error.hpp>
#include <agate/models/ensemble.hpp>
#include <agate/models/predict.hpp>
#include <agate/tensor/losses.hpp>
#include <cmath>

namespace AGATE_NAMESPACE::models {
namespace {

/// Never 0 or 1, whose logits are infinite.
double inner(double p) { return std::min(std::max(p, 1e-12), 1 - 1e-12); }

}  // namespace

EnsembleOutputs combine(std::span<const Tensor> outputs, bool classes, bool regression) {
  check(!outputs.empty(), ErrorCode::value, "ensemble: no member");
  if (outputs.size() == 1) return {outputs.front(), {}};
  std::vector<Tensor> answers;
  for (const Tensor& y : outputs)
    answers.push_back(regression ? y : classes ? softmax(y) : sigmoid(y));
  EnsembleOutputs all{Tensor::uninitialized(outputs.front().shape()),
                      Tensor::uninitialized(outputs.front().shape())};
  const auto members = static_cast<double>(answers.size());
  for (Index k = 0; k < all.outputs.size(); ++k) {
    double sum = 0, squares = 0;
    for (const Tensor& a : answers) sum += a.data()[k];
    const double mean = sum / members;
    for (const Tensor& a : answers) squares += (a.data()[k] - mean) * (a.data()[k] - mean);
    all.spread.data()[k] = static_cast<Real>(std::sqrt(squares / (members - 1)));
    all.outputs.data()[k] =
        static_cast<Real>(regression ? mean
                          : classes  ? std::log(inner(mean))
                                     : std::log(inner(mean) / (1 - inner(mean))));
  }
  return all;
}

EnsembleOutputs predict(std::span<const std::shared_ptr<const Model>> members,
                        const data::Dataset& dataset, int threads) {
  std::vector<Tensor> outputs;
  for (const auto& member : members) outputs.push_back(predict(*member, dataset, threads));
  return combine(outputs, dataset.targets.empty() && !dataset.regression, dataset.regression);
}

}  // namespace AGATE_NAMESPACE::models
