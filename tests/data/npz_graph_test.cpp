#include <agate/data/npz_graph.hpp>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "catch.hpp"
#include "data/npz_writer.hpp"
#include "data_folder.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::data;

namespace {

using Longs = std::vector<std::int64_t>;
using Ints = std::vector<std::int32_t>;
using Floats = std::vector<float>;
using Bools = std::vector<std::uint8_t>;

struct Arrays {
  std::vector<std::int64_t> ends{0, 1, 2, 1, 1, 0, 1, 2};  // 0-1 and 2-1, both ways
  Longs y{0, 2, -1};
  Longs offsets{0, 2, 2, 3}, shape{3, 4};
  Ints columns{0, 3, 1};
  Floats values{1, 2, 0.5f};
  Bools train{1, 0, 0}, val{0, 1, 0}, test{0, 0, 1};
  bool masks = true, features = true;

  std::string bytes() const {
    NpzWriter npz;
    const auto length = [](const auto& v) {
      return std::vector<long>{static_cast<long>(v.size())};
    };
    npz.add("edge_index", {2, static_cast<long>(ends.size() / 2)}, ends).add("y", length(y), y);
    if (features)
      npz.add("x_indptr", length(offsets), offsets)
          .add("x_indices", length(columns), columns)
          .add("x_data", length(values), values)
          .add("x_shape", length(shape), shape);
    if (masks)
      npz.add("train_mask", length(train), train)
          .add("val_mask", length(val), val)
          .add("test_mask", length(test), test);
    return npz.bytes();
  }
};

Dataset read(const std::string& bytes) {
  TemporaryFolder folder;
  return read_npz_graph(folder.file("tiny.npz", bytes));
}

Refusal refused(const Arrays& arrays) {
  return refusal([&] { read(arrays.bytes()); });
}

std::string external(const char* path) {
  const char* folder = data_folder();
  return folder ? std::string(folder) + "/" + path : "";
}

Index unlabelled(const Dataset& d) { return std::ranges::count(d.y, -1); }

}  // namespace

TEST_CASE("an archive is read as it was written", "[data]") {
  const Dataset d = read(Arrays{}.bytes());
  CHECK(d.name == "tiny");
  CHECK(d.num_nodes() == 3);
  CHECK(d.graph.is_undirected());
  CHECK(d.graph.num_edges() == 2);
  CHECK(d.graph.num_messages() == 4);
  // Node 1 hears 0 (edge 0 as first listed, 0 -> 1) and 2 (edge 1, 2 -> 1).
  CHECK(std::ranges::equal(d.graph.sources().subspan(1, 2), std::vector<NodeId>{0, 2}));
  CHECK(std::ranges::equal(d.graph.edge_ids().subspan(1, 2), std::vector<Index>{0, 1}));
  CHECK(std::ranges::equal(d.graph.reversed().subspan(1, 2), std::vector<std::uint8_t>{0, 0}));
  CHECK(d.y == std::vector<int>{0, 2, -1});
  CHECK(d.classes == std::vector<std::string>{"0", "1", "2"});
  const auto& x = std::get<SparseMatrix>(d.x);
  CHECK(x.rows() == 3);
  CHECK(x.cols() == 4);
  CHECK(std::ranges::equal(x.columns(), std::vector<NodeId>{0, 3, 1}));
  CHECK(std::ranges::equal(x.values(), std::vector<Real>{1, 2, 0.5f}));
  REQUIRE(d.splits.size() == 1);
  CHECK(d.splits[0].val == std::vector<Index>{1});
}

TEST_CASE("an archive without features and masks", "[data]") {
  Arrays arrays;
  arrays.features = arrays.masks = false;
  const Dataset d = read(arrays.bytes());
  CHECK(d.splits.empty());
  const Tensor x = std::get<SparseMatrix>(d.x).to_dense();
  CHECK(x.shape() == Shape{3, 3});
  for (Index i = 0; i < 9; ++i) CHECK(x.data()[i] == (i % 4 == 0 ? 1 : 0));
}

TEST_CASE("edges are undirected when each has its opposite", "[data]") {
  Arrays arrays;
  SECTION("one lacks it") {
    arrays.ends = {0, 1, 2, 1, 0, 1};
    const Graph g = read(arrays.bytes()).graph;
    CHECK_FALSE(g.is_undirected());
    CHECK(g.num_edges() == 3);
    CHECK(g.num_messages() == 3);
  }
  SECTION("one is listed twice and its opposite once") {
    arrays.ends = {0, 0, 1, 1, 1, 0};
    CHECK_FALSE(read(arrays.bytes()).graph.is_undirected());
  }
  SECTION("duplicates and a loop") {
    arrays.ends = {0, 0, 2, 1, 1, 1, 1, 2, 0, 0};
    const Graph g = read(arrays.bytes()).graph;
    CHECK(g.is_undirected());
    CHECK(g.num_edges() == 3);
    CHECK(g.num_messages() == 5);
  }
  SECTION("there are none") {
    arrays.ends = {};
    CHECK(read(arrays.bytes()).graph.num_edges() == 0);
  }
}

TEST_CASE("archives that do not fit together are refused by name", "[data]") {
  Arrays a;
  SECTION("node beyond the end") {
    a.ends[1] = 3;
    CHECK(refused(a).says("edge_index: edge 1 names node 3, there are 3"));
    a.ends[1] = -1;
    CHECK(refused(a).code == ErrorCode::format);
  }
  SECTION("labels") {
    a.y[1] = -2;
    CHECK(refused(a).says("y holds -2"));
    a.y[1] = std::int64_t{1} << 40;
    CHECK(refused(a).says("y holds 1099511627776"));
  }
  SECTION("shape") {
    a.shape = {4, 4};
    CHECK(refused(a).says("x_shape does not describe a matrix of 3 rows"));
    a.shape = {3, std::int64_t{1} << 40};
    CHECK(refused(a).code == ErrorCode::format);
    a.shape = {3};
    CHECK(refused(a).code == ErrorCode::format);
  }
  SECTION("offsets") {
    a.offsets = {0, 2, 3};
    CHECK(refused(a).says("x_indptr has 3 elements, expected 4"));
    a.offsets = {0, 2, 1, 3};
    CHECK(refused(a).says("x_indptr does not rise from 0 to 3"));
    a.offsets = {0, 2, 2, 4};
    CHECK(refused(a).code == ErrorCode::format);
    a.offsets = {1, 2, 2, 3};
    CHECK(refused(a).code == ErrorCode::format);
  }
  SECTION("columns and values") {
    a.columns[0] = 4;
    CHECK(refused(a).says("x_indices names column 4, there are 4"));
    a.columns[0] = -1;
    CHECK(refused(a).code == ErrorCode::format);
    a.columns[0] = 0;
    a.values = {1, 2};
    CHECK(refused(a).says("x_data has 2 elements, x_indices has 3"));
    a.values = {1, std::numeric_limits<float>::quiet_NaN(), 3};
    CHECK(refused(a).says("row 0, column 3 is nan"));
  }
  SECTION("masks") {
    a.val = {0, 1};
    CHECK(refused(a).says("val_mask has 2 elements, there are 3 nodes"));
    a.val = {1, 0, 0};
    CHECK(refused(a).says("val_mask holds node 0, which another mask holds too"));
  }
}

TEST_CASE("arrays that are missing or of another kind are refused by name", "[data]") {
  const auto refused_bytes = [](const NpzWriter& npz) {
    return refusal([&] { read(npz.bytes()); });
  };
  CHECK(refused_bytes(NpzWriter().add("y", {1}, Longs{0})).says("has no array edge_index"));
  const Refusal no_y = refused_bytes(NpzWriter().add("edge_index", {2, 1}, Longs{0, 0}));
  CHECK(no_y.says("has no array num_nodes; it holds edge_index"));
  CHECK(no_y.code == ErrorCode::format);
  CHECK(refused_bytes(NpzWriter().add("y", {1, 1, 1}, Longs{0}).add("edge_index", {2, 0}, Longs{}))
            .says("y has 3 dimensions, expected 1"));
  CHECK(refused_bytes(NpzWriter().add("y", {1}, Longs{0}).add("edge_index", {3, 1}, Longs{0, 0, 0}))
            .says("edge_index has 3 rows, expected 2"));
  CHECK(refused_bytes(NpzWriter().add("y", {1}, Floats{0}).add("edge_index", {2, 0}, Longs{}))
            .says("y"));
  NpzWriter half;
  half.add("y", {1}, Longs{0}).add("edge_index", {2, 0}, Longs{}).add("x_shape", {2}, Longs{1, 1});
  CHECK(refused_bytes(half).says("has no array x_indptr"));
  NpzWriter mask;
  mask.add("y", {1}, Longs{0}).add("edge_index", {2, 0}, Longs{}).add("val_mask", {1}, Bools{1});
  CHECK(refused_bytes(mask).says("has no array train_mask"));
  CHECK(refusal([] { read_npz_graph("/nonexistent/graph.npz"); }).code == ErrorCode::not_found);
  CHECK(refusal([] { read("not an archive"); }).code == ErrorCode::format);
}

TEST_CASE("a label in each column of y makes several labels", "[data]") {
  const float unknown = std::numeric_limits<float>::quiet_NaN();
  const auto archive = [](const std::vector<long>& shape, const auto& y) {
    return NpzWriter().add("edge_index", {2, 0}, Longs{}).add("y", shape, y).bytes();
  };
  const auto check_targets = [](const Dataset& d) {
    CHECK(d.is_multi_label());
    CHECK(d.y.empty());
    CHECK(d.num_nodes() == 2);
    CHECK(d.classes == std::vector<std::string>{"0", "1", "2"});
    const Real* t = d.targets.data();
    CHECK(t[0] == 0);
    CHECK(t[1] == 1);
    CHECK(std::isnan(t[2]));
    CHECK(t[3] == 1);
    CHECK(std::isnan(t[4]));
    CHECK(t[5] == 0);
  };
  check_targets(read(archive({2, 3}, Longs{0, 1, -1, 1, -1, 0})));
  check_targets(read(archive({2, 3}, Floats{0, 1, unknown, 1, -1, 0})));
  const auto refused_y = [&](const std::vector<long>& shape, const auto& y) {
    return refusal([&] { read(archive(shape, y)); });
  };
  CHECK(refused_y({2, 1}, Longs{0, 2}).says("y holds 2"));
  CHECK(refused_y({2, 1}, Floats{0, 0.5f}).says("expected 0, 1, or -1 or NaN"));
  CHECK(refused_y({2, 0}, Longs{}).says("y has 0 columns"));
  CHECK(refused_y({0, 1L << 40}, Longs{}).code == ErrorCode::format);
  CHECK(refused_y({1, 1, 1}, Longs{0}).says("y has 3 dimensions, expected 1"));
}

namespace {

/// Three nodes in the layout of node_labels and edges, with two splits.
struct EdgeRows {
  Floats features{0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  Longs labels{0, 1, 1}, ends{0, 1, 2, 1};
  Bools train{1, 0, 0, 0, 1, 0}, val{0, 1, 0, 0, 0, 1}, test{0, 0, 1, 1, 0, 0};
  long rows = 2, columns = 2;
  bool masks = true;

  std::string bytes() const {
    const auto count = [](const auto& v, long by) { return static_cast<long>(v.size()) / by; };
    NpzWriter npz;
    npz.add("node_features", {3, count(features, 3)}, features)
        .add("node_labels", {count(labels, 1)}, labels)
        .add("edges", {count(ends, columns), columns}, ends);
    if (masks)
      npz.add("train_masks", {2, count(train, 2)}, train)
          .add("val_masks", {rows, count(val, rows)}, val)
          .add("test_masks", {2, count(test, 2)}, test);
    return npz.bytes();
  }
};

Refusal refused(const EdgeRows& arrays) {
  return refusal([&] { read(arrays.bytes()); });
}

}  // namespace

TEST_CASE("an archive with edges in rows and several splits", "[data]") {
  EdgeRows a;
  const Dataset d = read(a.bytes());
  CHECK(d.num_nodes() == 3);
  CHECK(d.graph.is_undirected());
  CHECK(d.graph.num_edges() == 2);
  CHECK(std::ranges::equal(d.graph.sources().subspan(1, 2), std::vector<NodeId>{0, 2}));
  CHECK(d.y == std::vector<int>{0, 1, 1});
  CHECK(d.classes == std::vector<std::string>{"0", "1"});
  const auto& x = std::get<SparseMatrix>(d.x);
  CHECK(x.nonzeros() == 2);
  CHECK(std::ranges::equal(x.to_dense().values(), a.features,
                           [](Real got, float want) { return got == Real{want}; }));
  REQUIRE(d.splits.size() == 2);
  CHECK(d.splits[0].train == std::vector<Index>{0});
  CHECK(d.splits[0].test == std::vector<Index>{2});
  CHECK(d.splits[1].train == std::vector<Index>{1});
  CHECK(d.splits[1].val == std::vector<Index>{2});
  a.masks = false;
  a.features.assign(6, 2);
  const Dataset full = read(a.bytes());
  CHECK(std::get<Tensor>(full.x).shape() == Shape{3, 2});
  CHECK(full.splits.empty());
  a.ends = {0, 1, 1, 0, 2, 1, 1, 2};  // both directions
  CHECK(read(a.bytes()).graph.num_edges() == 2);
}

TEST_CASE("an archive with edges in rows that does not fit together is refused", "[data]") {
  EdgeRows a;
  SECTION("edges") {
    a.ends[3] = 3;
    CHECK(refused(a).says("edges: edge 1 names node 3, there are 3"));
    a.ends = {0, 1, 2, 1, 0, 0};
    a.columns = 3;
    CHECK(refused(a).says("edges has 3 columns, expected 2"));
  }
  SECTION("labels") {
    a.labels = {0, 1};
    CHECK(refused(a).code == ErrorCode::format);
    a.labels = {0, 1, -2};
    CHECK(refused(a).says("node_labels holds -2"));
  }
  SECTION("features") {
    a.ends.clear();
    a.masks = false;
    a.labels = {0, 1};
    CHECK(refused(a).says("node_features has 3 rows, node_labels has 2 elements"));
    a.labels = {0, 1, 1};
    a.features[7] = std::numeric_limits<float>::infinity();
    CHECK(refused(a).code == ErrorCode::value);
  }
  SECTION("masks") {
    a.val = {0, 0, 0};
    a.rows = 1;
    CHECK(refused(a).says("val_masks has 1 rows, train_masks has 2"));
    a.rows = 2;
    a.val = {0, 1, 0, 1};
    CHECK(refused(a).says("val_masks has 2 elements, there are 3 nodes"));
    a.val = {0, 1, 0, 0, 1, 0};
    CHECK(refused(a).says("val_masks holds node 1, which another mask holds too"));
  }
}

TEST_CASE("Cora is read whole", "[data]") {
  const std::string path = external("planetoid/cora.npz");
  if (path.empty()) return;
  const Dataset d = read_npz_graph(path);
  CHECK(d.num_nodes() == 2708);
  CHECK(d.graph.is_undirected());
  CHECK(d.graph.num_edges() == 5278);
  CHECK(d.graph.num_messages() == 10556);
  CHECK(d.num_features() == 1433);
  CHECK(std::get<SparseMatrix>(d.x).nonzeros() == 49216);
  CHECK(d.num_classes() == 7);
  CHECK(unlabelled(d) == 0);
  REQUIRE(d.splits.size() == 1);
  CHECK(d.splits[0].train.size() == 140);
  CHECK(d.splits[0].val.size() == 500);
  CHECK(d.splits[0].test.size() == 1000);
}

TEST_CASE("CiteSeer is read whole", "[data]") {
  const std::string path = external("planetoid/citeseer.npz");
  if (path.empty()) return;
  const Dataset d = read_npz_graph(path);
  CHECK(d.num_nodes() == 3327);
  CHECK(d.graph.num_edges() == 4552);
  CHECK(d.graph.num_messages() == 9104);
  CHECK(d.num_features() == 3703);
  CHECK(std::get<SparseMatrix>(d.x).nonzeros() == 105165);
  CHECK(d.num_classes() == 6);
  CHECK(unlabelled(d) == 15);
  REQUIRE(d.splits.size() == 1);
  CHECK(d.splits[0].train.size() == 120);
  CHECK(d.splits[0].test.size() == 1000);
}
