#include "train/passes.hpp"

#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/data/packed.hpp>
#include <agate/models/predict.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace AGATE_NAMESPACE::train {
namespace {

constexpr std::uint32_t batch_stream = 0xBA7C0000;  // apart from those of weights and splits

/// The graphs, each once, in groups of `size` (the last may be smaller) that ascend.
std::vector<std::vector<Index>> draw_batches(std::vector<Index> graphs, Index size, Random random) {
  random.shuffle(std::span(graphs));
  std::vector<std::vector<Index>> batches;
  for (auto at = graphs.begin(); at != graphs.end();) {
    const auto end = at + std::min<Index>(size, graphs.end() - at);
    std::ranges::sort(batches.emplace_back(at, end));
    at = end;
  }
  return batches;
}

}  // namespace

Var loss_of(const Var& logits, const data::Dataset& dataset, std::span<const Index> nodes) {
  return dataset.is_multi_label() ? binary_cross_entropy_with_logits(logits, dataset.targets, nodes)
                                  : cross_entropy(logits, dataset.y, nodes);
}

Passes::Passes(const models::Model& model, const data::Dataset& dataset, const data::Split& split,
               const TrainOptions& options, std::uint64_t seed)
    : model_(model),
      dataset_(dataset),
      split_(split),
      batch_size_(options.batch_size),
      seed_(seed),
      training_({.training = true, .seed = seed, .threads = static_cast<int>(options.threads)}),
      evaluation_({.record = false, .threads = static_cast<int>(options.threads)}) {
  const Index graphs = dataset.num_graphs();
  check(batch_size_ == 0 || graphs > 1, ErrorCode::value, "train: batch_size = ", batch_size_,
        " counts whole graphs and ", dataset.name, " is one graph, expected 0");
  dataset_.x = model.prepare(dataset.x);
  if (graphs == 1) return;
  trained_ = data::graphs_of(dataset, split.train);
  validated_ = data::graphs_of(dataset, split.val);
  all_.resize(static_cast<std::size_t>(graphs));
  std::iota(all_.begin(), all_.end(), Index{0});
  logits_ = Tensor::zeros({dataset.num_nodes(), model.config().out});
}

double Passes::train(Optimizer& optimizer, Index epoch) {
  if (batch_size_ == 0) return step(optimizer, dataset_, split_.train);
  const Random random(seed_, batch_stream + static_cast<std::uint32_t>(epoch));
  double sum = 0;
  for (const auto& graphs : draw_batches(trained_, batch_size_, random)) {
    const auto part = data::select_graphs(dataset_, graphs);
    const auto rows = part.rows_of(split_.train);
    sum += static_cast<double>(rows.size()) * step(optimizer, part.dataset, rows);
    if (!std::isfinite(sum)) break;
  }
  return sum / static_cast<double>(split_.train.size());
}

double Passes::step(Optimizer& optimizer, const data::Dataset& part, std::span<const Index> nodes) {
  training_.reset();
  const Var logits = model_.forward(part.graph, Features(training_, part.x));
  Var loss = loss_of(logits, part, nodes);
  for (const Var& added : training_.added_losses()) loss = add(loss, reshape(added, loss.shape()));
  const double value = loss.value().item();
  if (std::isfinite(value)) {
    training_.backward(loss);
    optimizer.step(training_);
  }
  return value;
}

Tensor Passes::predict(const std::vector<Index>& graphs) {
  if (all_.empty()) {
    evaluation_.reset();
    return model_.forward(dataset_.graph, Features(evaluation_, dataset_.x)).value();
  }
  models::predict_graphs(model_, evaluation_, dataset_, graphs, logits_);
  return logits_;
}

}  // namespace AGATE_NAMESPACE::train
