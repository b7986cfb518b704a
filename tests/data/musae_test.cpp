#include <agate/data/catalogue.hpp>
#include <agate/data/musae.hpp>
#include <agate/data/split.hpp>
#include <algorithm>
#include <set>

#include "catch.hpp"
#include "data_folder.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::data;

namespace {

/// Two small graphs in the files of two countries.
struct MusaeFiles {
  MusaeFiles() {
    folder.file("A_edges.csv", "from,to\n0,1\n1,1\n2,0\n");
    folder.file("A_features.json", R"({"1": [3, 0, 3], "0": []})");
    folder.file("A_target.csv", "id,mature,new_id\n70,True,2\n71,False,0\n72,,1\n");
    folder.file("B_edges.csv", "from,to\n0,1\n");
    folder.file("B_features.json", R"({"0": [5], "1": [1]})");
    folder.file("B_target.csv", "id,mature\n0,True\n1,False\n");
  }
  Dataset read(const std::vector<std::string>& graphs = {"A", "B"}) {
    return read_musae({.folder = folder.path(""), .graphs = graphs, .label = "mature"});
  }
  Refusal refused(const std::string& name, const std::string& text) {
    folder.file(name, text);
    return refusal([&] { read(); });
  }
  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("two countries become one dataset", "[data]") {
  MusaeFiles files;
  const Dataset d = files.read();
  CHECK(d.graph_ids == std::vector<std::string>{"A", "B"});
  CHECK(d.graph_offsets == std::vector<Index>{0, 3, 5});
  CHECK(d.node_ids == std::vector<std::string>{"71", "72", "70", "0", "1"});
  CHECK(d.classes == std::vector<std::string>{"False", "True"});
  CHECK(d.y == std::vector<int>{0, -1, 1, 1, 0});
  CHECK(d.graph.is_undirected());
  CHECK(d.graph.num_edges() == 3);  // without the loop
  const auto& x = std::get<SparseMatrix>(d.x);
  CHECK(x.cols() == 6);
  CHECK(std::ranges::equal(x.offsets(), std::vector<Index>{0, 0, 2, 2, 3, 4}));
  CHECK(std::ranges::equal(x.columns(), std::vector<NodeId>{0, 3, 5, 1}));
  REQUIRE(d.splits.size() == 1);
  CHECK(d.splits[0].test == std::vector<Index>{3, 4});
  CHECK(d.splits[0].train == std::vector<Index>{0, 2});
  const Dataset one = files.read({"A"});
  CHECK(one.graph_offsets.empty());
  CHECK(one.splits.empty());
  CHECK(one.num_features() == 4);
}

TEST_CASE("files that do not fit together are refused by place", "[data]") {
  CHECK(MusaeFiles()
            .refused("A_edges.csv", "from,to\n0,1\n0,3\n")
            .says("A_edges.csv:3: \"3\" is not"));
  CHECK(MusaeFiles().refused("A_edges.csv", "from,to\n0,x\n").says("expected 0 to 2"));
  CHECK(MusaeFiles().refused("A_edges.csv", "from\n0\n").says("expected the two ends"));
  CHECK(MusaeFiles()
            .refused("A_target.csv", "id,mature,new_id\n7,a,1\n8,b,1\n")
            .says("A_target.csv:3: node 1 stands there already"));
  CHECK(MusaeFiles().refused("A_target.csv", "id,new_id\n7,0\n").code == ErrorCode::not_found);
  CHECK(MusaeFiles().refused("B_features.json", "{\"2\": []}").says("\"2\" is not the number"));
  CHECK(MusaeFiles().refused("B_features.json", "{\"0\": [-1]}").says("node 0 has feature -1"));
  CHECK(MusaeFiles().refused("B_features.json", "{\"0\": [1e99]}").code == ErrorCode::format);
  CHECK(MusaeFiles().refused("B_features.json", "{\"0\": 1}").says("B_features.json"));
  CHECK(MusaeFiles().refused("B_features.json", "[").code == ErrorCode::format);
  MusaeFiles files;
  CHECK(refusal([&] { files.read({"C"}); }).code == ErrorCode::not_found);
  CHECK(refusal([&] { files.read({}); }).code == ErrorCode::usage);
}

TEST_CASE("the graphs of the data folder are read", "[data]") {
  const char* folder = data_folder();
  if (!folder) return;
  const DataFolders folders{AGATE_SOURCE_DIR "/datasets", folder};
  const auto twitch = load("twitch", folders);
  const Dataset& d = twitch.dataset;
  CHECK(d.num_nodes() == 9498 + 7126);
  CHECK(d.graph.num_edges() == 153138 + 35324);
  CHECK(d.num_features() == 3170);
  CHECK(std::get<SparseMatrix>(d.x).nonzeros() == 193132 + 147683);
  CHECK(d.graph_ids == std::vector<std::string>{"DE", "ENGB"});
  CHECK(std::ranges::count(d.y, 1) == 5742 + 3888);
  CHECK(twitch.default_metric == "roc_auc");
  const Split split = make_split(d, parse_split(twitch.default_split), 0);
  CHECK(split.train.size() == 7599);
  CHECK(split.val.size() == 1899);
  CHECK(split.train.back() < 9498);
  CHECK(split.test.size() == 7126);
  CHECK(split.test.front() == 9498);
  CHECK(std::set<std::string>(d.node_ids.begin(), d.node_ids.begin() + 9498).size() == 9498);
  for (const std::string name : {"twitch_de", "twitch_engb"}) {
    const Dataset one = load(name, folders).dataset;
    CHECK(one.num_nodes() == (name == "twitch_de" ? 9498 : 7126));
    CHECK(one.num_features() == 3170);
    CHECK(one.graph_offsets.empty());
  }
  const auto facebook = load("musae_facebook", folders, {.structural = "degree"});
  CHECK(facebook.dataset.num_nodes() == 22470);
  CHECK(facebook.dataset.graph.num_edges() == 170823);
  CHECK(facebook.dataset.num_features() == 4714 + 1);
  CHECK(facebook.dataset.classes ==
        std::vector<std::string>{"company", "government", "politician", "tvshow"});
  CHECK(std::ranges::count(facebook.dataset.y, 1) == 6880);
}

TEST_CASE("the ratings of bitcoin traders are read as classes, numbers and links", "[data]") {
  const char* folder = data_folder();
  if (!folder) return;
  const DataFolders folders{AGATE_SOURCE_DIR "/datasets", folder};
  const auto signs = load("bitcoin_otc", folders);
  const Dataset& d = signs.dataset;
  CHECK(d.name == "bitcoin_otc");
  CHECK(d.task == Task::edge);
  CHECK(d.num_nodes() == 5881);
  CHECK(d.num_items() == 35592);
  CHECK(d.graph.num_edges() == 35592);
  CHECK_FALSE(d.graph.is_undirected());
  CHECK(d.classes == std::vector<std::string>{"no", "yes"});
  CHECK(std::ranges::count(d.y, 1) == 32029);
  CHECK(d.edge_attr.empty());
  CHECK(d.times.front() == 1289241912);
  CHECK(d.num_features() == 10);
  CHECK(signs.default_metric == "roc_auc");
  CHECK(make_split(d, parse_split(signs.default_split), 0).test.size() == 7118);
  const auto numbers = load("bitcoin_otc_rating", folders);
  CHECK(numbers.dataset.regression);
  CHECK(numbers.dataset.targets.row(0)[0] == 4);
  CHECK(numbers.default_metric == "rmse");
  const auto links = load("bitcoin_otc", folders, {.task = Task::link});
  CHECK(links.dataset.task == Task::link);
  CHECK(links.schema->edge_feature_names() == std::vector<std::string>{"rating"});
  CHECK(links.default_metric == "roc_auc");
}
