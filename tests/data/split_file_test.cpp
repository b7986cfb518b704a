#include <agate/data/split.hpp>
#include <algorithm>

#include "catch.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::data;

namespace {

using Ids = std::vector<Index>;

/// 40 graphs without nodes of two classes in turn; the last has no label.
Dataset forty_graphs() {
  Dataset d;
  d.name = "forty";
  d.task = Task::graph;
  d.graph_offsets.assign(41, 0);
  d.x = Tensor::zeros({0, 1});
  for (int i = 0; i < 40; ++i) d.y.push_back(i == 39 ? -1 : i % 2);
  d.classes = {"a", "b"};
  return d;
}

Split make(const std::string& text, Index fold = 0, std::uint64_t seed = 0) {
  TemporaryFolder folder;
  const std::string path = folder.file("f.json", text);
  return make_split(forty_graphs(), FileSplit{path}, seed, fold);
}

}  // namespace

TEST_CASE("a file of test folds: the rest is for training and validation", "[data]") {
  const std::string text = R"({"note": "x", "test": [[3, 1, 0], [39, 5, 4]]})";
  const Split split = make(text);
  CHECK(split.test == Ids{0, 1, 3});
  CHECK(split.val.size() == 4);
  CHECK(split.train.size() == 39 - 3 - 4);
  CHECK(std::ranges::count_if(split.val, [](Index i) { return i % 2 == 0; }) == 2);
  CHECK(make(text).val == split.val);
  CHECK(make(text, 0, 1).val != split.val);
  // What has no label is left out.
  CHECK(make(text, 1).test == Ids{4, 5});
  CHECK(refusal([&] { make(text, 2); }).says("folds are counted from 0 to 1"));
  TemporaryFolder folder;
  CHECK(fold_count(forty_graphs(), FileSplit{folder.file("f.json", text)}) == 2);
}

TEST_CASE("a file of one split", "[data]") {
  for (const std::string val : {"valid", "val", "validation"}) {
    const std::string text =
        R"({"train": [5, 2, 39], ")" + val + R"(": [6], "test": [7, 0], "unparsable": []})";
    const Split split = make(text);
    CHECK(split.train == Ids{2, 5});
    CHECK(split.val == Ids{6});
    CHECK(split.test == Ids{0, 7});
  }
}

TEST_CASE("a file of folds with their model selection", "[data]") {
  const std::string text = R"([
    {"test": [1], "model_selection": [{"train": [2, 3], "validation": [4]}]},
    {"test": [2], "model_selection": [{"train": [1, 4], "validation": [3]}, {}]}])";
  const Split split = make(text, 1);
  CHECK(split.train == Ids{1, 4});
  CHECK(split.val == Ids{3});
  CHECK(split.test == Ids{2});
}

TEST_CASE("files that do not fit the data are refused", "[data]") {
  const auto says = [](const std::string& text, const std::string& part) {
    const Refusal r = refusal([&] { make(text); });
    INFO(text << " -> " << r.sentence);
    CHECK(r.code == ErrorCode::format);
    CHECK(r.says("f.json: "));
    CHECK(r.says(part));
  };
  says("", "parse error");
  says("{", "parse error");
  says("7", "expected {\"test\"");
  says("[]", "holds no folds");
  says(R"({"folds": []})", "expected {\"test\"");
  says(R"({"test": []})", "holds no folds");
  says(R"({"test": 3})", "\"test\" is no list of folds");
  says(R"({"test": [[1], 2]})", "fold 1: test is no list of graphs");
  says(R"({"test": [[1], []]})", "fold 1: test is empty");
  says(R"({"test": [[1], [2, 40]]})",
       "fold 1: test names graph 40, forty has 40 graphs, counted from 0");
  says(R"({"test": [[-1]]})", "fold 0: test names graph -1, forty has");
  says(R"({"test": [[18446744073709551615]]})", "names graph 18446744073709551615");
  says(R"({"test": [[4, 5, 4]]})", "fold 0: test names graph 4, which the fold names already");
  says(R"({"test": [[1.5]]})", "test holds 1.5, expected the number of a graph");
  says(R"({"test": [["1"]]})", "test holds \"1\"");
  says(R"({"train": [1, 2], "test": [3]})", "has \"train\" and no \"valid\"");
  says(R"({"train": [1, 2], "val": [], "test": [3]})", "val is empty");
  says(R"({"train": [1, 2], "val": [2], "test": [3]})", "val names graph 2, which");
  says(R"([{"test": [1]}])", "model_selection");
  says(R"([{"test": [1], "model_selection": []}])", "f.json: ");
  says("[3]", "f.json: ");
  const Refusal missing = refusal([] { make_split(forty_graphs(), FileSplit{"nowhere.json"}, 0); });
  CHECK(missing.code == ErrorCode::not_found);
  CHECK(refusal([] {
          make(R"({"train": [2, 4], "val": [3], "test": [5]})");
        }).says("leaves none of the 19 graphs of class \"b\" to train on"));
}

TEST_CASE("a split file names rows of the source where some made no item", "[data]") {
  Dataset d = forty_graphs();
  for (Index i = 0; i < 40; ++i) d.rows.push_back(i < 5 ? i : i + 2);  // rows 5 and 6 are missing
  d.source_rows = 42;
  const auto make = [&](const std::string& text) {
    TemporaryFolder folder;
    return make_split(d, FileSplit{folder.file("f.json", text)}, 0);
  };
  const Split split = make(R"({"train": [8, 7, 5], "valid": [6, 4], "test": [41, 40, 3]})");
  CHECK(split.train == Ids{5, 6});
  CHECK(split.val == Ids{4});
  CHECK(split.test == Ids{3, 38});
  CHECK(refusal([&] {
          make(R"({"train": [1, 2], "valid": [3], "test": [42]})");
        }).says("names graph 42, forty has 42 rows, counted from 0"));
  CHECK(refusal([&] {
          make(R"({"train": [5, 2], "valid": [3], "test": [5]})");
        }).says("names graph 5, which the fold names already"));
}
