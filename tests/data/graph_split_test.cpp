#include <agate/data/graph_split.hpp>

#include "catch.hpp"

using namespace agate;
using namespace agate::data;

namespace {

/// Graphs a, (an empty one) b, c and d of 10, 0, 2 and 3 nodes, all but the first labelled.
Dataset four_sizes() {
  Dataset d;
  d.name = "four";
  d.graph = Graph::from_edges(15, {});
  d.x = Tensor::zeros({15, 1});
  d.graph_offsets = {0, 10, 10, 12, 15};
  d.graph_ids = {"a", "b", "c", "d"};
  d.y.assign(15, 0);
  d.y[0] = -1;
  d.classes = {"one"};
  return d;
}

}  // namespace

TEST_CASE("whole graphs train, validate and test", "[data]") {
  Dataset d = four_sizes();
  const Split split = split_by_graphs(d, {"d"}, {"c"}, {"a"}, 0);
  CHECK(split.train == std::vector<Index>{12, 13, 14});
  CHECK(split.val == std::vector<Index>{10, 11});
  CHECK(split.test == std::vector<Index>{1, 2, 3, 4, 5, 6, 7, 8, 9});
  d.graph_ids.clear();
  CHECK(split_by_graphs(d, {"3"}, {"2"}, {}, 0).val == split.val);
}

TEST_CASE("a fifth validates where no graph does", "[data]") {
  Dataset d = four_sizes();
  const Split split = split_by_graphs(d, {"a", "d"}, {}, {"c"}, 1);
  CHECK(split.train.size() == 10);
  CHECK(split.val.size() == 2);
  CHECK(split.test.size() == 2);
  CHECK(split.val == split_by_graphs(d, {"d", "a"}, {}, {"c"}, 1).val);
  bool differs = false;
  for (std::uint64_t seed = 2; seed < 6; ++seed)
    differs = differs || split_by_graphs(d, {"a", "d"}, {}, {"c"}, seed).val != split.val;
  CHECK(differs);
  d.splits = {split};
  CHECK_NOTHROW(validate(d));
}

TEST_CASE("pairs and graphs are split by graphs too", "[data]") {
  Dataset d = four_sizes();
  d.task = Task::edge;
  d.pairs = {{12, 13}, {0, 1}, {11, 10}};
  d.y = {0, 0, 0};
  CHECK(split_by_graphs(d, {"a"}, {"c"}, {"d"}, 0).test == std::vector<Index>{0});
  d.task = Task::graph;
  d.y = {0, 0, 0, 0};
  CHECK(split_by_graphs(d, {"b", "c"}, {"a"}, {"d"}, 0).train == std::vector<Index>{1, 2});
}

TEST_CASE("graphs that make no split are refused", "[data]") {
  const Dataset d = four_sizes();
  const Refusal unknown = refusal([&] { split_by_graphs(d, {"e"}, {}, {}, 0); });
  CHECK(unknown.code == ErrorCode::not_found);
  CHECK(unknown.says("four has no graph \"e\""));
  CHECK(refusal([&] { split_by_graphs(d, {"a"}, {}, {"a"}, 0); }).code == ErrorCode::usage);
  CHECK(refusal([&] { split_by_graphs(d, {"b"}, {}, {"a"}, 0); }).code == ErrorCode::value);
  CHECK(refusal([&] {
          split_by_graphs(d, {"a"}, {}, {"b"}, 0);
        }).says("the test graphs hold none of the labelled nodes"));
  CHECK(refusal([&] { split_by_graphs(d, {}, {}, {"a"}, 0); }).says("the training graphs"));
}
