#include <agate/data/batches.hpp>
#include <agate/data/dictionary.hpp>
#include <algorithm>

#include "catch.hpp"

using namespace agate;

namespace {

using Batches = std::vector<std::vector<Index>>;

}  // namespace

TEST_CASE("every batch is visited once, in order, as select_graphs packs it", "[data]") {
  const auto d = data::dictionary_lookup(3);
  const Batches batches{{0, 1, 2}, {5}, {}, {3, 4, 0}, {1}};
  for (const int threads : {0, 1, 2, 4}) {
    Index visited = 0;
    data::visit_batches(d, batches, threads, [&](Index k, const data::GraphPart& part) {
      CHECK(k == visited++);
      const auto expected = data::select_graphs(d, batches[static_cast<std::size_t>(k)]);
      CHECK(part.nodes == expected.nodes);
      CHECK(part.dataset.y == expected.dataset.y);
      CHECK(part.dataset.graph_offsets == expected.dataset.graph_offsets);
      CHECK(std::ranges::equal(part.dataset.graph.sources(), expected.dataset.graph.sources()));
      // The loops of the visitor, beside which the next part is packed.
      std::vector<Index> squares(1000);
      parallel_for(threads, 1000, 10, [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) squares[static_cast<std::size_t>(i)] = i * i;
      });
      CHECK(squares[999] == 999 * 999);
      return true;
    });
    CHECK(visited == std::ssize(batches));
  }
  data::visit_batches(d, {}, 2, [](Index, const data::GraphPart&) {
    FAIL("called");
    return true;
  });
}

TEST_CASE("a visitor ends the visits, by its answer or by an error", "[data]") {
  const auto d = data::dictionary_lookup(3);
  const Batches batches{{0}, {1}, {2}, {-1}};
  for (const int threads : {1, 2}) {
    Index visited = 0;
    const auto visit_up_to = [&](Index last) {
      visited = 0;
      data::visit_batches(d, batches, threads, [&](Index k, const data::GraphPart&) {
        ++visited;
        return k < last;
      });
    };
    visit_up_to(1);
    CHECK(visited == 2);
    visit_up_to(2);  // the next one, which is an error, was not asked for
    CHECK(visited == 3);
    CHECK(refusal([&] { visit_up_to(3); }).says("names graph -1"));
    CHECK(visited == 3);
    CHECK(refusal([&] {
            data::visit_batches(d, batches, threads, [](Index, const data::GraphPart&) -> bool {
              fail(ErrorCode::value, "the visitor's own");
            });
          }).says("the visitor's own"));
  }
}
