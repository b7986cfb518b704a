#include <agate/nn/norm/batch_norm.hpp>
#include <agate/nn/norm/graph_norm.hpp>
#include <agate/nn/norm/layer_norm.hpp>
#include <agate/tensor/normalization.hpp>
#include <cmath>
#include <limits>

#include "catch.hpp"

using namespace agate;

namespace {

// Columns of mean 2 and 20, variance 2 / 3 and 200 / 3 (1 and 100 with n - 1).
Tensor example_rows() { return Tensor::from({3, 2}, {1, 30, 2, 20, 3, 10}); }

void check_near(const Tensor& a, std::initializer_list<double> expected) {
  REQUIRE(a.size() == Index(expected.size()));
  const Real* found = a.data();
  for (const double e : expected) CHECK(double(*found++) == Approx(e).margin(1e-6));
}

}  // namespace

TEST_CASE("BatchNorm in training uses the statistics of the pass") {
  nn::BatchNorm norm({.in_channels = 2, .eps = Real(0.25)});
  norm.weight->value = Tensor::from({2}, {2, 1});
  norm.bias->value = Tensor::from({2}, {0, 5});
  Tape tape({.training = true});
  const double a = 1 / std::sqrt(2.0 / 3 + 0.25), b = 10 / std::sqrt(200.0 / 3 + 0.25);
  check_near(norm(tape.constant(example_rows())).value(), {-2 * a, 5 + b, 0, 5, 2 * a, 5 - b});
}

TEST_CASE("BatchNorm leaves its next statistics on the tape, by torch's formula") {
  nn::BatchNorm norm({.in_channels = 2, .momentum = Real(0.2)});
  norm.running_mean->value = Tensor::from({2}, {1, -1});
  norm.num_batches_tracked->value.fill(4);
  Tape tape({.training = true});
  norm(tape.constant(example_rows()));
  check_near(norm.running_mean->value, {1, -1});
  check_near(norm.running_var->value, {1, 1});
  check_near(*tape.next_value(*norm.running_mean), {0.8 * 1 + 0.2 * 2, 0.8 * -1 + 0.2 * 20});
  check_near(*tape.next_value(*norm.running_var), {0.8 + 0.2 * 1, 0.8 + 0.2 * 100});
  check_near(*tape.next_value(*norm.num_batches_tracked), {5});
}

TEST_CASE("BatchNorm in evaluation uses its running statistics and leaves them") {
  nn::BatchNorm norm({.in_channels = 2});
  norm.running_mean->value = Tensor::from({2}, {1, 10});
  norm.running_var->value = Tensor::from({2}, {4, 25});
  Tape tape;
  const Tensor one = Tensor::from({1, 2}, {5, 0});
  check_near(norm(tape.constant(one)).value(),
             {4 / std::sqrt(4 + 1e-5), -10 / std::sqrt(25 + 1e-5)});
  CHECK(tape.next_value(*norm.running_mean) == nullptr);

  const nn::BatchNorm untracked({.in_channels = 2, .affine = false, .track_running_stats = false});
  CHECK(untracked.parameters().empty());
  const double a = 1 / std::sqrt(2.0 / 3 + 1e-5), b = 10 / std::sqrt(200.0 / 3 + 1e-5);
  check_near(untracked(tape.constant(example_rows())).value(), {-a, b, 0, 0, a, -b});
}

TEST_CASE("statistics far from zero keep their digits") {
  const Real far = 4096;
  Tape tape({.training = true});
  Tensor x = Tensor::uninitialized({3000, 1});
  for (Index i = 0; i < x.rows(); ++i) x.data()[i] = far + (i % 2 ? Real(0.5) : Real(-0.5));
  ColumnStatistics found;
  batch_norm(tape.constant(x), {}, {}, Real(1e-5), nullptr, &found);
  CHECK(found.mean.item() == Approx(4096));
  CHECK(found.variance.item() == Approx(0.25));
  const Tensor row = Tensor::from({1, 2}, {far + Real(0.5), far - Real(0.5)});
  const double expected = 0.5 / std::sqrt(0.25 + 1e-5);
  check_near(layer_norm(tape.constant(row), {}, {}, Real(1e-5)).value(), {expected, -expected});
}

TEST_CASE("LayerNorm normalises each row by itself") {
  nn::LayerNorm norm({.in_channels = 2, .eps = Real(0.75)});
  norm.weight->value = Tensor::from({2}, {3, 1});
  norm.bias->value = Tensor::from({2}, {0, 7});
  Tape tape;
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  const Tensor y = norm(tape.constant(Tensor::from({3, 2}, {1, 2, nan, 0, 6, 4}))).value();
  CHECK(y.row(0)[0] == Approx(-1.5));
  CHECK(y.row(0)[1] == Approx(7.5));
  CHECK((std::isnan(y.row(1)[0]) && std::isnan(y.row(1)[1])));
  CHECK(y.row(2)[0] == Approx(3 / std::sqrt(1.75)));
  CHECK(y.row(2)[1] == Approx(7 - 1 / std::sqrt(1.75)));
}

TEST_CASE("GraphNorm gives the graphs of a batch what each alone gets") {
  const nn::GraphNorm norm({.in_channels = 2});
  const Tensor x = Tensor::from({5, 2}, {1, 2, 3, 5, 4, 0, -1, 2, 6, 1});
  const std::vector<Index> offsets{0, 2, 2, 5};
  Tape tape;
  const Tensor y = norm(tape.constant(x), offsets).value();
  for (const auto& [begin, end] : {std::pair<Index, Index>{0, 2}, {2, 5}}) {
    const Tensor alone =
        Tensor::from({end - begin, 2}, {x.row(begin), std::size_t(2 * (end - begin))});
    const Tensor z = norm(tape.constant(alone)).value();
    for (Index i = 0; i < z.size(); ++i) CHECK(z.data()[i] == y.row(begin)[i]);
  }
  check_near(norm(tape.constant(Tensor::from({2, 2}, {1, 7, 3, 7}))).value(),
             {-1 / std::sqrt(1 + 1e-5), 0, 1 / std::sqrt(1 + 1e-5), 0});
}

TEST_CASE("NaN in one column reaches that column only") {
  Tensor x = example_rows();
  x.row(1)[0] = std::numeric_limits<Real>::quiet_NaN();
  const nn::BatchNorm norm({.in_channels = 2});
  Tape tape({.training = true});
  const Tensor y = norm(tape.constant(x)).value();
  for (Index i = 0; i < 3; ++i) CHECK((std::isnan(y.row(i)[0]) && !std::isnan(y.row(i)[1])));
}

TEST_CASE("normalize gives rows of length 1, and leaves a zero row zero") {
  Tape tape;
  const Real huge = Real(2e30);
  const Var x = tape.constant(Tensor::from({3, 2}, {3, 4, 0, 0, huge, 0}));
  check_near(normalize(x).value(), {0.6, 0.8, 0, 0, 1, 0});
}

TEST_CASE("the norms stand under PyTorch Geometric's names") {
  std::string names;
  for (const auto& [name, p] : nn::BatchNorm({.in_channels = 3}).parameters())
    names += name + (p->trainable ? " " : "* ");
  for (const auto& [name, p] : nn::LayerNorm({.in_channels = 3}).parameters()) names += name + " ";
  CHECK(names ==
        "module.weight module.bias module.running_mean* module.running_var* "
        "module.num_batches_tracked* weight bias ");
}

TEST_CASE("what the norms cannot do is refused") {
  const nn::BatchNorm batch({.in_channels = 2});
  const nn::LayerNorm layer({.in_channels = 2});
  Tape tape({.training = true});
  const Var one = tape.constant(Tensor::zeros({1, 2})), wide = tape.constant(Tensor::zeros({4, 3}));
  CHECK(refusal([&] { batch(one); }).code == ErrorCode::value);
  CHECK(refusal([&] { batch(wide); }).says("x has 3 columns, expected in_channels = 2"));
  CHECK(refusal([&] { layer(wide); }).says("x has 3 columns, expected in_channels = 2"));
  CHECK(refusal([&] { layer_norm(wide, one, {}, 1); }).says("2 factors or biases for 3 columns"));
  const ColumnStatistics two{Tensor::zeros({2}), Tensor::zeros({2})};
  CHECK(refusal([&] { batch_norm(wide, {}, {}, 1, &two); }).says("statistics of 2 columns for 3"));
  CHECK(refusal([] { nn::BatchNorm({.in_channels = 0}); }).says("in_channels = 0"));
  CHECK(refusal([] { nn::BatchNorm({.in_channels = 1, .momentum = 2}); }).says("momentum = 2"));
  CHECK(refusal([] { nn::LayerNorm({.in_channels = 1, .eps = 0}); }).says("eps = 0"));
  CHECK(refusal([] { nn::GraphNorm({.in_channels = 0}); }).says("in_channels = 0"));
  const nn::GraphNorm graphs({.in_channels = 2});
  const std::vector<Index> few{0, 3}, falling{0, 3, 2, 4};
  const Var four = tape.constant(Tensor::zeros({4, 2}));
  CHECK(refusal([&] { graphs(wide); }).says("x has 3 columns, expected in_channels = 2"));
  CHECK(refusal([&] { graphs(four, few); }).says("offsets from 0 to 3, expected 0 to 4"));
  CHECK(refusal([&] { graphs(four, falling); }).says("fall"));
}
