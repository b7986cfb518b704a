#include <agate/core/error.hpp>
#include <agate/data/sequence_data.hpp>
#include <algorithm>
#include <set>

#include "catch.hpp"

using namespace agate;
using namespace agate::data;

namespace {

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

std::vector<int> run(const Sequences& s, Index b) {
  return {s.symbols.begin() + s.offsets[b], s.symbols.begin() + s.offsets[b + 1]};
}

std::vector<Real> row(const Tensor& t, Index i) { return {t.row(i), t.row(i) + t.cols()}; }

}  // namespace

TEST_CASE("reverse and sort say what their names say") {
  for (const std::string name : {"reverse", "sort"}) {
    const auto pairs = make_pairs(sequence_task(name), 1, 20, 200, 3);
    std::set<Index> lengths;
    for (Index b = 0; b < pairs.size(); ++b) {
      auto expected = run(pairs.source, b);
      lengths.insert(pairs.source.length(b));
      if (name == "sort")
        std::ranges::sort(expected);
      else
        std::ranges::reverse(expected);
      CHECK(run(pairs.target, b) == expected);
    }
    CHECK(*lengths.begin() == 1);
    CHECK(*lengths.rbegin() == 20);
    CHECK(lengths.size() == 20);
  }
}

TEST_CASE("copy and repeat_copy say the vectors again") {
  const auto copy = make_pairs(sequence_task("copy"), 2, 5, 50, 1);
  CHECK(copy.source.vectors.shape() == copy.target.vectors.shape());
  CHECK(std::ranges::equal(copy.source.vectors.values(), copy.target.vectors.values()));
  CHECK(copy.source.offsets == copy.target.offsets);

  const auto repeat = make_pairs(sequence_task("repeat_copy"), 1, 4, 60, 1);
  std::set<Index> repeats;
  for (Index b = 0; b < repeat.size(); ++b) {
    const Index first = repeat.source.offsets[b], size = repeat.source.length(b) - 1;
    const auto last = row(repeat.source.vectors, first + size);
    const auto times = static_cast<Index>(last[8] * 10 + Real(0.5));
    repeats.insert(times);
    REQUIRE(repeat.target.length(b) == times * size);
    for (Index i = 0; i < times * size; ++i) {
      auto expected = row(repeat.source.vectors, first + i % size);
      CHECK(expected.back() == 0);
      expected.pop_back();
      CHECK(row(repeat.target.vectors, repeat.target.offsets[b] + i) == expected);
    }
  }
  CHECK(repeats.size() == 10);
}

TEST_CASE("associative_recall asks for the item behind another") {
  const auto pairs = make_pairs(sequence_task("associative_recall"), 2, 6, 60, 4);
  for (Index b = 0; b < pairs.size(); ++b) {
    const Index first = pairs.source.offsets[b], items = pairs.source.length(b) / 4 - 1;
    CHECK(items >= 2);
    auto item = [&](Index k) {
      std::vector<Real> bits;
      for (Index i = 1; i <= 3; ++i) {
        const auto from = row(pairs.source.vectors, first + 4 * k + i);
        bits.insert(bits.end(), from.begin(), from.begin() + 6);
      }
      return bits;
    };
    CHECK(pairs.source.vectors.row(first)[6] == 1);
    CHECK(pairs.source.vectors.row(first + 4 * items)[7] == 1);
    const Tensor& t = pairs.target.vectors;
    const Index at = pairs.target.offsets[b];
    const std::vector<Real> said(t.row(at), t.row(at) + 18);
    bool found = false;
    for (Index k = 0; k + 1 < items; ++k)
      found = found || (item(k) == item(items) && item(k + 1) == said);
    CHECK(found);
  }
}

TEST_CASE("a task is the same for the same seed and drawn anew in every epoch") {
  const auto& task = sequence_task("sort");
  CHECK(make_pairs(task, 1, 9, 20, 5).source.symbols ==
        make_pairs(task, 1, 9, 20, 5).source.symbols);
  const auto data = task_data(task, {.least = 2, .most = 3, .per_epoch = 30, .held_out = 10}, 1);
  const auto again = task_data(task, {.least = 2, .most = 3, .per_epoch = 30, .held_out = 10}, 1);
  CHECK(data.train(1).source.symbols == again.train(1).source.symbols);
  CHECK(data.train(1).source.symbols != data.train(2).source.symbols);
  CHECK(data.val.source.symbols != data.tests[0].pairs.source.symbols);
  REQUIRE(data.tests.size() == 3);
  CHECK(data.tests[0].name == "length 2-3");
  CHECK(data.tests[1].name == "length 6");
  CHECK(data.tests[2].pairs.source.longest() == 12);
  CHECK(message_of([] { sequence_task("coppy"); }) ==
        "there is no task on sequences \"coppy\"; did you mean \"copy\"?");
  CHECK(message_of([&] { make_pairs(task, 3, 2, 1, 0); }) ==
        "sort: sizes 3 to 2, expected from 1 to 10000");
  CHECK_THROWS_AS(make_pairs(sequence_task("associative_recall"), 1, 2, 1, 0), Error);
}

TEST_CASE("selected sequences stand in the order named") {
  const auto pairs = make_pairs(sequence_task("reverse"), 1, 6, 10, 2);
  const std::vector<Index> which{7, 2, 7};
  const auto some = select(pairs, which);
  REQUIRE(some.size() == 3);
  for (Index k = 0; k < 3; ++k) {
    CHECK(run(some.source, k) == run(pairs.source, which[k]));
    CHECK(run(some.target, k) == run(pairs.target, which[k]));
  }
  const auto copy = make_pairs(sequence_task("copy"), 1, 6, 10, 2);
  const auto vectors = select(copy, which);
  CHECK(row(vectors.source.vectors, 0) == row(copy.source.vectors, copy.source.offsets[7]));
  const std::vector<Index> none{10};
  CHECK_THROWS_AS(select(pairs, none), Error);
}

TEST_CASE("pairs are read line by line, and what is wrong is named") {
  const auto texts = parse_pairs("ab\tba\r\n\nü\tx\n", "p.tsv");
  REQUIRE(texts.size() == 2);
  CHECK(texts.sources == std::vector<std::string>{"ab", "ü"});
  CHECK(texts.targets == std::vector<std::string>{"ba", "x"});
  CHECK(texts.place(1) == "p.tsv:3");
  const auto source = alphabet_of(texts, texts.sources, false);
  CHECK(source.symbols == std::vector<std::string>{"a", "b", "ü"});
  const auto encoded = encode(texts, texts.sources, source);
  CHECK(encoded.symbols == std::vector<int>{0, 1, 2});
  CHECK(decode(encoded, 0, source) == "ab");
  const auto words = parse_pairs("to be  or\tx", "p.tsv");
  CHECK(alphabet_of(words, words.sources, true).symbols ==
        std::vector<std::string>{"be", "or", "to"});

  auto refused = [](const char* text) { return message_of([&] { parse_pairs(text, "p.tsv"); }); };
  CHECK(refused("a\tb\nab\n") == "p.tsv:2: no TAB, expected source TAB target in every line");
  CHECK(refused("a\tb\tc\n") == "p.tsv:1: more than one TAB");
  CHECK(refused("\tb\n") == "p.tsv:1: an empty source");
  CHECK(refused("a\t\n") == "p.tsv:1: an empty target");
  CHECK(refused("\n\n") == "p.tsv: no pairs");
  CHECK(parse_pairs("ab\n", "p.tsv", false).targets.front().empty());
  const auto other = parse_pairs("az\tb\n", "q.tsv");
  CHECK(message_of([&] { encode(other, other.sources, source); }) ==
        "q.tsv:1: \"z\" is not among the 3 characters that are known");
  const auto broken = parse_pairs("a\xC3\tb\n", "q.tsv");
  CHECK(message_of([&] { alphabet_of(broken, broken.sources, false); }) ==
        "q.tsv:1: byte 2 of the text is not UTF-8");
  const auto blank = parse_pairs("  \tb\n", "q.tsv");
  CHECK(message_of([&] {
          encode(blank, blank.sources, alphabet_of(words, words.sources, true));
        }) == "q.tsv:1: an empty sequence");
}

TEST_CASE("pairs of one source stay in one part") {
  std::string text;
  for (int k = 0; k < 40; ++k)
    text += "s" + std::string(static_cast<std::size_t>(k % 20 + 1), 'x') + "\tt" +
            std::to_string(k) + "\n";
  const auto texts = parse_pairs(text, "p.tsv");
  const auto data = pairs_data(texts, false, {0.5, 0.25, 0.25}, 7);
  const auto train = data.train(1);
  CHECK(train.size() == 20);
  CHECK(data.val.size() == 10);
  CHECK(data.tests[0].pairs.size() == 10);
  auto lengths = [](const Sequences& s) {
    std::set<Index> all;
    for (Index b = 0; b < s.size(); ++b) all.insert(s.length(b));
    return all;
  };
  for (const Index l : lengths(data.val.source)) {
    CHECK(lengths(train.source).count(l) == 0);
    CHECK(lengths(data.tests[0].pairs.source).count(l) == 0);
  }
  CHECK(train.source.symbols ==
        pairs_data(texts, false, {0.5, 0.25, 0.25}, 7).train(9).source.symbols);
  CHECK_THROWS_AS(pairs_data(texts, false, {0.9, 0.2, 0.1}, 7), Error);
  CHECK_THROWS_AS(pairs_data(texts, false, {0.98, 0.01, 0.01}, 7), Error);
}
