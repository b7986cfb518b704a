#include "explain/learned_mask.hpp"

#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/tensor/rows.hpp>
#include <agate/tensor/scale_columns.hpp>
#include <agate/train/optimizer.hpp>
#include <algorithm>
#include <array>
#include <cmath>

namespace AGATE_NAMESPACE::explain {
namespace {

constexpr std::array<Index, 1> only{0};

// What the masked model is to say.
struct Target {
  enum class Kind { of_class, label, number } kind;
  Index output;
  double value = 0;
};

Target target_of(const data::Dataset& d, const Tensor& said, Index output) {
  const double y = said.row(0)[output];
  if (d.regression) return {Target::Kind::number, output, y};
  if (!d.targets.empty() || said.cols() == 1)
    return {Target::Kind::label, output, y > 0 ? 1.0 : 0.0};
  return {Target::Kind::of_class, output};
}

Var loss_of(const Var& y, const Target& target) {
  if (target.kind == Target::Kind::of_class) {
    const std::array<int, 1> of_class{static_cast<int>(target.output)};
    return cross_entropy(y, of_class, only);
  }
  const Var column = columns(y, target.output, target.output + 1);
  const Tensor value = Tensor::full({1, 1}, static_cast<Real>(target.value));
  return target.kind == Target::Kind::label ? binary_cross_entropy_with_logits(column, value, only)
                                            : mean_squared_error(column, value, only);
}

double sigmoid_of(double t) { return 1 / (1 + std::exp(-t)); }

// size * sum of m + entropy * mean of H(m) over the elements that are `live`, with m = sigmoid(t).
// With dH/dm = -t the gradient needs no logarithm, which m near 0 and 1 would spoil.
Var penalty(const Var& t, const std::vector<bool>& live, double size, double entropy) {
  const auto count = static_cast<double>(std::ranges::count(live, true));
  double sum = 0;
  for (std::size_t k = 0; k < live.size(); ++k) {
    if (!live[k]) continue;
    const double x = t.value().data()[k], m = sigmoid_of(x);
    // H(m) = log(1 + exp(x)) - m x
    const double softplus = std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
    sum += size * m + entropy / count * (softplus - m * x);
  }
  return t.tape().record(Tensor::scalar(static_cast<Real>(sum)), {&t}, [&] {
    return [t, live, size, entropy, count](const Tensor& dy) {
      Tensor d = Tensor::zeros(t.shape());
      for (std::size_t k = 0; k < live.size(); ++k) {
        if (!live[k]) continue;
        const double x = t.value().data()[k], m = sigmoid_of(x);
        d.data()[k] = static_cast<Real>(dy.data()[0] * m * (1 - m) * (size - entropy / count * x));
      }
      t.gradient().add(std::move(d));
    };
  });
}

// Where a gradient came; none at all where the mask took no part in the pass.
std::vector<bool> nonzero(const Tape& tape, const Parameter& mask) {
  std::vector<bool> live(static_cast<std::size_t>(mask.value.size()));
  if (const Tensor* gradient = tape.gradient(mask))
    for (std::size_t k = 0; k < live.size(); ++k) live[k] = gradient->data()[k] != 0;
  return live;
}

Tensor finished(const Tensor& mask, const std::vector<bool>& live) {
  Tensor m = Tensor::zeros(mask.shape());
  for (std::size_t k = 0; k < live.size(); ++k)
    if (live[k]) m.data()[k] = static_cast<Real>(sigmoid_of(mask.data()[k]));
  return m;
}

bool any(const std::vector<bool>& live) { return std::ranges::count(live, true) > 0; }

}  // namespace

Masks random_masks(const ComputationGraph& graph, const MaskOptions& options, std::uint64_t seed) {
  Random random(seed);
  Masks masks{Tensor::zeros({std::ssize(graph.counting()), 1}), {}};
  // torch's gain of a ReLU times sqrt(2 / (2 n)) for all n nodes of the graph.
  const double spread = std::sqrt(2.0 / static_cast<double>(graph.whole_nodes));
  for (Real& v : masks.edges.values())
    v = static_cast<Real>(options.start + spread * random.normal());
  if (!options.features) return masks;
  masks.features = Tensor::zeros({cols(graph.part.x)});
  for (Real& v : masks.features.values()) v = static_cast<Real>(0.1 * random.normal());
  return masks;
}

Var message_weights(const ComputationGraph& graph, const Var& of_counting) {
  const Graph& g = graph.part.graph;
  std::vector<Index> row(graph.counts.size(), of_counting.rows());
  Index next = 0;
  for (std::size_t e = 0; e < row.size(); ++e)
    if (graph.counts[e]) row[e] = next++;
  std::vector<Index> rows(static_cast<std::size_t>(g.num_messages()), of_counting.rows());
  for (std::size_t k = 0; k < rows.size(); ++k)
    if (const Index id = g.edge_ids()[k]; id >= 0) rows[k] = row[static_cast<std::size_t>(id)];
  Tape& tape = of_counting.tape();
  return gather_rows(concat_rows({of_counting, tape.constant(Tensor::full({1, 1}, 1))}),
                     std::move(rows));
}

Tensor dense_features(const ComputationGraph& graph) {
  const auto& x = graph.part.x;
  const Index n = rows(x), columns = cols(x);
  check(n == 0 || columns <= most_dense_features / n, ErrorCode::limit, "attribution: ", n,
        " nodes with ", columns, " features each are more than ", most_dense_features,
        " numbers; occlusion keeps them as they are, as does a mask of the edges alone");
  const auto* sparse = std::get_if<SparseMatrix>(&x);
  return sparse ? sparse->to_dense() : std::get<Tensor>(x);
}

Masks learn_masks(const models::Model& model, const ComputationGraph& graph,
                  const data::Dataset& dataset, Index output, const MaskOptions& options,
                  const Masks& start, int threads,
                  const std::function<void(Index, Index)>& progress) {
  check(options.epochs >= 1 && options.lr > 0, ErrorCode::value, "attribution: a mask of ",
        options.epochs, " epochs with lr = ", options.lr, ", expected at least 1 and more than 0");
  Tape tape({.threads = threads});
  const bool features = !start.features.empty();
  const Tensor x = features ? dense_features(graph) : Tensor();
  Parameter edges{start.edges.clone()};
  Parameter columns{features ? start.features.clone() : Tensor::zeros({1})};
  auto given = [&](bool masked) {
    if (!features) return Features(tape, graph.part.x);
    const Var all = tape.constant(x);
    return Features(masked ? scale_columns(all, sigmoid(tape.parameter(columns))) : all);
  };
  const Target target =
      target_of(dataset, graph.answer(model, graph.input(tape, given(false))).value(), output);
  train::Adam adam({{{&edges, &columns}}}, {.lr = options.lr});
  std::vector<bool> live_edges, live_columns;
  for (Index epoch = 0; epoch < options.epochs; ++epoch) {
    tape.reset();
    models::Input input = graph.input(tape, given(true));
    const Var mask = tape.parameter(edges);
    input.message_weights = message_weights(graph, sigmoid(mask));
    Var loss = loss_of(graph.answer(model, input), target);
    // As there, the first epoch looks for what the answer can hang on at all.
    if (any(live_edges))
      loss = add(loss, penalty(mask, live_edges, options.edge_size, options.edge_ent));
    if (any(live_columns)) {
      const auto count = static_cast<double>(std::ranges::count(live_columns, true));
      loss = add(loss, penalty(tape.parameter(columns), live_columns, options.feature_size / count,
                               options.feature_ent));
    }
    tape.backward(loss);
    if (epoch == 0) {
      live_edges = nonzero(tape, edges);
      if (features) live_columns = nonzero(tape, columns);
    }
    adam.step(tape);
    if (progress) progress(epoch + 1, options.epochs);
  }
  return {finished(edges.value, live_edges),
          features ? finished(columns.value, live_columns) : Tensor()};
}

}  // namespace AGATE_NAMESPACE::explain
