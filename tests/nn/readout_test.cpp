// What holds for every readout.

#include <agate/nn/pool/attentional_aggregation.hpp>
#include <agate/nn/pool/attentive_fp_readout.hpp>
#include <agate/nn/pool/graph_multiset_transformer.hpp>
#include <agate/nn/pool/readout.hpp>
#include <agate/nn/pool/set2set.hpp>
#include <cmath>

#include "catch.hpp"
#include "operation_table.hpp"

using namespace agate;

namespace {

constexpr Index node_columns = 8;

struct Named {
  std::string name;
  std::unique_ptr<nn::Readout> readout;
};

// All by name, and forms of them that have no name. Biases are not zero.
std::vector<Named> readouts() {
  Random random(3);
  std::vector<Named> all;
  for (const std::string& name : nn::readout_names())
    all.push_back({name, nn::make_readout(name, node_columns, random)});
  all.push_back({"attention of each channel through networks",
                 std::make_unique<nn::AttentionalAggregation>(
                     nn::MLP({.channels = {node_columns, 3, 5}}, random),
                     nn::Linear({.in = node_columns, .out = 5}, random))});
  all.push_back({"GraphMultisetTransformer without norms",
                 std::make_unique<nn::GraphMultisetTransformer>(
                     nn::GraphMultisetTransformerOptions{
                         .channels = node_columns, .k = 3, .num_encoder_blocks = 2, .heads = 2},
                     random)});
  for (const Named& named : all)
    for (auto& [key, parameter] : named.readout->parameters())
      if (key.find("bias") != std::string::npos)
        parameter->value = table::example(parameter->value.shape(), 7);
  return all;
}

Tensor output(const nn::Readout& readout, const Tensor& x, const std::vector<Index>& offsets) {
  Tape tape({.record = false});
  return readout(tape.constant(x), offsets).value();
}

double difference(const Real* a, const Real* b, Index n) {
  double worst = 0;
  for (Index c = 0; c < n; ++c) worst = std::max(worst, std::abs(double(a[c]) - b[c]));
  return worst;
}

}  // namespace

TEST_CASE("a batch of graphs gives each graph what it gets alone") {
  const std::vector<Index> offsets{0, 5, 5, 6, 14, 44};
  const Tensor x = table::example({44, node_columns}, 1);
  for (const auto& [name, readout] : readouts()) {
    INFO(name);
    const Tensor y = output(*readout, x, offsets);
    REQUIRE(y.shape() == Shape{5, readout->out_channels()});
    for (std::size_t b = 0; b + 1 < offsets.size(); ++b) {
      const Index begin = offsets[b], n = offsets[b + 1] - begin;
      const Tensor part =
          Tensor::from({n, node_columns}, {x.row(begin), std::size_t(n * node_columns)});
      const Tensor alone = output(*readout, part, {0, n});
      CHECK(difference(alone.data(), y.row(Index(b)), y.cols()) < 1e-6);
    }
  }
}

TEST_CASE("the order of the nodes of a graph does not matter to a readout") {
  const std::vector<Index> offsets{0, 23, 40};
  const Tensor x = table::example({40, node_columns}, 1);
  Tensor moved = Tensor::uninitialized(x.shape());
  for (std::size_t b = 0; b < 2; ++b) {
    const Index n = offsets[b + 1] - offsets[b];
    for (Index i = 0; i < n; ++i)
      std::copy_n(x.row(offsets[b] + i), node_columns, moved.row(offsets[b] + (5 * i + 3) % n));
  }
  for (const auto& [name, readout] : readouts()) {
    INFO(name);
    const Tensor y = output(*readout, x, offsets), z = output(*readout, moved, offsets);
    CHECK(difference(y.data(), z.data(), y.size()) < 1e-5);
  }
}

TEST_CASE("a graph without nodes is read out as zeros, or as what no nodes make") {
  const Tensor x = table::example({4, node_columns}, 1);
  for (const auto& [name, readout] : readouts()) {
    INFO(name);
    Tape tape;
    const Var nodes = tape.variable(x);
    const Var y = (*readout)(nodes, std::vector<Index>{0, 0, 4, 4});
    bool finite = true;
    for (const Real v : y.value().values()) finite = finite && std::isfinite(v);
    CHECK(finite);
    const bool zeros = dynamic_cast<nn::GraphMultisetTransformer*>(readout.get()) == nullptr &&
                       dynamic_cast<nn::AttentiveFPReadout*>(readout.get()) == nullptr;
    const Index first = dynamic_cast<nn::Set2Set*>(readout.get()) ? node_columns : 0;
    for (Index c = first; zeros && c < y.cols(); ++c) {
      CHECK(y.value().row(0)[c] == 0);
      CHECK(y.value().row(2)[c] == 0);
    }
    tape.backward(y, table::example(y.shape(), 9));
    for (const Real v : tape.gradient(nodes).values()) finite = finite && std::isfinite(v);
    CHECK(finite);
    CHECK(output(*readout, Tensor::zeros({0, node_columns}), {0}).rows() == 0);
  }
}

TEST_CASE("sums, means and maxima of graphs, by hand") {
  Random random(1);
  const Tensor x = Tensor::from({3, 2}, {1, -5, 3, -7, 2, 9});
  const auto all = [&](const char* name) {
    return output(*nn::make_readout(name, 2, random), x, {0, 2, 3});
  };
  const auto is = [](const Tensor& y, std::vector<Real> expected) {
    return std::equal(expected.begin(), expected.end(), y.data());
  };
  CHECK(is(all("sum"), {4, -12, 2, 9}));
  CHECK(is(all("mean"), {2, -6, 2, 9}));
  CHECK(is(all("max"), {3, -5, 2, 9}));
}

TEST_CASE("a readout by attention gives its weights") {
  Random random(1);
  const Tensor x = table::example({9, node_columns}, 1);
  const std::vector<Index> offsets{0, 3, 9};
  Tape tape;
  Tensor gate, seeds;
  const nn::AttentionalAggregation gated(nn::Linear({.in = node_columns, .out = 1}, random));
  gated.with_weights(tape.constant(x), offsets, &gate);
  CHECK(gate.shape() == Shape{9, 1});
  CHECK(double(gate.data()[0] + gate.data()[1] + gate.data()[2]) == Approx(1));
  const nn::GraphMultisetTransformer multiset({.channels = node_columns, .k = 2, .heads = 2},
                                              random);
  multiset(tape.constant(x), offsets, &seeds);
  CHECK(seeds.shape() == Shape{2, 4, 9});
}

TEST_CASE("what a readout cannot do is refused") {
  Tape tape;
  const Var x = tape.constant(Tensor::zeros({4, node_columns})),
            wide = tape.constant(Tensor::zeros({4, node_columns + 1}));
  for (const auto& [name, readout] : readouts()) {
    INFO(name);
    const nn::Readout& of = *readout;
    const std::vector<Index> all{0, 4}, few{0, 3}, late{1, 4}, falling{0, 3, 2, 4};
    CHECK(refusal([&] { of(wide, all); }).code == ErrorCode::shape);
    CHECK(refusal([&] { of(wide, all); }).says("x has 9 columns, expected"));
    CHECK(refusal([&] { of(x, few); }).says("offsets from 0 to 3 for 4 rows"));
    CHECK(refusal([&] { of(x, late); }).says("offsets from 1 to 4"));
    CHECK(refusal([&] { of(x, {}); }).code == ErrorCode::shape);
    CHECK(refusal([&] { of(x, falling); }).says("offsets fall from 3 to 2"));
  }
  Random random(1);
  const Refusal unknown = refusal([&] { nn::make_readout("summ", 3, random); });
  CHECK(unknown.code == ErrorCode::usage);
  CHECK(unknown.says("readout \"summ\" is not known; did you mean \"sum\"?"));
  for (const std::string& name : nn::readout_names())
    CHECK(refusal([&] { nn::make_readout(name, 0, random); }).code == ErrorCode::value);
  const auto linear = [&](Index in, Index out) { return nn::Linear({in, out}, random); };
  CHECK(refusal([&] { nn::AttentionalAggregation(linear(3, 2)); }).says("makes 2 columns"));
  CHECK(refusal([&] {
          nn::AttentionalAggregation(linear(3, 1), linear(4, 1));
        }).says("gate_nn takes 3 columns, nn 4"));
  CHECK(refusal([&] {
          nn::Set2Set({.in_channels = 2, .processing_steps = 0}, random);
        }).says("processing_steps = 0"));
  CHECK(refusal([&] {
          nn::GraphMultisetTransformer({.channels = 2, .k = 0}, random);
        }).says("k = 0"));
}
