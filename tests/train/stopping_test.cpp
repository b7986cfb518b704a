#include <agate/train/stopping.hpp>

#include "catch.hpp"

using namespace agate;

namespace {

struct Course {
  Index kept = 0, stopped = 0;
};

// Runs a rule over losses and metrics, epoch after epoch.
Course run(const std::string& rule, Index patience, const std::vector<double>& losses,
           const std::vector<double>& metrics) {
  const auto epochs = static_cast<Index>(losses.size());
  const auto decide = train::make_stopping_rule(rule, patience, epochs);
  Course course;
  for (Index e = 1; e <= epochs && !course.stopped; ++e) {
    const auto at = static_cast<std::size_t>(e - 1);
    const auto decision = (*decide)({e, losses[at], 0, metrics[at]});
    if (decision.keep) course.kept = e;
    if (decision.stop) course.stopped = e;
  }
  return course;
}

}  // namespace

TEST_CASE("val_loss keeps the lowest loss and waits patience epochs") {
  const Course c = run("val_loss", 3, {5, 4, 3, 3.5, 3.2, 3, 1}, {0, 0, 0, 1, 1, 1, 1});
  CHECK(c.kept == 3);
  CHECK(c.stopped == 6);
}

TEST_CASE("val_metric keeps the best metric, of equals the lower loss") {
  const Course c = run("val_metric", 3, {5, 4, 3, 2, 6, 6, 6}, {.5, .7, .6, .7, .1, .1, .1});
  CHECK(c.kept == 4);
  CHECK(c.stopped == 7);
}

TEST_CASE("val_metric keeps lower losses after a perfect metric, but does not wait for them") {
  const Course c = run("val_metric", 3, {5, 4, 3, 2, 1, 0.5}, {.5, 1, 1, 1, 1, 1});
  CHECK(c.kept == 5);
  CHECK(c.stopped == 5);
}

TEST_CASE("gat keeps where both improve or equal, and waits while either does") {
  //                            1  2  3   4   5   6  7   8
  const Course c = run("gat", 2, {5, 4, 3, 3.5, 2.9, 4, 4, 1}, {.5, .5, .6, .7, .6, .6, .6, .9});
  CHECK(c.kept == 3);
  CHECK(c.stopped == 7);
}

TEST_CASE("gcn keeps the last and stops after epoch 11 when the loss rises above its mean") {
  std::vector<double> losses(20, 1.0), metrics(20, 0.5);
  CHECK(run("gcn", 1, losses, metrics).stopped == 0);
  losses[5] = 3;
  losses[14] = 1.5;
  const Course c = run("gcn", 1, losses, metrics);
  CHECK(c.stopped == 15);
  CHECK(c.kept == 15);
}

TEST_CASE("pyg keeps the lowest loss and stops in the second half only") {
  std::vector<double> losses{4, 1, 2, 3, 4, 5, 6, 7, 8, 9}, metrics(10, 0.5);
  const Course c = run("pyg", 2, losses, metrics);
  CHECK(c.kept == 2);
  CHECK(c.stopped == 6);
}

TEST_CASE("none runs to the end, and unknown rules are refused") {
  const Course c = run("none", 1, {1, 2, 3}, {0, 0, 0});
  CHECK(c.kept == 3);
  CHECK(c.stopped == 0);
  CHECK(refusal([] {
          train::make_stopping_rule("val_los", 1, 1);
        }).says("did you mean \"val_loss\""));
}
