#include <agate/data/group_split.hpp>

#include "catch.hpp"

using namespace agate;
using namespace agate::data;

namespace {

using Ids = std::vector<Index>;
using Names = std::vector<std::string>;

Dataset molecules(Names groups) {
  Dataset d;
  d.name = "ten";
  d.task = Task::graph;
  d.graph_offsets.assign(groups.size() + 1, 0);
  d.x = Tensor::zeros({0, 1});
  for (std::size_t i = 0; i < groups.size(); ++i) d.y.push_back(static_cast<int>(i % 2));
  d.classes = {"a", "b"};
  d.groups = std::move(groups);
  return d;
}

const Names ten{"x", "ring", "ring", "x", "ring", "y", "ring", "x", "z", "ring"};

}  // namespace

TEST_CASE("groups stay together, the largest train and of one size the last comes first",
          "[data]") {
  // ring 5, x 3, then z (item 8) before y (item 5).
  const Split split = group_split(ten, {0.8, 0.1, 0.1});
  CHECK(split.train == Ids{0, 1, 2, 3, 4, 6, 7, 9});
  CHECK(split.val == Ids{8});
  CHECK(split.test == Ids{5});
  // What does not fit goes on to the next part, and a smaller group still trains.
  const Split half = group_split(ten, {0.6, 0.3, 0.1});
  CHECK(half.train == Ids{1, 2, 4, 6, 8, 9});
  CHECK(half.val == Ids{0, 3, 7});
  CHECK(half.test == Ids{5});
  // Items that could not be read count.
  CHECK(group_split(ten, {0.8, 0.1, 0.1}, 12).train.size() == 9);
  CHECK(group_split({}, {}).train.empty());
}

TEST_CASE("a split by scaffolds is drawn from no seed and leaves out what has no label", "[data]") {
  Dataset d = molecules(ten);
  d.y[3] = -1;
  const SplitSpec spec = parse_split("scaffold");
  const Split split = make_split(d, spec, 0);
  CHECK(split.train == Ids{0, 1, 2, 4, 6, 7, 9});
  CHECK(make_split(d, spec, 7).test == split.test);
  CHECK(make_split(d, parse_split("scaffold:0.5/0.3/0.2"), 0).train == Ids{1, 2, 4, 6, 9});
  for (Index i = 0; i < 10; ++i) d.rows.push_back(i + 2);
  d.source_rows = 12;
  CHECK(make_split(d, spec, 0).train == Ids{0, 1, 2, 4, 6, 7, 8, 9});
}

TEST_CASE("splits by groups that cannot be made", "[data]") {
  const Refusal r = refusal([] { make_split(molecules({}), ScaffoldSplit{}, 0); });
  CHECK(r.code == ErrorCode::usage);
  Dataset d = molecules(ten);
  d.groups.clear();
  const Refusal none = refusal([&] { make_split(d, ScaffoldSplit{}, 0); });
  CHECK(none.code == ErrorCode::usage);
  CHECK(none.says("split scaffold:0.8/0.1/0.1: the graphs of ten have no scaffolds"));
  CHECK(refusal([] { group_split(ten, {0.8, 0.1, 0.05}); }).says("do not add up to 1"));
  CHECK(refusal([] { group_split(ten, {1.2, -0.1, -0.1}); }).code == ErrorCode::value);
  CHECK(refusal([] { group_split(ten, {}, 9); }).says("10 items of a total of 9"));
}
