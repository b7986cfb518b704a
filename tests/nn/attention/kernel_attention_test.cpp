#include <agate/nn/attention/kernel_attention.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/train/optimizer.hpp>
#include <cmath>
#include <limits>

#include "nn/golden.hpp"
#include "operation_table.hpp"

using namespace agate;

namespace {

Tensor written_out(const Tensor& queries, const Tensor& keys, const Tensor& targets, double sigma) {
  Tensor y = Tensor::zeros({queries.rows(), targets.cols()});
  for (Index i = 0; i < queries.rows(); ++i) {
    std::vector<double> kernel;
    double total = 0;
    for (Index j = 0; j < keys.rows(); ++j) {
      double distance = 0;
      for (Index c = 0; c < keys.cols(); ++c)
        distance += std::pow(double(queries.row(i)[c]) - keys.row(j)[c], 2);
      kernel.push_back(std::exp(-distance / (2 * sigma * sigma)));
      total += kernel.back();
    }
    for (Index j = 0; j < keys.rows(); ++j)
      for (Index c = 0; c < targets.cols(); ++c)
        y.row(i)[c] += Real(kernel[j] / total * targets.row(j)[c]);
  }
  return y;
}

Tensor run(const nn::KernelAttention& layer, const Tensor& queries, const Tensor& keys,
           const Tensor& targets) {
  Tape tape;
  return layer(tape.constant(queries), tape.constant(keys), tape.constant(targets),
               Support::all_pairs(queries.rows(), keys.rows()))
      .value();
}

}  // namespace

TEST_CASE("KernelAttention is the estimator of Nadaraya and Watson") {
  const Tensor queries = table::example({5, 3}, 1), keys = table::example({40, 3}, 2),
               targets = table::example({40, 2}, 3);
  for (const double sigma : {0.3, 1.0, 4.0}) {
    const nn::KernelAttention layer({.bandwidth = Real(sigma)});
    CHECK(layer.bandwidth() == Approx(sigma));
    check_close(run(layer, queries, keys, targets), written_out(queries, keys, targets, sigma),
                "prediction");
  }
}

TEST_CASE(
    "with a narrow kernel KernelAttention is the nearest neighbour, with a wide one the mean") {
  const Tensor keys = Tensor::from({3, 1}, {0, 1, 5}), targets = Tensor::from({3, 1}, {10, 20, 60}),
               queries = Tensor::from({2, 1}, {Real(0.4), 4});
  const Tensor narrow = run(nn::KernelAttention({.bandwidth = Real(0.05)}), queries, keys, targets),
               wide = run(nn::KernelAttention({.bandwidth = 1000}), queries, keys, targets);
  CHECK(narrow.data()[0] == Approx(10));
  CHECK(narrow.data()[1] == Approx(60));
  CHECK(wide.data()[0] == Approx(30).epsilon(1e-4));
}

TEST_CASE("KernelAttention learns the bandwidth when each key is left out of its own prediction") {
  // A wave sampled with noise: too wide a kernel flattens it, too narrow a one repeats the noise.
  const Index n = 60;
  Random random(5);
  Tensor x = Tensor::zeros({n, 1}), y = Tensor::zeros({n, 1});
  for (Index i = 0; i < n; ++i) {
    x.data()[i] = Real(random.uniform(0, 6));
    y.data()[i] = Real(std::sin(2 * x.data()[i]) + 0.2 * random.normal());
  }
  std::vector<Edge> others;
  for (NodeId i = 0; i < n; ++i)
    for (NodeId j = 0; j < n; ++j)
      if (i != j) others.push_back({j, i});
  const Graph graph = Graph::from_edges(n, others);
  nn::KernelAttention layer({.bandwidth = 2, .learn_bandwidth = true});
  auto loss = [&](Tape& tape) {
    const Var at = tape.constant(x), target = tape.constant(y);
    const Var error = subtract(layer(at, at, target, graph), target);
    return mean(multiply(error, error));
  };
  train::Adam adam({{.parameters = {&layer.inverse_bandwidth}}}, {.lr = 0.1});
  Tape tape({.training = true});
  const double before = loss(tape).value().item();
  for (int step = 0; step < 150; ++step) {
    tape.reset();
    tape.backward(loss(tape));
    adam.step(tape);
  }
  tape.reset();
  CHECK(loss(tape).value().item() < 0.4 * before);
  CHECK(layer.bandwidth() > 0.05);
  CHECK(layer.bandwidth() < 0.6);
}

TEST_CASE("a bandwidth that is not learned travels with the model, as a buffer") {
  const nn::KernelAttention fixed({.bandwidth = 4}),
      learned({.bandwidth = 4, .learn_bandwidth = true});
  CHECK(fixed.parameters().front().first == "inverse_bandwidth");
  CHECK(fixed.parameters().front().second->value.item() == Real(0.25));
  CHECK(fixed.num_parameters() == 0);
  CHECK(learned.num_parameters() == 1);
}

TEST_CASE("KernelAttention refuses what does not fit, and NaN comes out where it is seen") {
  CHECK(refusal([] { nn::KernelAttention({.bandwidth = 0}); }).says("bandwidth = 0"));
  const nn::KernelAttention layer;
  auto zeros = [](Index rows, Index cols) { return Tensor::zeros({rows, cols}); };
  CHECK(refusal([&] {
          run(layer, zeros(2, 3), zeros(4, 2), zeros(4, 1));
        }).says("3 columns of queries, 2 of keys"));
  CHECK(refusal([&] {
          run(layer, zeros(2, 3), zeros(4, 3), zeros(5, 1));
        }).says("5 rows of values for 4 keys"));
  Tensor queries = zeros(2, 3);
  queries.row(1)[0] = std::numeric_limits<Real>::quiet_NaN();
  const Tensor y = run(layer, queries, zeros(4, 3), zeros(4, 1));
  CHECK(y.data()[0] == 0);
  CHECK(std::isnan(y.data()[1]));
}
