#include <agate/data/split.hpp>
#include <algorithm>
#include <limits>
#include <set>

#include "catch.hpp"
#include "data/splits.hpp"

using namespace agate;
using namespace agate::data;

namespace {

/// 103 graphs without nodes: 70 of class a, 30 of class b, 3 without label.
Dataset many_graphs() {
  Dataset d;
  d.name = "many";
  d.task = Task::graph;
  d.graph_offsets.assign(104, 0);
  d.x = Tensor::zeros({0, 1});
  for (int i = 0; i < 103; ++i) d.y.push_back(i >= 100 ? -1 : i % 10 < 3);
  d.classes = {"a", "b"};
  return d;
}

/// Each labelled item is in one of the parts.
void check_whole(const Split& split, Index items) {
  std::set<Index> seen;
  for (const auto* part : {&split.train, &split.val, &split.test}) {
    CHECK(std::ranges::is_sorted(*part));
    for (const Index item : *part) CHECK(seen.insert(item).second);
  }
  CHECK(std::ssize(seen) == items);
}

}  // namespace

TEST_CASE("folds share the classes, and each item is tested once", "[data]") {
  const Dataset d = many_graphs();
  CHECK_NOTHROW(validate(d));
  for (const Index k : {2, 7, 10}) {
    const std::string spec = "folds:" + std::to_string(k);
    CHECK(fold_count(d, parse_split(spec)) == k);
    std::set<Index> tested;
    for (Index fold = 0; fold < k; ++fold) {
      const Split split = make(d, spec, 5, fold);
      check_whole(split, 100);
      for (const Index item : split.test) CHECK(tested.insert(item).second);
      for (const int c : {0, 1}) {
        const Index n = of_class(d, split.test, c), of_all = c == 0 ? 70 : 30;
        CHECK(n >= of_all / k);
        CHECK(n <= of_all / k + 1);
        const Index rest = of_all - n, val = of_class(d, split.val, c);
        CHECK(10 * val >= rest - 10);
        CHECK(10 * val <= rest + 10);
      }
      CHECK(std::abs(10 * std::ssize(split.val) - (100 - std::ssize(split.test))) <= 5);
    }
    CHECK(tested.size() == 100);
  }
  CHECK(same(make(d, "folds:10", 1, 4), make(d, "folds:10", 1, 4)));
  CHECK_FALSE(same(make(d, "folds:10", 1, 4), make(d, "folds:10", 2, 4)));
  CHECK(refusal([&] { make(d, "folds:10", 0, 10); }).says("counted from 0 to 9"));
  CHECK(
      refused(d, "folds:101").says("101 folds of the 100 labelled graphs of many, expected 2 to"));
}

TEST_CASE("folds of numbers and of several labels are plain", "[data]") {
  Dataset d = many_graphs();
  d.y.clear();
  d.regression = true;
  d.targets = Tensor::full({103, 2}, 0.5f);
  for (Index fold = 0; fold < 4; ++fold) {
    const Split split = make(d, "folds:4", 0, fold);
    check_whole(split, 103);
    CHECK(split.val.size() == 8);
    CHECK(split.test.size() == (fold < 3 ? 26u : 25u));
  }
}

TEST_CASE("validation does not take the last item of a class from training", "[data]") {
  Dataset d = many_graphs();
  std::ranges::fill(d.y, 0);
  d.y[3] = d.y[4] = 1;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (Index fold = 0; fold < 10; ++fold) {
      const Split split = make(d, "folds:10", seed, fold);
      CHECK(of_class(d, split.train, 1) >= 1);
    }
}

TEST_CASE("a stratified split has its fractions of each class", "[data]") {
  const Dataset d = many_graphs();
  const Split split = make(d, "stratified:0.8/0.1/0.1", 3);
  check_whole(split, 100);
  CHECK(of_class(d, split.train, 0) == 56);
  CHECK(of_class(d, split.train, 1) == 24);
  CHECK(of_class(d, split.val, 1) == 3);
  CHECK(of_class(d, split.test, 0) == 7);
  CHECK_FALSE(same(split, make(d, "stratified:0.8/0.1/0.1", 4)));
  CHECK(make(d, "stratified:0.1/0.1/0.1").train.size() == 10);
  Dataset several = d;
  several.y.clear();
  several.targets = Tensor::zeros({103, 2});
  const Refusal no_class = refused(several, "stratified:0.8/0.1/0.1");
  CHECK(no_class.code == ErrorCode::unsupported);
  CHECK(no_class.says("several labels each"));
}

TEST_CASE("a split by time trains on the past and tests on the latest", "[data]") {
  Dataset d = many_graphs();
  const Refusal timeless = refused(d, "time:0.7/0.1/0.2");
  CHECK(timeless.code == ErrorCode::not_found);
  CHECK(timeless.says("when each of the graphs of many came to be is not known"));
  for (int i = 0; i < 103; ++i) d.times.push_back(1000 - i / 2);
  const Split split = make(d, "time:0.7/0.1/0.2", 3);
  check_whole(split, 100);
  CHECK(split.train.size() == 70);
  CHECK(split.val.size() == 10);
  CHECK(split.train.front() == 30);
  CHECK(split.test.back() == 19);
  CHECK(same(split, make(d, "time:0.7/0.1/0.2", 9)));
  // Of the items of one time the first come first.
  std::ranges::fill(d.times, 1);
  CHECK(make(d, "time:0.7/0.1/0.2").train.back() == 69);
  d.times[7] = std::numeric_limits<double>::quiet_NaN();
  CHECK(refused(d, "time:0.7/0.1/0.2").says("the time of graph 7 of many is nan"));
}
