// JumpingKnowledge and VirtualNode.

#include <agate/nn/jumping_knowledge.hpp>
#include <agate/nn/virtual_node.hpp>
#include <cmath>

#include "catch.hpp"
#include "operation_table.hpp"

using namespace agate;

TEST_CASE("the gradient of the greatest goes to the first of equals") {
  Random random(1);
  const nn::JumpingKnowledge jump({.mode = "max"}, random);
  Tape tape;
  const Var a = tape.variable(Tensor::from({1, 3}, {0, 1, 2})),
            b = tape.variable(Tensor::from({1, 3}, {0, 3, 2})),
            c = tape.variable(Tensor::from({1, 3}, {0, 2, 5}));
  const Var y = jump({a, b, c});
  tape.backward(y, Tensor::full({1, 3}, 1));
  const auto is = [](const Tensor& t, std::vector<Real> expected) {
    return std::equal(expected.begin(), expected.end(), t.data());
  };
  CHECK(is(y.value(), {0, 3, 5}));
  CHECK(is(tape.gradient(a), {1, 0, 0}));
  CHECK(is(tape.gradient(b), {0, 1, 0}));
  CHECK(is(tape.gradient(c), {0, 0, 1}));
}

TEST_CASE("what JumpingKnowledge cannot do is refused") {
  Random random(1);
  const Refusal unknown = refusal([&] { nn::JumpingKnowledge({.mode = "lsmt"}, random); });
  CHECK(unknown.code == ErrorCode::usage);
  CHECK(unknown.says("mode \"lsmt\" is not known"));
  CHECK(refusal([&] { nn::JumpingKnowledge({.mode = "lstm"}, random); }).says("channels = 0"));
  CHECK(refusal([&] {
          nn::JumpingKnowledge({.mode = "lstm", .channels = 1, .num_layers = 1}, random);
        }).says("at least 2"));
  Tape tape;
  const Var x = tape.constant(Tensor::zeros({4, 2})), wide = tape.constant(Tensor::zeros({4, 3}));
  const nn::JumpingKnowledge lstm({.mode = "lstm", .channels = 2, .num_layers = 3}, random),
      max({.mode = "max"}, random), cat({}, random);
  CHECK(refusal([&] { lstm({x, x}); }).says("2 representations, expected num_layers = 3"));
  CHECK(refusal([&] { lstm({x, x, wide}); }).code == ErrorCode::shape);
  CHECK(refusal([&] { max({x, wide}); }).says("4 x 2 and 4 x 3 differ"));
  CHECK(refusal([&] { cat({}); }).says("0 representations"));
  CHECK(cat({x, wide}).cols() == 5);
}

TEST_CASE("a virtual node collects its graph and goes to all of its nodes") {
  Random random(1);
  nn::VirtualNode node({.channels = 2, .num_layers = 2, .residual = true}, random);
  node.embedding.value = Tensor::from({1, 2}, {1, -1});
  const std::vector<Index> offsets{0, 1, 1, 3};
  const Tensor x = Tensor::from({3, 2}, {1, 2, 3, 4, 5, 6});
  Tape tape;
  const Var v = node.start(tape, 3);
  const Var h = node.spread(tape.constant(x), v, offsets);
  for (Index i = 0; i < 3; ++i) {
    CHECK(h.value().row(i)[0] == x.row(i)[0] + 1);
    CHECK(h.value().row(i)[1] == x.row(i)[1] - 1);
  }
  // In evaluation each graph gets what it gets alone, an empty one too.
  const Tensor all = node.update(0, v, h, offsets).value();
  for (std::size_t b = 0; b < 3; ++b) {
    const Index begin = offsets[b], n = offsets[b + 1] - begin;
    const Var own = tape.constant(Tensor::from({n, 2}, {h.value().row(begin), std::size_t(2 * n)}));
    const Tensor alone = node.update(0, node.start(tape, 1), own, std::vector<Index>{0, n}).value();
    for (Index c = 0; c < 2; ++c) CHECK(alone.data()[c] == Approx(all.row(Index(b))[c]));
  }
  std::string names;
  for (const auto& [name, p] : node.parameters())
    if (p->trainable) names += name + " ";
  CHECK(names ==
        "virtualnode_embedding.weight mlp_virtualnode_list.0.0.weight "
        "mlp_virtualnode_list.0.0.bias mlp_virtualnode_list.0.1.module.weight "
        "mlp_virtualnode_list.0.1.module.bias mlp_virtualnode_list.0.3.weight "
        "mlp_virtualnode_list.0.3.bias mlp_virtualnode_list.0.4.module.weight "
        "mlp_virtualnode_list.0.4.module.bias ");
}

TEST_CASE("a virtual node trains on a batch of one graph") {
  Random random(1);
  const nn::VirtualNode node({.channels = 2, .num_layers = 2, .dropout = Real(0.5)}, random);
  const std::vector<Index> offsets{0, 3};
  Tape tape({.training = true});
  const Var h = tape.variable(table::example({3, 2}, 1));
  const Var v = node.update(0, node.start(tape, 1), h, offsets);
  tape.backward(v, Tensor::full({1, 2}, 1));
  for (const Real g : tape.gradient(h).values()) CHECK(std::isfinite(g));
}

TEST_CASE("what VirtualNode cannot do is refused") {
  Random random(1);
  const nn::VirtualNode node({.channels = 2, .num_layers = 2}, random);
  const std::vector<Index> offsets{0, 3}, more{0, 1, 3};
  Tape tape;
  const Var h = tape.constant(Tensor::zeros({3, 2})), wide = tape.constant(Tensor::zeros({3, 4}));
  const Var v = node.start(tape, 1);
  CHECK(refusal([&] { node.spread(wide, v, offsets); }).says("h has 4 columns"));
  CHECK(refusal([&] { node.spread(h, v, more); }).says("x has 1 rows for 2 segments"));
  CHECK(refusal([&] { node.update(0, wide, h, offsets); }).says("v has 4 columns"));
  CHECK(refusal([&] { node.update(0, v, h, more); }).code == ErrorCode::shape);
  CHECK(refusal([&] { node.update(1, v, h, offsets); }).says("layer 1"));
  CHECK(refusal([&] {
          nn::VirtualNode({.channels = 0, .num_layers = 2}, random);
        }).says("channels = 0"));
}
