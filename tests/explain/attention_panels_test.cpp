#include <agate/explain/attention_panels.hpp>
#include <cmath>

#include "catch.hpp"

using namespace agate;
using explain::attention_panels;

namespace {

// 0 -> 1 twice, 2 -> 1, 1 -> 0; the messages stand by target, then by source.
models::LayerAttention example(Index heads) {
  const std::vector<Edge> edges{{0, 1}, {0, 1}, {2, 1}, {1, 0}};
  models::LayerAttention a{Graph::from_edges(3, edges), Tensor::zeros({4, heads})};
  const Real weights[] = {1, 0.125, 0.25, 0.625};
  for (Index p = 0; p < 4; ++p)
    for (Index h = 0; h < heads; ++h) a.weights.row(p)[h] = weights[p] * static_cast<Real>(h + 1);
  return a;
}

}  // namespace

TEST_CASE("rows are who attends, columns to whom; edges between the same two add up", "[explain]") {
  const std::vector<Index> nodes{0, 1, 2};
  const auto panels = attention_panels(example(1), nodes, {"a", "b", "c"});
  REQUIRE(panels.size() == 1);
  const Tensor& m = panels[0].values;
  CHECK(m.row(0)[1] == 1);
  CHECK(m.row(1)[0] == Real(0.375));
  CHECK(m.row(1)[2] == Real(0.625));
  for (auto [i, j] : {std::pair{0, 0}, {0, 2}, {1, 1}, {2, 0}, {2, 2}})
    CHECK(std::isnan(m.row(i)[j]));
  CHECK(panels[0].row_labels == std::vector<std::string>{"a", "b", "c"});
  CHECK(panels[0].title.empty());
}

TEST_CASE("some of the nodes, in any order", "[explain]") {
  const std::vector<Index> nodes{2, 1};
  const Tensor m = attention_panels(example(1), nodes, {"c", "b"})[0].values;
  CHECK(m.shape() == Shape{2, 2});
  CHECK(m.row(1)[0] == Real(0.625));
  CHECK(std::isnan(m.row(0)[0]));
}

TEST_CASE("up to four heads have panels of their own, more are averaged", "[explain]") {
  const std::vector<Index> nodes{0, 1, 2};
  const auto four = attention_panels(example(4), nodes, {"a", "b", "c"});
  REQUIRE(four.size() == 4);
  CHECK(four[1].title == "head 2");
  CHECK(four[1].values.row(0)[1] == 2);
  const auto five = attention_panels(example(5), nodes, {"a", "b", "c"});
  REQUIRE(five.size() == 1);
  CHECK(five[0].title == "mean of 5 heads");
  CHECK(five[0].values.row(0)[1] == 3);
}

TEST_CASE("attention that fits no graph is refused", "[explain]") {
  const std::vector<Index> nodes{0, 3};
  const auto refused = [&](const models::LayerAttention& a, const std::vector<std::string>& names) {
    return refusal([&] { attention_panels(a, nodes, names); });
  };
  CHECK(refused(example(1), {"a", "b"}).says("node 3 is not one of the 3"));
  CHECK(refused(example(1), {"a"}).says("1 names for 2 nodes"));
  auto wrong = example(1);
  wrong.weights = Tensor::zeros({3, 1});
  CHECK(refused(wrong, {"a", "b"}).says("weights are 3 x 1, the graph has 4 messages"));
  wrong.graph = Graph::bipartite(3, 3, {});
  CHECK(refused(wrong, {"a", "b"}).code == ErrorCode::unsupported);
}

TEST_CASE("nodes that look at nothing but themselves are left out, with what nobody looks at") {
  const Real none = std::nan("");
  std::vector<explain::HeatPanel> panels{
      {Tensor::from({3, 3}, {1, none, none, Real(0.25), none, Real(0.75), none, none, 1}),
       {"a", "b", "c"},
       {"a", "b", "c"},
       "head"}};
  explain::leave_out_idle(panels);
  CHECK(panels[0].row_labels == std::vector<std::string>{"b"});
  CHECK(panels[0].column_labels == std::vector<std::string>{"a", "c"});
  REQUIRE(panels[0].values.shape() == Shape{1, 2});
  CHECK((panels[0].values.data()[0] == Real(0.25) && panels[0].values.data()[1] == Real(0.75)));
  CHECK(panels[0].title == "head");
  std::vector<explain::HeatPanel> idle{{Tensor::full({1, 1}, 1), {"a"}, {"a"}, {}}};
  explain::leave_out_idle(idle);
  CHECK(idle[0].row_labels.size() == 1);
}
