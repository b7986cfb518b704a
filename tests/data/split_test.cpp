#include <agate/data/split.hpp>
#include <algorithm>
#include <limits>
#include <set>

#include "catch.hpp"
#include "data/splits.hpp"

using namespace agate;
using namespace agate::data;

namespace {

/// 100 nodes: 60 of class a, 30 of class b, 10 without label.
Dataset hundred() {
  Dataset d;
  d.name = "hundred";
  d.graph = Graph::from_edges(100, {});
  d.x = Tensor::zeros({100, 1});
  for (int i = 0; i < 100; ++i) d.y.push_back(i % 10 == 9 ? -1 : i % 3 == 0 ? 1 : 0);
  d.classes = {"a", "b"};
  return d;
}

void check_sound(const Dataset& d, const Split& split) {
  std::set<Index> seen;
  for (const auto* part : {&split.train, &split.val, &split.test}) {
    CHECK(std::ranges::is_sorted(*part));
    for (Index i : *part) {
      CHECK(seen.insert(i).second);
      CHECK(d.y[i] >= 0);
    }
  }
}

/// Five nodes with two labels each: node 4 has none known, label B is known of node 3 alone.
Dataset several_labels() {
  const Real unknown = std::numeric_limits<Real>::quiet_NaN();
  Dataset d;
  d.name = "several";
  d.graph = Graph::from_edges(5, {});
  d.x = Tensor::zeros({5, 1});
  d.targets = Tensor::from({5, 2}, {1, unknown, 0, unknown, 1, unknown, 0, 1, unknown, unknown});
  d.classes = {"A", "B"};
  return d;
}

}  // namespace

TEST_CASE("a split is written and read back", "[data]") {
  for (const std::string text :
       {"public", "fixed:0", "fixed:12", "fixed:all", "random:0.6/0.2/0.2", "random:0.05/0/0.95",
        "per-class:20/30", "column:part of it", "stratified:0.8/0.1/0.1", "folds:10",
        "time:0.7/0.1/0.2", "scaffold:0.7/0.1/0.2", "file:some folder/a:b.json"})
    CHECK(to_string(parse_split(text)) == text);
}

TEST_CASE("what is no split is refused, naming what was wrong", "[data]") {
  const auto says = [](const std::string& text, const std::string& part) {
    const Refusal r = refusal([&] { parse_split(text); });
    CHECK(r.code == ErrorCode::usage);
    INFO(text << " -> " << r.sentence);
    CHECK(r.says(part));
  };
  says("", "is not one of public");
  says("publik", "\"publik\" is not one of public");
  says("public:1", "is not one of public");
  says("fixed", "names no split");
  says("fixed:", "names no split, expected as in fixed:0 or fixed:all");
  says("fixed:one", "\"one\" is not a number");
  says("fixed:-1", "splits are counted from 0");
  says("fixed:99999999999999999999", "is not a number");
  says("random", "expected three");
  says("random:0.5/0.5", "2 fractions, expected three");
  says("random:0.5/0.5/x", "\"x\" is not a number");
  says("random:0.5/0.4/0.2", "add up to 1.1");
  says("random:-0.5/0.4/0.2", "-0.5 is not between 0 and 1");
  says("random:nan/0.4/0.2", "nan is not between 0 and 1");
  says("random:0/0.4/0.2", "nothing is left to train on");
  says("random:0.5 /0.4/0.1", "\"0.5 \" is not a number");
  says("per-class:20", "1 numbers, expected two");
  says("per-class:20/x", "\"x\" is not a number");
  says("per-class:2.5/3", "\"2.5\" is not a number");
  says("per-class:0/3", "at least one node of each class");
  says("per-class:1/-3", "none can be negative");
  says("per-class:99999999999999999999/3", "is not a number");
  says("column:", "names no column");
  says("stratified:0.5/0.5", "2 fractions, expected three as in stratified:0.8/0.1/0.1");
  says("time", "expected three as in time:0.7/0.1/0.2");
  says("scaffold:0.8", "expected three as in scaffold:0.8/0.1/0.1");
  says("scaffold:0.8/0.1/0.05", "the fractions add up to 0.95, expected 1");
  says("scaffolds", "is not one of public");
  says("time:0/0.5/0.5", "nothing is left to train on");
  says("folds:", "names no number of folds, expected as in folds:10");
  says("folds:1", "at least 2 folds");
  says("folds:-3", "at least 2 folds");
  says("folds:ten", "\"ten\" is not a number");
  says("file:", "names no file");
}

TEST_CASE("a random split has the sizes asked for", "[data]") {
  const Dataset d = hundred();
  const Split split = make(d, "random:0.6/0.2/0.2", 5);
  CHECK(split.train.size() == 54);
  CHECK(split.val.size() == 18);
  CHECK(split.test.size() == 18);
  check_sound(d, split);
  const Split part = make(d, "random:0.1/0.2/0.3", 5);
  CHECK(part.train.size() == 9);
  CHECK(part.val.size() == 18);
  CHECK(part.test.size() == 27);
  const Split rounded = make(d, "random:0.333/0.333/0.334", 5);
  CHECK(rounded.train.size() + rounded.val.size() + rounded.test.size() == 90);
}

TEST_CASE("a split per class has the sizes asked for", "[data]") {
  const Dataset d = hundred();
  const Split split = make(d, "per-class:5/7", 1);
  check_sound(d, split);
  for (int c : {0, 1}) {
    CHECK(of_class(d, split.train, c) == 5);
    CHECK(of_class(d, split.val, c) == 7);
  }
  CHECK(split.test.size() == 90 - 24);
}

TEST_CASE("the seed decides the split", "[data]") {
  const Dataset d = hundred();
  for (const std::string spec : {"random:0.6/0.2/0.2", "per-class:5/7"}) {
    CHECK(same(make(d, spec, 3), make(d, spec, 3)));
    CHECK_FALSE(same(make(d, spec, 3), make(d, spec, 4)));
  }
  // The same on every machine.
  CHECK(make(d, "per-class:2/1", 0).train == std::vector<Index>{6, 8, 17, 51});
}

TEST_CASE("the public split is taken as it is, without the nodes that have no label", "[data]") {
  Dataset d = hundred();
  CHECK(refused(d, "public").code == ErrorCode::not_found);
  CHECK(refused(d, "column:part").says("was read without such a column"));
  d.splits = {Split{{0, 1, 9}, {2, 19}, {3, 4, 99}}};
  for (const std::string spec : {"public", "column:part"}) {
    const Split split = make(d, spec, 8);
    CHECK(split.train == std::vector<Index>{0, 1});
    CHECK(split.val == std::vector<Index>{2});
    CHECK(split.test == std::vector<Index>{3, 4});
  }
}

TEST_CASE("a split that cannot be trained on is refused", "[data]") {
  Dataset d = hundred();
  const Refusal many = refused(d, "per-class:20/30");
  CHECK(many.code == ErrorCode::value);
  CHECK(many.says("asks for 50 nodes of class \"b\", hundred has 30"));
  CHECK(refused(d, "random:0.001/0.5/0.4").says("leaves none of the nodes of hundred to train on"));
  d.splits = {Split{{1, 2}, {}, {0}}};
  CHECK(refused(d, "public").says("leaves none of the 30 nodes of class \"b\" to train on"));
  d.y.assign(100, -1);
  CHECK(refused(d, "random:0.6/0.2/0.2").says("none of the nodes of hundred has a label"));
  CHECK(refused(d, "per-class:1/1").code == ErrorCode::value);
}

TEST_CASE("the splits that came with the data, by number and all of them", "[data]") {
  Dataset d = hundred();
  CHECK(refused(d, "fixed:0").code == ErrorCode::not_found);
  CHECK(refused(d, "fixed:0").says("hundred comes without a split of its own"));
  CHECK(refusal([&] { fold_count(d, FixedSplit{}); }).code == ErrorCode::not_found);
  d.splits = {Split{{0, 1, 9}, {2}, {3}}, Split{{6, 7}, {0, 19}, {1}}, Split{{8, 12}, {}, {0}}};
  CHECK(make(d, "public").train == std::vector<Index>{0, 1});
  CHECK(make(d, "fixed:1").train == std::vector<Index>{6, 7});
  CHECK(make(d, "fixed:1", 5).val == std::vector<Index>{0});
  const Refusal beyond = refused(d, "fixed:3");
  CHECK(beyond.code == ErrorCode::not_found);
  CHECK(beyond.says("split fixed:3: hundred comes with 3 splits, counted from 0"));
  for (const std::string one : {"public", "fixed:2", "random:0.6/0.2/0.2", "per-class:5/7"})
    CHECK(fold_count(d, parse_split(one)) == 1);
  CHECK(fold_count(d, FixedSplit{}) == 3);
  for (Index k = 0; k < 3; ++k)
    CHECK(same(make_split(d, FixedSplit{}, 0, k), make_split(d, FixedSplit{k}, 0)));
  for (const Index fold : {Index{3}, Index{-1}}) {
    const Refusal no_fold = refusal([&] { make_split(d, FixedSplit{}, 0, fold); });
    CHECK(no_fold.code == ErrorCode::not_found);
    CHECK(no_fold.says("folds are counted from 0 to 2"));
  }
  CHECK(refusal([&] { make_split(d, FixedSplit{1}, 0, 1); }).code == ErrorCode::not_found);
}

TEST_CASE("nodes with several labels are split too", "[data]") {
  Dataset d = several_labels();
  const Split whole = make(d, "random:1/0/0");
  CHECK(whole.train == std::vector<Index>{0, 1, 2, 3});
  const Refusal classes = refused(d, "per-class:1/1");
  CHECK(classes.code == ErrorCode::unsupported);
  CHECK(classes.says("several labels each"));
  d.splits = {Split{{3, 4}, {0}, {1}}, Split{{0, 1}, {2}, {3}}};
  for (const std::string spec : {"public", "fixed:0", "column:part"})
    CHECK(make(d, spec).train == std::vector<Index>{3});
  const Refusal none = refused(d, "fixed:1");
  CHECK(none.code == ErrorCode::value);
  CHECK(none.says("leaves none of the 1 known targets of label \"B\" to train on"));
  d.targets.fill(std::numeric_limits<Real>::quiet_NaN());
  CHECK(refused(d, "random:0.6/0.2/0.2").says("none of the nodes of several has a label"));
}
