#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/train/optimizer.hpp>
#include <agate/train/metrics.hpp>
#include <cmath>

#include "catch.hpp"

using namespace agate;

TEST_CASE("Adam follows its formula") {
  Parameter p{Tensor::from({2}, {1, -2})}, free{Tensor::from({1}, {3})};
  train::Adam adam({{{&p}, 0.1}, {{&free}, 0}}, {.lr = 0.05});
  double w = 1, m = 0, v = 0;
  Tape tape;
  for (int t = 1; t <= 5; ++t) {
    // The loss is the sum of squares: its gradient is 2 w, to which the decay adds 0.1 w.
    const Var x = tape.parameter(p);
    tape.backward(sum(multiply(x, x)));
    adam.step(tape);
    tape.reset();
    const double g = 2 * w + 0.1 * w;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    w -= 0.05 * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
    CHECK(p.value.data()[0] == Approx(w).epsilon(1e-5));
  }
  CHECK(free.value.data()[0] == 3);
  CHECK(adam.penalty() ==
        Approx(0.05 * (w * w + std::pow(double(p.value.data()[1]), 2))).epsilon(1e-4));
  CHECK(refusal([&] { train::Adam({{{&p}, -1}}, {}); }).says("weight_decay = -1"));
}

TEST_CASE("accuracy and macro-F1 on a worked example") {
  const Tensor logits = Tensor::from({5, 3}, {2, 1, 0, 0, 3, 1, 1, 1, 0, 0, 1, 2, 5, 0, 0});
  CHECK(train::predicted_classes(logits) == std::vector<int>{0, 1, 0, 2, 0});
  const std::vector<int> y{0, 1, 1, 2, -1};
  const std::vector<Index> rows{0, 1, 2, 3};
  CHECK(train::accuracy(logits, y, rows) == Approx(0.75));
  // Class 0: 2/3, class 1: 2/3, class 2: 1.
  CHECK(train::macro_f1(logits, y, rows) == Approx((2.0 / 3 + 2.0 / 3 + 1) / 3));
  CHECK(refusal([&] { train::accuracy(logits, y, {}); }).says("no rows"));
  const Tensor bad = Tensor::from({1, 2}, {1, NAN});
  CHECK(train::predicted_classes(bad) == std::vector<int>{-1});
}
