#include <agate/attention/support.hpp>
#include <array>

#include "catch.hpp"

using namespace agate;

namespace {

using Pairs = std::vector<std::pair<Index, Index>>;  // query, key

Pairs pairs_of(const Support& support) {
  const Graph graph = support.to_graph();
  Pairs pairs;
  for (Index i = 0; i < graph.num_targets(); ++i)
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p)
      pairs.emplace_back(i, graph.sources()[p]);
  return pairs;
}

}  // namespace

TEST_CASE("supports say which query sees which key") {
  CHECK(pairs_of(Support::all_pairs(2, 3)) ==
        Pairs{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}});
  CHECK(pairs_of(Support::causal(3, 2)) == Pairs{{0, 0}, {1, 0}, {1, 1}, {2, 0}, {2, 1}});
  const std::array<Index, 3> two{0, 1, 3};
  CHECK(pairs_of(Support::segments(two)) == Pairs{{0, 0}, {1, 1}, {1, 2}, {2, 1}, {2, 2}});
  CHECK(pairs_of(Support::segments(two, true)) == Pairs{{0, 0}, {1, 1}, {2, 1}, {2, 2}});
  const std::array<Index, 3> keys{0, 0, 2};
  CHECK(pairs_of(Support::segments(two, keys)) == Pairs{{1, 0}, {1, 1}, {2, 0}, {2, 1}});
  const std::array<Index, 2> lengths{1, 2};
  CHECK(pairs_of(Support::key_lengths(1, 2, lengths)) == Pairs{{0, 0}, {1, 2}, {1, 3}});
  CHECK(pairs_of(Support::all_pairs(2, 3).without_keys({0, 1, 0})) ==
        Pairs{{0, 0}, {0, 2}, {1, 0}, {1, 2}});
}

TEST_CASE("supports without meaning are refused") {
  const std::array<Index, 2> two{0, 2}, late{1, 2}, falling{0, -1};
  const std::array<Index, 3> three{0, 1, 2};
  CHECK(refusal([&] { Support::segments(late); }).says("start at 1, expected 0"));
  CHECK(refusal([&] { Support::segments(falling); }).says("fall from 0 to -1"));
  CHECK(refusal([&] { Support::segments(two, three); }).says("1 segments of queries, 2 of keys"));
  CHECK(refusal([&] { Support::key_lengths(3, 1, two); }).says("length 2 of sequence 1"));
  CHECK(refusal([&] { Support::all_pairs(-1, 2); }).says("-1 queries"));
  CHECK(refusal([&] { Support::all_pairs(1, 2).without_keys({0}); }).says("padding of 1 keys"));
  CHECK(refusal([&] { Support(Graph()).without_keys({}); }).code == ErrorCode::unsupported);
}
