#include <agate/data/dataset.hpp>
#include <limits>

#include "catch.hpp"

using namespace agate;
using namespace agate::data;

namespace {

Dataset pair_of_nodes() {
  const Edge edges[] = {{0, 1}};
  Dataset d;
  d.name = "pair";
  d.graph = Graph::from_edges(2, edges, {.undirected = true});
  d.x = Tensor::from({2, 2}, {1, 2, 3, 4});
  d.y = {0, -1};
  d.classes = {"a"};
  return d;
}

Refusal refused(const Dataset& d) {
  return refusal([&] { validate(d); });
}

}  // namespace

TEST_CASE("a dataset whose parts agree is valid", "[data]") {
  Dataset d = pair_of_nodes();
  d.splits = {Split{{0}, {1}, {}}};
  CHECK_NOTHROW(validate(d));
  CHECK(d.num_features() == 2);
  CHECK(d.num_classes() == 1);
  CHECK(d.node_name(1) == "1");
  d.node_ids = {"ann", "bob"};
  CHECK_NOTHROW(validate(d));
  CHECK(d.node_name(1) == "bob");
}

TEST_CASE("parts that do not agree are refused", "[data]") {
  Dataset d = pair_of_nodes();
  SECTION("rows") {
    d.x = Tensor::zeros({3, 2});
    CHECK(refused(d).says("x has 3 rows, the graph has 2 nodes"));
  }
  SECTION("labels") {
    d.y = {0};
    CHECK(refused(d).says("there are 1 labels"));
    d.y = {0, 1};
    CHECK(refused(d).says("node 1 has label 1, there are 1 classes"));
    d.y = {0, -2};
    CHECK(refused(d).code == ErrorCode::shape);
  }
  SECTION("ids") {
    d.node_ids = {"ann"};
    CHECK(refused(d).says("1 node ids"));
  }
  SECTION("split") {
    d.splits = {Split{{0, 2}, {}, {}}};
    CHECK(refused(d).says("the train split names node 2, there are 2"));
    d.splits = {Split{{1, 0}, {}, {}}};
    CHECK(refused(d).says("not ascending"));
    d.splits = {Split{{0}, {}, {0}}};
    CHECK(refused(d).says("node 0 of the test split is in another part too"));
  }
  SECTION("groups and rows") {
    d.groups = {"a"};
    CHECK(refused(d).says("there are groups of 1 nodes, the graph has 2"));
    d.groups = {};
    d.rows = {0};
    CHECK(refused(d).says("there are source rows of 1 nodes, the graph has 2"));
    d.rows = {0, 3};
    d.source_rows = 3;
    CHECK(refused(d).says("row 3 of the source, which had 3"));
  }
  SECTION("two node sets") {
    const Edge edges[] = {{0, 1}};
    d.graph = Graph::bipartite(2, 2, edges);
    CHECK(refused(d).says("bipartite"));
  }
}

TEST_CASE("NaN and infinity in features are refused with row and column", "[data]") {
  Dataset d = pair_of_nodes();
  d.x = Tensor::from({2, 2}, {1, 2, std::numeric_limits<Real>::quiet_NaN(), 4});
  CHECK(refused(d).says("row 1, column 0 is nan"));
  CHECK(refused(d).code == ErrorCode::value);
  d.x = SparseMatrix(2, 3, {{0, 0, 1}, {2}, {std::numeric_limits<Real>::infinity()}});
  CHECK(refused(d).says("row 1, column 2 is inf"));
}

TEST_CASE("several graphs: the offsets ascend to the nodes, and no edge leads across", "[data]") {
  Dataset d = pair_of_nodes();
  CHECK(d.num_graphs() == 1);
  d.graph_offsets = {0, 2};
  CHECK_NOTHROW(validate(d));
  d.graph_offsets = {0, 0, 2};
  CHECK_NOTHROW(validate(d));
  CHECK(d.num_graphs() == 2);
  d.graph_offsets = {0, 1, 2};
  CHECK(refused(d).says("an edge leads from node 1, which is of another graph, into graph 0"));
  for (const std::vector<Index>& offsets :
       {std::vector<Index>{0, 1}, std::vector<Index>{1, 2}, std::vector<Index>{0, 3, 2}}) {
    d.graph_offsets = offsets;
    CHECK(refused(d).says("do not ascend from 0 to 2 nodes"));
  }
}
