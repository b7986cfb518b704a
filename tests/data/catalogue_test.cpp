#include <agate/data/append_encodings.hpp>
#include <agate/data/catalogue.hpp>
#include <agate/data/encodings.hpp>
#include <agate/data/split.hpp>
#include <algorithm>
#include <cstdlib>
#include <set>

#include "catch.hpp"
#include "data_folder.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::data;

namespace {

const std::string shipped = AGATE_SOURCE_DIR "/datasets";

Refusal refused(const std::string& name, const DataFolders& folders) {
  return refusal([&] { load(name, folders); });
}

Refusal refused_catalogue(const std::string& text) {
  TemporaryFolder folder;
  folder.file("catalogue.json", text);
  return refusal([&] { read_catalogue({folder.path(""), ""}); });
}

}  // namespace

TEST_CASE("the catalogue lists what ships and what the data folder may hold", "[data]") {
  const auto catalogue = read_catalogue({shipped, ""});
  std::set<std::string> names;
  for (const CatalogueEntry& entry : catalogue) {
    names.insert(entry.name);
    CHECK_FALSE(entry.about.empty());
    if (entry.reader == "pairs")
      CHECK(entry.task == "sequence");
    else
      CHECK_NOTHROW(parse_task(entry.task));
    CHECK_NOTHROW(parse_split(entry.split));
  }
  for (const std::string name :
       {"karate",      "polblogs",    "cora",         "citeseer",      "amazon_photo",
        "coauthor_cs", "blogcatalog", "flickr",       "tolokers",      "minesweeper",
        "actor",       "MUTAG",       "PTC_MR",       "PROTEINS",      "ENZYMES",
        "NCI1",        "AIDS",        "Mutagenicity", "BZR",           "IMDB-BINARY",
        "Tox21_AHR",   "Tox21_p53",   "digits",       "digits_pixels", "musae_facebook",
        "twitch",      "twitch_de",   "twitch_engb",  "bitcoin_otc",   "bitcoin_otc_rating"})
    CHECK(names.contains(name));
}

TEST_CASE("the karate club", "[data]") {
  const auto [d, schema, split_text, metric] = load("karate", {shipped, ""});
  CHECK(d.name == "karate");
  CHECK(metric == "accuracy");
  CHECK(d.num_nodes() == 34);
  CHECK(d.graph.is_undirected());
  CHECK(d.graph.num_edges() == 78);
  CHECK(d.graph.num_messages() == 156);
  CHECK(d.classes == std::vector<std::string>{"Mr. Hi", "Officer"});
  CHECK(std::ranges::count(d.y, 0) == 17);
  CHECK(std::ranges::count(d.y, 1) == 17);
  CHECK(d.y[0] == 0);   // the instructor
  CHECK(d.y[33] == 1);  // the president
  CHECK(d.graph.in_degree(0) == 16);
  CHECK(d.graph.in_degree(33) == 17);
  CHECK(d.node_name(33) == "34");
  REQUIRE(schema);
  CHECK(schema->structural.identity);
  CHECK(std::get<SparseMatrix>(d.x).nonzeros() == 34);
  CHECK(d.num_features() == 35);
  const Split split = make_split(d, parse_split(split_text), 0);
  CHECK(split.train.size() == 8);
  CHECK(split.val.size() == 8);
  CHECK(split.test.size() == 18);
  // The second eigenvector gives nearly the split that happened.
  const Tensor first = spectral_encoding(d.graph, 1);
  int agree = 0;
  for (Index i = 0; i < 34; ++i) agree += (first.data()[i] > 0) == (d.y[i] == 1);
  CHECK(std::max(agree, 34 - agree) >= 32);
}

TEST_CASE("the political blogs", "[data]") {
  std::vector<std::string> notes;
  const auto loaded = load("polblogs", {shipped, ""},
                           {.note = [&](const std::string& note) { notes.push_back(note); }});
  const Dataset& d = loaded.dataset;
  CHECK(d.num_nodes() == 1490);
  CHECK(d.graph.num_edges() == 19090);
  CHECK(d.graph.is_undirected());
  CHECK(d.graph.num_messages() == 2 * 19090 - 3);
  CHECK(d.classes == std::vector<std::string>{"conservative", "liberal"});
  CHECK(std::ranges::count(d.y, 0) == 732);
  CHECK(std::ranges::count(d.y, 1) == 758);
  CHECK(d.num_features() == 1491);
  CHECK(std::set<std::string>(d.node_ids.begin(), d.node_ids.end()).size() == 1490);
  const Tensor degrees = degree_encoding(d.graph);
  CHECK(std::ranges::count(degrees.values(), Real{0}) == 266);
  CHECK(std::ranges::any_of(notes, [](const std::string& note) {
    return note.find("3 of 19090 edges lead from a node to itself") != std::string::npos;
  }));
  CHECK(loaded.default_split == "random:0.1/0.1/0.8");
  CHECK(make_split(d, parse_split(loaded.default_split), 0).train.size() == 149);
}

TEST_CASE("structural features stand beside those of any dataset", "[data]") {
  const auto karate = load("karate", {shipped, ""}, {.structural = "degree,spectral:3"});
  CHECK(karate.dataset.num_features() == 4);
  CHECK(karate.schema->structural.to_string() == "degree,spectral:3");
  const char* folder = data_folder();
  if (!folder) return;
  const DataFolders folders{shipped, folder};
  const Dataset plain = load("cora", folders).dataset;
  const auto [d, schema, split, metric] =
      load("cora", folders, {.structural = "degree,random_walk:4,spectral:8"});
  CHECK(d.num_features() == plain.num_features() + 13);
  REQUIRE(schema);
  CHECK(schema->archive_columns == plain.num_features());
  CHECK(schema->num_features() == d.num_features());
  CHECK(schema->feature_names()[1433] == "degree");
  const auto &x = std::get<SparseMatrix>(d.x), &own = std::get<SparseMatrix>(plain.x);
  CHECK(x.nonzeros() == own.nonzeros() + 13 * 2708);
  const Tensor spectral = spectral_encoding(d.graph, 8);
  for (const Index i : {0, 1, 2707})
    for (Index c = 0; c < 8; ++c)
      CHECK(x.values()[x.offsets()[i + 1] - 8 + c] == spectral.row(i)[c]);
  Dataset again = plain;
  append_encodings(again, schema_from_json(to_json(*schema)));
  CHECK(std::ranges::equal(std::get<SparseMatrix>(again.x).values(), x.values()));
  CHECK(refusal([&] { append_encodings(again, *schema); }).says("1446 features, expected 1433"));
  CHECK(refusal([&] {
          load("cora", folders, {.structural = "identity"});
        }).says("cora has features of its own"));
}

TEST_CASE("every dataset of the data folder is read", "[data]") {
  const char* folder = data_folder();
  if (!folder) return;
  struct Expected {
    std::string name;
    Index nodes, edges, features;
    int classes;
    Index train;
  };
  for (const Expected& e :
       {Expected{"cora", 2708, 5278, 1433, 7, 140}, Expected{"citeseer", 3327, 4552, 3703, 6, 120},
        Expected{"amazon_photo", 7650, 119081, 745, 8, 160},
        Expected{"coauthor_cs", 18333, 81894, 6805, 15, 300},
        Expected{"blogcatalog", 5196, 171743, 8189, 6, 3118},
        Expected{"flickr", 7575, 239738, 12047, 9, 4545},
        Expected{"tolokers", 11758, 519000, 10, 2, 5879},
        Expected{"minesweeper", 10000, 39402, 7, 2, 5000},
        Expected{"actor", 7600, 26659, 932, 5, 3648}}) {
    INFO(e.name);
    const auto loaded = load(e.name, {shipped, folder});
    const Dataset& d = loaded.dataset;
    CHECK(d.name == e.name);
    CHECK(d.num_nodes() == e.nodes);
    CHECK(d.graph.is_undirected());
    CHECK(d.graph.num_edges() == e.edges);
    CHECK(d.num_features() == e.features);
    CHECK(d.num_classes() == e.classes);
    const SplitSpec spec = parse_split(loaded.default_split);
    CHECK(make_split(d, spec, 0).train.size() == static_cast<std::size_t>(e.train));
    CHECK(fold_count(d, spec) == (loaded.default_split == "fixed:all" ? 10 : 1));
    CHECK(loaded.default_metric ==
          (e.name == "tolokers" || e.name == "minesweeper" ? "roc_auc" : "accuracy"));
  }
  const auto by_path = load(std::string(folder) + "/planetoid/cora.npz", {});
  CHECK(by_path.dataset.name == "cora");
  CHECK(by_path.default_split == "public");
  CHECK(by_path.default_metric == "accuracy");
  CHECK(load(std::string(folder) + "/social/polblogs.npz", {}).default_split ==
        "random:0.6/0.2/0.2");
}

TEST_CASE("what cannot be found is refused, saying where it was looked for", "[data]") {
  TemporaryFolder empty;
  const Refusal unknown = refused("karat", {shipped, ""});
  CHECK(unknown.code == ErrorCode::not_found);
  CHECK(unknown.says("there is no dataset \"karat\""));
  CHECK(unknown.says("karate"));
  const Refusal nowhere = refused("cora", {shipped, ""});
  CHECK(nowhere.code == ErrorCode::not_found);
  CHECK(nowhere.says("set --data-dir or AGATE_DATA"));
  const Refusal missing = refused("cora", {shipped, empty.path("")});
  CHECK(missing.code == ErrorCode::not_found);
  CHECK(missing.says("dataset cora is not in " + empty.path("")));
  CHECK(missing.says("(looked for " + empty.path("planetoid/cora.npz") + ")"));
  CHECK(missing.says("; set --data-dir or AGATE_DATA"));
  CHECK(refused("cora", {"", ""}).code == ErrorCode::not_found);
  CHECK(refused("cora", {empty.path(""), ""}).says("catalogue.json"));
  CHECK(refused("nowhere/graph.npz", {shipped, ""}).says("there is no file nowhere/graph.npz"));
  CHECK(refused("graph.npz", {shipped, ""}).code == ErrorCode::not_found);
  CHECK(refused(shipped + "/karate", {shipped, ""}).code == ErrorCode::unsupported);
}

TEST_CASE("damaged catalogues are refused", "[data]") {
  CHECK(refused_catalogue("{").code == ErrorCode::format);
  CHECK(refused_catalogue("[]").says("catalogue.json"));
  CHECK(refused_catalogue(R"({"version":2,"datasets":[]})").says("version 2, expected 1"));
  CHECK(refused_catalogue(R"({"version":1,"datasets":[{"name":"a"}]})").says("reader"));
  CHECK(refused_catalogue(
            R"({"version":1,"datasets":[{"name":"a","reader":"x","path":"a","ships":true}]})")
            .says("there is no reader \"x\""));
  const std::string entry = R"({"name":"a","reader":"tables","path":"a","ships":true})";
  CHECK(refused_catalogue(R"({"version":1,"datasets":[)" + entry + "," + entry + "]}")
            .says("dataset a stands there twice"));
}

TEST_CASE("tables of the catalogue are read for links too", "[data]") {
  const auto loaded = load("karate", {shipped, ""}, {.task = Task::link});
  CHECK(loaded.dataset.task == Task::link);
  CHECK(loaded.dataset.y.empty());
  CHECK(loaded.schema->structural.to_string() == "degree,spectral:8");
  CHECK(loaded.default_split == "random:0.6/0.2/0.2");
  CHECK(loaded.default_metric == "roc_auc");
}

TEST_CASE("what ships wins over the data folder", "[data]") {
  TemporaryFolder folder;
  for (const std::string side : {"ours", "theirs"}) {
    std::filesystem::create_directories(folder.path(side + "/pair"));
    folder.file(side + "/pair/nodes.csv", "id,kind\n" + side + "1,a\n" + side + "2,b\n");
    folder.file(side + "/pair/edges.csv", "source,target\n" + side + "1," + side + "2\n");
  }
  const std::string rest = R"("name":"pair","reader":"tables","path":"pair","label":"kind")";
  folder.file("ours/catalogue.json", R"({"version":1,"datasets":[{"ships":false,)" + rest +
                                         R"(},{"ships":true,"directed":true,)" + rest + "}]}");
  const auto loaded = load("pair", {folder.path("ours"), folder.path("theirs")});
  CHECK(loaded.dataset.node_ids[0] == "ours1");
  CHECK_FALSE(loaded.dataset.graph.is_undirected());
  CHECK(loaded.default_split == "random:0.6/0.2/0.2");
}
