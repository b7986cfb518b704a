#include <agate/explain/attention_ranking.hpp>

#include "catch.hpp"
#include "operation_table.hpp"

using namespace agate;

namespace {

data::Dataset crowd() {
  std::vector<Edge> edges;
  Random random(2);
  for (NodeId i = 0; i < 40; ++i)
    for (NodeId j = 0; j < i; ++j)
      if (random.below(3) == 0) edges.push_back({j, i});
  return {.name = "crowd",
          .graph = Graph::from_edges(40, edges, {.undirected = true}),
          .x = table::example({40, 6}, 1),
          .y = std::vector<int>(40, 0),
          .classes = {"a", "b"}};
}

std::vector<explain::AttentionRanking> ranking(const std::string& name, int threads = 1) {
  const auto model = models::make_model(
      {.model = name, .in = 6, .out = 2, .layers = 2, .hidden = 8, .heads = 3, .normalize = "none"},
      4);
  return explain::attention_ranking(*model, crowd(), {.draws = 4000, .threads = threads});
}

}  // namespace

TEST_CASE("GAT's attention is static, that of GATv2 and of Transformers is not") {
  const auto gat = ranking("gat");
  REQUIRE(gat.size() == 4);  // three heads, then the one of the output
  for (const auto& r : gat) {
    CHECK(r.compared > 200);
    CHECK(r.differing == 0);
  }
  Index differing = 0;
  for (const auto& r : ranking("transformer_conv")) differing += r.differing;
  CHECK(differing > 100);
  differing = 0;
  for (const auto& r : ranking("gatv2")) differing += r.differing;
  CHECK(differing > 20);
}

TEST_CASE("rankings are the same for any number of threads, and empty without attention") {
  const auto one = ranking("gatv2"), three = ranking("gatv2", 3);
  REQUIRE(one.size() == three.size());
  for (std::size_t k = 0; k < one.size(); ++k) {
    CHECK(one[k].compared == three[k].compared);
    CHECK(one[k].differing == three[k].differing);
  }
  CHECK(ranking("gcn").empty());
}
