#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/train/optimizer.hpp>
#include <agate/train/schedule.hpp>
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

namespace {

// Runs `steps` steps on the loss sum of w^2, whose gradient is 2 w.
template <class Optimizer>
void descend(Optimizer& optimizer, const Parameter& p, int steps) {
  Tape tape;
  for (int t = 0; t < steps; ++t) {
    const Var x = tape.parameter(p);
    tape.backward(sum(multiply(x, x)));
    optimizer.step(tape);
    tape.reset();
  }
}

}  // namespace

TEST_CASE("AdamW shrinks the weights beside Adam's step") {
  Parameter p{Tensor::from({1}, {1})};
  train::Adam adam({{{&p}, 0.1}}, {.lr = 0.05, .decoupled = true});
  double w = 1, m = 0, v = 0;
  for (int t = 1; t <= 3; ++t) {
    const double g = 2 * w;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    w -= 0.05 * 0.1 * w;
    w -= 0.05 * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
  }
  descend(adam, p, 3);
  CHECK(p.value.item() == Approx(w).epsilon(1e-5));
}

TEST_CASE("SGD follows torch's formula, with momentum, Nesterov's too") {
  for (const bool nesterov : {false, true}) {
    Parameter p{Tensor::from({1}, {1})};
    train::SGD sgd({{{&p}, 0.1}}, {.lr = 0.05, .momentum = 0.8, .nesterov = nesterov});
    double w = 1, m = 0;
    for (int t = 0; t < 4; ++t) {
      const double g = 2 * w + 0.1 * w;
      m = 0.8 * m + g;
      w -= 0.05 * (nesterov ? g + 0.8 * m : m);
    }
    descend(sgd, p, 4);
    CHECK(p.value.item() == Approx(w).epsilon(1e-5));
  }
  Parameter p{Tensor::from({1}, {1})};
  CHECK(refusal([&] { train::SGD({{{&p}, 0}}, {.momentum = 1}); }).says("momentum = 1"));
  CHECK(refusal([&] { train::SGD({{{&p}, 0}}, {.nesterov = true}); }).says("needs a momentum"));
}

TEST_CASE("clipping shortens the gradient of all parameters together") {
  Parameter p{Tensor::from({1}, {3})}, q{Tensor::from({1}, {4})};
  train::SGD sgd({{{&p, &q}, 0}}, {.lr = 1});
  sgd.set_clip_norm(1);
  Tape tape;
  tape.backward(sum(add(scale(tape.parameter(p), 3), scale(tape.parameter(q), 4))));
  sgd.step(tape);
  CHECK(p.value.item() == Approx(3 - 0.6));
  CHECK(q.value.item() == Approx(4 - 0.8));
}

TEST_CASE("schedules follow torch's formulas") {
  auto lrs = [](train::ScheduleOptions o, std::vector<double> losses) {
    train::Schedule schedule(o);
    std::vector<double> found;
    for (std::size_t t = 0; t < losses.size(); ++t)
      found.push_back(schedule.lr(static_cast<Index>(t) + 1, losses[t]));
    return found;
  };
  const std::vector<double> flat(6, 1.0);
  CHECK(lrs({.name = "constant", .lr = 2}, flat) == std::vector<double>(6, 2.0));
  CHECK(lrs({.name = "step", .lr = 8, .gamma = 0.5, .step_size = 2}, flat) ==
        std::vector<double>{8, 8, 4, 4, 2, 2});
  const auto cosine = lrs({.name = "cosine", .lr = 2, .epochs = 4}, flat);
  CHECK(cosine[0] == 2);
  CHECK(cosine[2] == Approx(1));
  CHECK(cosine[4] == Approx(0).margin(1e-12));
  CHECK(lrs({.name = "constant", .lr = 4, .warmup = 3}, flat) ==
        std::vector<double>{1, 2, 3, 4, 4, 4});
  const auto root = lrs({.name = "inverse_sqrt", .lr = 6, .warmup = 1}, flat);
  CHECK(root[0] == 3);
  CHECK(root[1] == 6);
  CHECK(root[3] == Approx(6 / std::sqrt(2)));
  // The loss of the epoch before: falls once, then stays; after more than 2 epochs lr is halved.
  CHECK(lrs({.name = "plateau", .lr = 4, .gamma = 0.5, .step_size = 2}, {0, 5, 4, 4, 4, 4, 4}) ==
        std::vector<double>{4, 4, 4, 4, 4, 2, 2});
  CHECK(refusal([&] { train::Schedule({.name = "linear"}); }).code == ErrorCode::usage);
}
