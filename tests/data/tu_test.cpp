#include <agate/data/catalogue.hpp>
#include <agate/data/packed.hpp>
#include <agate/data/split.hpp>
#include <agate/data/tu.hpp>
#include <algorithm>
#include <filesystem>
#include <map>

#include "catch.hpp"
#include "data_folder.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::data;

namespace {

using Ids = std::vector<Index>;

/// Graph 1: nodes 1, 2, 3; graph 2: none; graph 3: nodes 4, 5.
struct TuFiles {
  std::map<std::string, std::string> texts{{"A", "2, 1\n1, 2\n4,5\n2,3\n3,2\n5,4\n"},
                                           {"graph_indicator", "1\n1\n1\n3\n3\n"},
                                           {"graph_labels", "10\n-1\n+2\n"},
                                           {"node_labels", "4\n0\n4\n7\n0\n"}};
  TemporaryFolder folder{};

  std::string write() const {
    for (const auto& [part, text] : texts) folder.file("T_" + part + ".txt", text);
    return folder.path("");
  }
  Dataset read() const { return read_tu(write()); }
};

Refusal refused(const TuFiles& files) {
  return refusal([&] { files.read(); });
}

std::vector<Real> dense(const Dataset& d) {
  const Tensor x = std::holds_alternative<Tensor>(d.x) ? std::get<Tensor>(d.x)
                                                       : std::get<SparseMatrix>(d.x).to_dense();
  return {x.values().begin(), x.values().end()};
}

}  // namespace

TEST_CASE("a folder of graphs is read as it was written", "[data]") {
  const TuFiles files;
  const Dataset d = files.read();
  CHECK(is_tu_folder(files.folder.path("")));
  CHECK_FALSE(is_tu_folder(files.folder.path("nowhere")));
  CHECK(d.name == "T");
  CHECK(d.task == Task::graph);
  CHECK(d.graph_offsets == Ids{0, 3, 3, 5});
  CHECK(d.classes == std::vector<std::string>{"-1", "2", "10"});
  CHECK(d.y == std::vector<int>{2, 0, 1});
  CHECK(std::holds_alternative<SparseMatrix>(d.x));
  CHECK(dense(d) == std::vector<Real>{0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0});
  // Edge 0 is written 2 -> 1, edge 1 is 2 -> 3, and 4 -> 5 comes last, with its graph.
  CHECK(d.graph.is_undirected());
  CHECK(d.graph.num_edges() == 3);
  CHECK(std::ranges::equal(d.graph.sources(), std::vector<NodeId>{1, 0, 2, 1, 4, 3}));
  CHECK(std::ranges::equal(d.graph.edge_ids(), Ids{0, 0, 1, 1, 2, 2}));
  CHECK(std::ranges::equal(d.graph.reversed(), std::vector<std::uint8_t>{0, 1, 1, 0, 1, 0}));
  CHECK(d.edge_attr.empty());
  CHECK(d.splits.empty());
}

TEST_CASE("attributes stand before labels, of nodes and of edges", "[data]") {
  TuFiles files;
  files.texts["node_attributes"] = " 1.5, -2\n3,4\n 5e-1, 6\n7,8\n9,1e-400\n";
  files.texts["edge_labels"] = "1\n1\n3\n1\n1\n3\n";
  files.texts["edge_attributes"] = "0.5\n0.5\n2\n1\n1\n2\n";
  const Dataset d = files.read();
  CHECK(std::holds_alternative<Tensor>(d.x));
  CHECK(d.num_features() == 5);
  CHECK(std::get<Tensor>(d.x).row(2)[0] == 0.5f);
  CHECK(std::get<Tensor>(d.x).row(2)[3] == 1);
  CHECK(std::get<Tensor>(d.x).row(4)[1] == 0);
  CHECK(d.graph.is_undirected());
  CHECK(d.edge_attr.shape() == Shape{3, 3});
  CHECK(std::ranges::equal(d.edge_attr.values(), std::vector<Real>{0.5f, 1, 0, 1, 1, 0, 2, 0, 1}));
}

TEST_CASE("several columns of labels are several one-hots", "[data]") {
  TuFiles files;
  files.texts["node_labels"] = "4,1\n0,1\n4,0\n7,1\n0,1\n";
  const Dataset d = files.read();
  CHECK(d.num_features() == 5);
  CHECK(std::get<SparseMatrix>(d.x).nonzeros() == 10);
  CHECK(std::get<SparseMatrix>(d.x).to_dense().row(2)[3] == 1);
}

TEST_CASE("loops and repeated edges are left out", "[data]") {
  TuFiles files;
  files.texts["A"] = "1,1\n2,1\n1,2\n1,2\n2,3\n3,2\n2,1\n";
  const Dataset d = files.read();
  CHECK(d.graph.is_undirected());
  CHECK(d.graph.num_edges() == 2);
  files.texts["edge_labels"] = "9\n1\n1\n1\n2\n2\n1\n";
  const Dataset labelled = files.read();
  CHECK(labelled.graph.is_undirected());
  CHECK(labelled.graph.num_edges() == 2);
  CHECK(labelled.edge_attr.row(1)[1] == 1);
}

TEST_CASE("edges are directed where one lacks its like in reverse", "[data]") {
  TuFiles files;
  SECTION("a reverse is missing") { files.texts["A"] = "2,1\n4,5\n1,2\n"; }
  SECTION("a reverse has another label") {
    files.texts["A"] = "2,1\n4,5\n1,2\n";
    files.texts["edge_labels"] = "1\n1\n2\n";
  }
  SECTION("all lack it") { files.texts["A"] = "2,1\n4,5\n2,3\n"; }
  const Dataset d = files.read();
  CHECK_FALSE(d.graph.is_undirected());
  CHECK(d.graph.num_edges() == 3);
  // By graph, and in each in the order of the file.
  const auto ids = d.graph.edge_ids().subspan(d.graph.offsets()[3]);
  CHECK(std::ranges::equal(ids, Ids{2}));
}

TEST_CASE("without features there is the one-hot of the degree", "[data]") {
  TuFiles files;
  files.texts.erase("node_labels");
  std::string star, nodes;
  for (int leaf = 2; leaf <= 200; ++leaf)
    star += "1," + std::to_string(leaf) + "\n" + std::to_string(leaf) + ",1\n";
  for (int node = 1; node <= 201; ++node) nodes += "1\n";
  files.texts["A"] = star;
  files.texts["graph_indicator"] = nodes;
  const Dataset d = files.read();
  CHECK(d.num_features() == 136);
  const auto& x = std::get<SparseMatrix>(d.x);
  CHECK(x.columns()[0] == 135);
  CHECK(x.columns()[1] == 1);
  CHECK(x.columns()[200] == 0);
}

TEST_CASE("numbers of graphs are to be predicted where there are no labels", "[data]") {
  TuFiles files;
  files.texts["graph_attributes"] = "1.5,2\n-3,4\n5,6\n";
  CHECK_FALSE(files.read().regression);
  std::filesystem::remove(files.folder.path("T_graph_labels.txt"));
  files.texts.erase("graph_labels");
  const Dataset d = files.read();
  CHECK(d.regression);
  CHECK(d.y.empty());
  CHECK(d.targets.shape() == Shape{3, 2});
  CHECK(d.targets.row(1)[0] == -3);
  CHECK(d.classes.size() == 2);
  CHECK(usual_metric(d) == "rmse");
}

TEST_CASE("graphs behind the last node, and edges of none, are there", "[data]") {
  TuFiles files;
  files.texts["graph_labels"] = "1\n1\n0\n0\n1\n";
  files.texts["A"] = "";
  files.texts["edge_labels"] = "";
  const Dataset d = files.read();
  CHECK(d.num_graphs() == 5);
  CHECK(d.graph_offsets == Ids{0, 3, 3, 5, 5, 5});
  CHECK(d.graph.num_edges() == 0);
}

TEST_CASE("folders of graphs that do not fit are refused", "[data]") {
  const auto says = [](const std::string& part, const std::string& text, const std::string& words) {
    TuFiles files;
    files.texts[part] = text;
    const Refusal r = refused(files);
    INFO(part << ": " << text << " -> " << r.sentence);
    CHECK(r.code == ErrorCode::format);
    CHECK(r.says(words));
  };
  says("A", "1,2\n2,x\n", "T_A.txt:2: \"x\" is not a whole number");
  says("A", "1,2\n2,1.5\n", "T_A.txt:2: \"1.5\" is not a whole number");
  says("A", "1,2\n2,\n", "T_A.txt:2: \"\" is not a whole number");
  says("A", "1 2\n", "T_A.txt:1: \"1 2\" is not a whole number");
  says("A", "1,2\n\n2,1\n", "T_A.txt:2: a blank line");
  says("A", "1,2\n2\n", "T_A.txt:2: 1 number, expected 2 as in the first line");
  says("A", "1,2,3\n", "T_A.txt:1: 3 numbers, expected the source and the target");
  says("A", "1,2\n6,5\n", "T_A.txt:2: there is no node 6, the nodes are 1 to 5");
  says("A", "0,1\n", "T_A.txt:1: there is no node 0, the nodes are 1 to 5");
  says("A", "1,2\n99999999999999999999,1\n", "T_A.txt:2: \"99999999999999999999\" is not");
  says("A", "1,2\n3,4\n", "T_A.txt:2: an edge leads from node 3 of graph 1 to node 4 of graph 3");
  says("graph_indicator", "1\n1\n3\n1\n3\n",
       "T_graph_indicator.txt:4: a node of graph 1 after one of graph 3");
  says("graph_indicator", "1\n1\n1\n3\n4\n",
       "T_graph_indicator.txt:5: there is no graph 4, T_graph_labels.txt has 3 rows");
  says("graph_indicator", "0\n1\n1\n3\n3\n", "T_graph_indicator.txt:1: there is no graph 0");
  says("graph_indicator", "", "T_graph_indicator.txt: is empty");
  says("graph_indicator", "1,1\n1,1\n", "T_graph_indicator.txt:1: 2 numbers");
  says("graph_labels", "1,2\n1,2\n1,2\n", "T_graph_labels.txt:1: 2 numbers");
  says("graph_labels", "1\nyes\n1\n", "T_graph_labels.txt:2: \"yes\" is not a whole number");
  says("graph_labels", "", "T_graph_labels.txt has 0 rows");
  says("node_labels", "1\n2\n3\n4\n", "T_node_labels.txt has 4 rows, T_graph_indicator.txt has 5");
  says("node_labels", "", "T_node_labels.txt has 0 rows");
  says("edge_labels", "1\n2\n", "T_edge_labels.txt has 2 rows, T_A.txt has 6");
  says("node_attributes", "1\n2\n3\n4\nnan\n", "T_node_attributes.txt:5: \"nan\" is not a finite");
}

TEST_CASE("folders that lack a file are refused", "[data]") {
  for (const std::string part : {"A", "graph_indicator", "graph_labels"}) {
    TuFiles files;
    files.texts.erase(part);
    const Refusal r = refused(files);
    CHECK(r.code == ErrorCode::not_found);
    CHECK(r.says(part));
  }
  CHECK(refusal([] { read_tu("nowhere"); }).says("nowhere: cannot be read"));
  TuFiles two;
  two.folder.file("S_graph_indicator.txt", "1\n");
  CHECK(refused(two).says("holds the graphs of S and of T"));
  const Refusal large = [] {
    TuFiles files;
    files.texts["node_attributes"] = "1\n2\n3\n4\n1e300\n";
    return refused(files);
  }();
  if constexpr (sizeof(Real) == 4)
    CHECK(large.says("T_node_attributes.txt:5: 1e+300 is too large"));
}

TEST_CASE("truncated folders are read as what is left, or refused naming the file", "[data]") {
  TuFiles whole;
  whole.texts["edge_labels"] = "1\n1\n3\n1\n1\n3\n";
  int read = 0, refusals = 0;
  for (const auto& [part, text] : whole.texts)
    for (std::size_t size = 0; size < text.size(); ++size) {
      TuFiles files;
      files.texts = whole.texts;
      files.texts[part] = text.substr(0, size);
      const Refusal r = refusal([&] {
        validate(files.read());
        ++read;
      });
      if (r.sentence.empty()) continue;
      ++refusals;
      INFO(r.sentence);
      CHECK(r.says("/T_"));
    }
  CHECK(read >= 5);
  CHECK(refusals > 50);
}

TEST_CASE("a truncated archive is refused", "[data]") {
  TuFiles files;
  files.texts.erase("A");
  const std::string digits = slurp(AGATE_SOURCE_DIR "/datasets/digits/digits.csv.gz");
  for (const std::size_t size : {std::size_t{3}, std::size_t{17}, digits.size() / 2}) {
    files.folder.file("T_A.txt.gz", digits.substr(0, size));
    CHECK(refused(files).says("T_A.txt.gz: the gzip archive is damaged"));
  }
  files.folder.file("T_A.txt.gz", digits);
  CHECK(refused(files).says("T_A.txt.gz:1: 65 numbers"));
}

TEST_CASE("the splits of the fair comparison come with the folder", "[data]") {
  TuFiles files;
  files.folder.file("fair_comparison_splits.json",
                    R"([{"test":[1],"model_selection":[{"train":[2],"validation":[0]}]}])");
  const Dataset d = files.read();
  REQUIRE(d.splits.size() == 1);
  CHECK(d.splits[0].train == Ids{2});
  CHECK(load(files.folder.path(""), {}).default_split == "fixed:all");
  files.folder.file("fair_comparison_splits.json",
                    R"([{"test":[3],"model_selection":[{"train":[2],"validation":[0]}]}])");
  CHECK(refused(files).says("fold 0: test names graph 3, T has 3 graphs"));
}

TEST_CASE("the collections of the data folder are what their readme says", "[data]") {
  const char* folder = data_folder();
  if (!folder) return;
  struct Expected {
    std::string name;
    Index graphs, nodes, edges, features, edge_features;
    std::vector<Index> classes;
  };
  for (const Expected& e : {
           Expected{"MUTAG", 188, 3371, 3721, 7, 4, {63, 125}},
           Expected{"PTC_MR", 344, 4915, 5054, 18, 4, {192, 152}},
           Expected{"PROTEINS", 1113, 43471, 81044, 1 + 3, 0, {663, 450}},
           Expected{"ENZYMES", 600, 19580, 37282, 18 + 3, 0, {100, 100, 100, 100, 100, 100}},
           Expected{"NCI1", 4110, 122747, 132753, 37, 0, {2053, 2057}},
           Expected{"AIDS", 2000, 31385, 32390, 4 + 38, 3, {400, 1600}},
           Expected{"Mutagenicity", 4337, 131488, 133447, 14, 3, {2401, 1936}},
           Expected{"BZR", 405, 14479, 15535, 3 + 10, 0, {319, 86}},
           Expected{"IMDB-BINARY", 1000, 19773, 96531, 136, 0, {500, 500}},
           Expected{"Tox21_AHR", 8169, 147772, 151094, 49, 4, {7219, 950}},
           Expected{"Tox21_p53", 8634, 153563, 157023, 47, 4, {8097, 537}},
       }) {
    INFO(e.name);
    const auto loaded = load(e.name, {AGATE_SOURCE_DIR "/datasets", folder});
    const Dataset& d = loaded.dataset;
    CHECK(d.name == e.name);
    CHECK(d.task == Task::graph);
    CHECK(d.num_graphs() == e.graphs);
    CHECK(d.num_nodes() == e.nodes);
    CHECK(d.graph.is_undirected());
    CHECK(d.graph.num_edges() == e.edges);
    CHECK(d.num_features() == e.features);
    CHECK(d.num_edge_features() == e.edge_features);
    REQUIRE(d.num_classes() == std::ssize(e.classes));
    for (int c = 0; c < d.num_classes(); ++c) CHECK(std::ranges::count(d.y, c) == e.classes[c]);
    CHECK(loaded.default_metric == (e.name.starts_with("Tox21") ? "roc_auc" : "accuracy"));
    const SplitSpec spec = parse_split(loaded.default_split);
    CHECK(loaded.default_split == (d.splits.empty() ? "folds:10" : "fixed:all"));
    CHECK(fold_count(d, spec) == 10);
    Index tested = 0;
    for (Index fold = 0; fold < 10; ++fold) tested += std::ssize(make_split(d, spec, 0, fold).test);
    CHECK(tested == e.graphs);
    const auto part = select_graphs(d, Ids{7, 3, 100}).dataset;
    CHECK_NOTHROW(validate(part));
  }
  const std::string path = std::string(folder) + "/tu/";
  CHECK(load(path + "MUTAG", {}).default_split == "folds:10");
  const Dataset nci = read_tu(path + "NCI1"), mutag = read_tu(path + "MUTAG");
  const FileSplit ten{path + "NCI1/10fold_idx.json"};
  CHECK(fold_count(nci, ten) == 10);
  const Split split = make_split(nci, ten, 0, 9);
  CHECK(split.test.size() == 411);
  CHECK(split.val.size() == 370);
  CHECK(split.train.size() == 4110 - 411 - 370);
  CHECK(refusal([&] { make_split(mutag, ten, 0); }).says("MUTAG has 188 graphs, counted from 0"));
}
