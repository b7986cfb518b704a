#include <agate/data/catalogue.hpp>
#include <agate/data/dictionary.hpp>
#include <agate/data/packed.hpp>
#include <cmath>
#include <set>

#include "catch.hpp"

using namespace agate;
using namespace agate::data;

namespace {

/// Key and value of a node; the value is `keys` where there is none.
std::pair<int, int> content(const Dataset& d, int keys, Index node) {
  const auto& x = std::get<SparseMatrix>(d.x);
  const NodeId* columns = x.columns().data() + x.offsets()[node];
  return {columns[0], columns[1] - keys};
}

std::set<std::pair<int, int>> pairs_of(const Dataset& d, int keys, const std::vector<Index>& part) {
  std::set<std::pair<int, int>> pairs;
  for (Index target : part) pairs.emplace(content(d, keys, target).first, d.y[target]);
  return pairs;
}

void check_graph(const Dataset& d, int keys, Index graph) {
  const Index first = d.graph_offsets[graph];
  std::set<int> values;
  for (int key = 0; key < keys; ++key) {
    const Index target = first + key, source = first + keys + key;
    CHECK(content(d, keys, target) == std::pair(key, keys));
    CHECK(content(d, keys, source) == std::pair(key, d.y[target]));
    CHECK(d.y[source] == -1);
    CHECK(d.graph.in_degree(target) == keys);
    CHECK(d.graph.in_degree(source) == 0);
    for (Index p = d.graph.offsets()[target]; p < d.graph.offsets()[target + 1]; ++p)
      CHECK(d.graph.sources()[p] == first + keys + p - d.graph.offsets()[target]);
    values.insert(d.y[target]);
  }
  CHECK(values.size() == static_cast<std::size_t>(keys));
}

}  // namespace

TEST_CASE("a dictionary is the bipartite graph of its keys", "[data]") {
  for (int keys : {3, 5, 8}) {
    const Dataset d = dictionary_lookup(keys);
    CHECK_NOTHROW(validate(d));
    CHECK(d.num_features() == 2 * keys + 1);
    CHECK(d.num_classes() == keys);
    CHECK(d.num_nodes() == d.num_graphs() * 2 * keys);
    CHECK(d.graph.num_edges() == d.num_graphs() * keys * keys);
    for (Index graph : {Index{0}, d.num_graphs() / 2, d.num_graphs() - 1})
      check_graph(d, keys, graph);
  }
}

TEST_CASE("test graphs, and no others, show pairs that training does not", "[data]") {
  for (int keys : {3, 4, 6, 8}) {
    INFO(keys << " keys");
    const Dataset d = dictionary_lookup(keys);
    const Split& split = d.splits.at(0);
    const auto seen = pairs_of(d, keys, split.train);
    const auto allowed = static_cast<std::size_t>(std::pow(0.8, 1.0 / keys) * keys * keys);
    CHECK(seen.size() <= allowed);
    if (keys > 4) CHECK(seen.size() == allowed);
    for (Index graph : graphs_of(d, split.test)) {
      bool unseen = false;
      for (Index target = d.graph_offsets[graph]; target < d.graph_offsets[graph] + keys; ++target)
        unseen = unseen || !seen.contains({content(d, keys, target).first, d.y[target]});
      CHECK(unseen);
    }
    if (keys <= 4) continue;
    for (const auto& pair : pairs_of(d, keys, split.val)) CHECK(seen.contains(pair));
  }
}

TEST_CASE("every permutation is there, of many a sample", "[data]") {
  auto graphs = [](const Dataset& d, const std::vector<Index>& part) {
    return std::ssize(graphs_of(d, part));
  };
  const Dataset all = dictionary_lookup(5), sample = dictionary_lookup(8);
  std::set<std::vector<int>> permutations;
  for (Index g = 0; g < all.num_graphs(); ++g) {
    const auto first = all.y.begin() + all.graph_offsets[g];
    permutations.emplace(first, first + 5);
  }
  CHECK(permutations.size() == 120);
  const Split &few = all.splits[0], &many = sample.splits[0];
  const Index copies = 32000 / 120, distinct = graphs(all, few.train) / copies;
  CHECK(distinct * copies == graphs(all, few.train));
  CHECK(distinct + graphs(all, few.val) + graphs(all, few.test) == 120);
  CHECK(graphs(all, few.val) == (distinct + graphs(all, few.val)) / 10);
  CHECK(sample.num_graphs() == 32000);
  CHECK(graphs(sample, many.val) == (graphs(sample, many.train) + graphs(sample, many.val)) / 10);
  CHECK(graphs(sample, many.test) > 4000);
  CHECK(dictionary_lookup(8).y == sample.y);
}

TEST_CASE("dictionaries have a name, a size and a recipe", "[data]") {
  const auto loaded = load("dictionary:4", {});
  CHECK(loaded.dataset.name == "dictionary:4");
  CHECK(loaded.default_split == "public");
  CHECK(loaded.default_metric == "accuracy");
  CHECK(default_preset("dictionary:4") == "lookup");
  CHECK(default_preset("karate") == "default");
  CHECK(generated_datasets().at(0).name == "dictionary:K");
  CHECK(refusal([] { load("dictionary:2", {}); }).says("2 is out of range, expected 3 to 32"));
  CHECK(refusal([] { load("dictionary:x", {}); }).says("\"x\" is not a whole number"));
  CHECK(refusal([] { dictionary_lookup(33); }).says("33 keys, expected 3 to 32"));
}
