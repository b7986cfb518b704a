#include "train/passes.hpp"

#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <cmath>

namespace AGATE_NAMESPACE::train {
namespace {

constexpr std::uint32_t batch_stream = 0xBA7C0000;  // apart from those of weights and splits

/// All nodes of one graph at once.
class WholePasses : public Passes {
 public:
  WholePasses(const models::Model& model, const data::Dataset& dataset, const data::Split& split,
              const Objective& objective, const TrainOptions& options, std::uint64_t seed)
      : Passes(model, dataset, objective, options, seed), split_(split) {}
  double train(Optimizer& optimizer, Index) override {
    training_.reset();
    return step(optimizer, models::input_of(training_, dataset_), dataset_, split_.train);
  }
  Tensor validate() override { return predict_all(); }
  Tensor predict_all() override {
    evaluation_.reset();
    return model_.forward(models::input_of(evaluation_, dataset_)).value();
  }

 private:
  const data::Split& split_;
};

Random order_of(std::uint64_t seed, Index epoch) {
  return Random(seed, batch_stream + static_cast<std::uint32_t>(epoch));
}

std::vector<std::vector<Index>> groups_of(const std::vector<Index>& all, Index size) {
  std::vector<std::vector<Index>> groups;
  for (auto at = all.begin(); at != all.end();) {
    const auto end = at + std::min<Index>(size, all.end() - at);
    std::ranges::sort(groups.emplace_back(at, end));
    at = end;
  }
  return groups;
}

}  // namespace

std::vector<std::vector<Index>> draw_batches(std::vector<Index> all, Index size, std::uint64_t seed,
                                             Index epoch) {
  if (size == 0 || size >= std::ssize(all)) return {std::move(all)};
  order_of(seed, epoch).shuffle(std::span(all));
  return groups_of(all, size);
}

std::vector<std::vector<Index>> draw_runs(const std::vector<Index>& all, Index size,
                                          std::uint64_t seed, Index epoch) {
  auto runs = groups_of(all, size);
  order_of(seed, epoch).shuffle(std::span(runs));
  return runs;
}

Passes::Passes(const models::Model& model, const data::Dataset& dataset, const Objective& objective,
               const TrainOptions& options, std::uint64_t seed)
    : model_(model),
      dataset_(dataset),
      objective_(objective),
      options_(options),
      seed_(seed),
      training_({.training = true, .seed = seed, .threads = static_cast<int>(options.threads)}),
      evaluation_({.record = false, .threads = static_cast<int>(options.threads)}) {
  dataset_.x = model.prepare(dataset.x);
}

double Passes::step(Optimizer& optimizer, const models::Input& input, const data::Dataset& part,
                    std::span<const Index> items) {
  Var loss = objective_(model_.forward(input), part, items);
  for (const Var& added : training_.added_losses()) loss = add(loss, reshape(added, loss.shape()));
  const double value = loss.value().item();
  if (std::isfinite(value)) {
    training_.backward(loss);
    optimizer.step(training_);
  }
  return value;
}

std::unique_ptr<Passes> make_passes(const models::Model& model, const data::Dataset& dataset,
                                    const data::Split& split, const Objective& objective,
                                    const TrainOptions& options, std::uint64_t seed) {
  using data::Task;
  if (dataset.task == Task::edge || dataset.task == Task::link)
    return make_pair_passes(model, dataset, split, objective, options, seed);
  if (dataset.task == Task::graph || dataset.num_graphs() > 1)
    return make_graph_passes(model, dataset, split, objective, options, seed);
  check(options.batch_size == 0, ErrorCode::value, "train: batch_size = ", options.batch_size,
        " counts whole graphs and ", dataset.name, " is one graph, expected 0");
  return std::make_unique<WholePasses>(model, dataset, split, objective, options, seed);
}

}  // namespace AGATE_NAMESPACE::train
