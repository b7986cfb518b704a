#include <agate/data/catalogue.hpp>
#include <agate/data/tables.hpp>
#include <agate/io/csv.hpp>
#include <algorithm>

#include "catch.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::data;

namespace {

const std::string karate = AGATE_SOURCE_DIR "/datasets/karate/";

TableOptions karate_tables() {
  return {.nodes = karate + "nodes.csv", .edges = karate + "edges.csv", .label = "club"};
}

/// The karate club as a graph file, with `what` for each node and each edge.
std::string written(const std::string& head, const std::string& node, const std::string& between,
                    const std::string& edge, const std::string& tail) {
  const auto filled = [](std::string text, const std::vector<std::string>& cells) {
    for (const char* mark : {"$1", "$2"})
      text.replace(text.find(mark), 2, cells[mark[1] == '1' ? 0 : 1]);
    return text;
  };
  std::string text = head;
  for (const auto& row : io::read_csv(karate + "nodes.csv").rows) text += filled(node, row);
  text += between;
  for (const auto& row : io::read_csv(karate + "edges.csv").rows) text += filled(edge, row);
  return text + tail;
}

std::string as_graphml(const std::string& direction) {
  return written(
      "<graphml><key id='c' for='node' attr.name='club' attr.type='string'/><graph "
      "edgedefault='" +
          direction + "'>\n",
      "<node id='$1'><data key='c'>$2</data></node>\n", "", "<edge source='$1' target='$2'/>\n",
      "</graph></graphml>\n");
}

std::string as_dot(const std::string& kind, const std::string& link) {
  return written(kind + " karate {\n", "  $1 [club=\"$2\"];\n", "", "  $1 " + link + " $2;\n",
                 "}\n");
}

std::string as_json(const std::string& directed) {
  std::string text = written("{\"directed\": " + directed + ", \"multigraph\": false, \"nodes\": [",
                             "{\"id\": $1, \"club\": \"$2\"},", "], \"links\": [",
                             "{\"source\": $1, \"target\": $2},", "]}");
  for (std::size_t at; (at = text.find(",]")) != std::string::npos;) text.erase(at, 1);
  return text;
}

void check_same(const Dataset& a, const Dataset& b) {
  CHECK(a.node_ids == b.node_ids);
  CHECK(a.classes == b.classes);
  CHECK(a.y == b.y);
  CHECK(a.graph.is_undirected() == b.graph.is_undirected());
  CHECK(std::ranges::equal(a.graph.offsets(), b.graph.offsets()));
  CHECK(std::ranges::equal(a.graph.sources(), b.graph.sources()));
  CHECK(std::ranges::equal(a.graph.edge_ids(), b.graph.edge_ids()));
  REQUIRE(a.x.index() == b.x.index());
  const auto* x = std::get_if<SparseMatrix>(&a.x);
  REQUIRE(x);
  CHECK(std::ranges::equal(x->columns(), std::get<SparseMatrix>(b.x).columns()));
  CHECK(std::ranges::equal(x->values(), std::get<SparseMatrix>(b.x).values()));
}

struct NetworkFiles {
  std::string file(const std::string& name, const std::string& text) {
    return folder.file(name, text);
  }
  TableOptions options(const std::string& path) {
    return {.graph = path, .label = "club", .note = [this](const std::string& note) {
              notes += note + "\n";
            }};
  }
  Refusal refused(const std::string& name, const std::string& text, const TableOptions& base) {
    TableOptions with = base;
    with.graph = file(name, text);
    return refusal([&] { read_tables(with); });
  }
  bool noted(const std::string& part) const { return notes.find(part) != std::string::npos; }
  TemporaryFolder folder;
  std::string notes;
};

const std::string people_dot =
    "graph {\n ann [age=20, club=a, part=train, m=1]\n bob [age=40, club=b, part=test, m=0]\n"
    " cat [club=a, part=train]\n ann -- bob -- cat [w=1]\n}\n";

}  // namespace

TEST_CASE("the karate club reads the same from tables and from three formats", "[data]") {
  NetworkFiles files;
  for (const bool directed : {false, true}) {
    TableOptions tables = karate_tables();
    tables.directed = directed;
    tables.structural = "degree,spectral:3,identity";
    const TableDataset expected = read_tables(tables);
    for (const std::string& path :
         {files.file("karate.graphml", as_graphml(directed ? "directed" : "undirected")),
          files.file("karate.dot", as_dot(directed ? "digraph" : "graph", directed ? "->" : "--")),
          files.file("karate.json", as_json(directed ? "true" : "false"))}) {
      INFO(path);
      TableOptions options = files.options(path);
      options.structural = tables.structural;
      const TableDataset read = read_tables(options);
      CHECK(read.dataset.name == "karate");
      check_same(read.dataset, expected.dataset);
      CHECK(to_json(read.schema) == to_json(expected.schema));
    }
  }
  CHECK(files.notes.empty());
}

TEST_CASE("attributes are columns: features, targets and splits", "[data]") {
  NetworkFiles files;
  TableOptions options = files.options(files.file("people.gv", people_dot));
  options.split_column = "part";
  const auto [d, schema] = read_tables(options);
  CHECK(schema.feature_names() == std::vector<std::string>{"age", "m"});
  CHECK(schema.numeric[0].mean == Approx(30));  // cat's age is not known, and no 0
  CHECK(std::get<Tensor>(d.x).row(2)[0] == 0);
  REQUIRE(d.splits.size() == 1);
  CHECK(d.splits[0].train == std::vector<Index>{0, 2});
  CHECK(schema.edge_feature_names() == std::vector<std::string>{"w"});
  CHECK(d.edge_attr.rows() == 2);
  options.label = "m,age";
  CHECK(refusal([&] {
          read_tables(options);
        }).says("people.gv:2: column \"age\": \"20\" is neither"));
  options.label = "klub";
  const Refusal missing = refusal([&] { read_tables(options); });
  CHECK(missing.code == ErrorCode::not_found);
  CHECK(missing.says("no column \"klub\"; there are: club, "));
}

TEST_CASE("a model's schema reads tables and graph files alike", "[data]") {
  NetworkFiles files;
  const std::string path = files.file("people.dot", people_dot);
  const FeatureSchema schema = read_tables(files.options(path)).schema;
  const std::string nodes = files.file("n.csv", "part,id,age,m\ntrain,eve,60,1\ntest,dan,,0\n"),
                    edges = files.file("e.csv", "a,b,w\neve,dan,1\n");
  const Dataset from_tables = read_tables({.nodes = nodes, .edges = edges}, schema);
  TableOptions options = files.options(files.file(
      "new.json", R"({"directed": true, "nodes": [{"id": "eve", "age": 60, "m": 1, "part": "train"},
          {"id": "dan", "m": 0, "part": "test"}],
          "links": [{"source": "eve", "target": "dan", "w": 1}]})"));
  options.label = "";
  files.notes.clear();
  const Dataset from_json = read_tables(options, schema);
  CHECK(from_json.node_ids == from_tables.node_ids);
  CHECK(from_json.graph.is_undirected());
  CHECK(files.noted("its edges are directed, those that the model was trained on are not"));
  CHECK(std::ranges::equal(std::get<Tensor>(from_json.x).values(),
                           std::get<Tensor>(from_tables.x).values()));
  // Ids that stand in a column of another name in the tables of the training.
  FeatureSchema other = schema;
  other.id_column = "name";
  CHECK(read_tables(options, other).node_ids == from_json.node_ids);
}

TEST_CASE("graph files that make no dataset are refused", "[data]") {
  NetworkFiles files;
  const TableOptions base = files.options("");
  CHECK(files.refused("a.dot", "graph {}", base).says("a.dot has no nodes"));
  CHECK(files.refused("a.dot", "graph {a b}", base).says("a.dot has no edges"));
  const std::string head =
      "<graphml><key id='c' for='node' attr.name='club'/><graph "
      "edgedefault='directed'>\n<node id='a'><data key='c'>x</data></node>\n"
      "<node id='b'><data key='c'>y</data></node>\n";
  const std::string tail = "\n</graph></graphml>";
  CHECK(files.refused("a.graphml", head + "<edge source='a' target='zoe'/>" + tail, base)
            .says("a.graphml:4: target \"zoe\" is not an id in " + files.folder.path("a.graphml")));
  CHECK(
      files.refused("a.graphml", head + "<node id='a'/><edge source='a' target='b'/>" + tail, base)
          .says("a.graphml:4: id \"a\" stands in line 2 already"));
  CHECK(files.refused("a.graphml", head + "<node id=''/><edge source='a' target='b'/>" + tail, base)
            .says("column \"id\" is empty"));
  CHECK(files
            .refused("a.graphml", head + "<node id='\xFF'/><edge source='a' target='b'/>" + tail,
                     base)
            .says("a.graphml:4: column \"id\" is not UTF-8 text"));
  const std::string nodes = R"({"nodes": [{"id": 1, "club": 1}, {"id": 2, "club": 2}, )";
  CHECK(
      files.refused("a.json", nodes + R"({"id": 1}], "links": [{"source": 1, "target": 2}]})", base)
          .says("a.json: nodes[2]: id \"1\" stands in nodes[0] already"));
  CHECK(files
            .refused("a.json", nodes + R"({"id": 3}], "links": [{"source": 1, "target": "x"}]})",
                     base)
            .says("a.json: links[0]: target \"x\" is not an id"));

  const auto usage = [&](const std::function<void(TableOptions&)>& change) {
    TableOptions options = base;
    change(options);
    const Refusal refused = files.refused("people.dot", people_dot, options);
    CHECK(refused.code == ErrorCode::usage);
    return refused;
  };
  CHECK(usage([](TableOptions& o) { o.id = "age"; }).says("people.dot names its nodes itself"));
  CHECK(usage([](TableOptions& o) { o.directed = true; }).says("says itself whether its edges"));
  CHECK(usage([](TableOptions& o) { o.nodes = "n.csv"; }).says("two sources of data"));
  CHECK(usage([](TableOptions& o) { o.label = "id"; }).says("cannot be both id and label"));
}

TEST_CASE("a graph file is loaded by its path", "[data]") {
  NetworkFiles files;
  const std::string path = files.file("people.dot", people_dot);
  const LoadedDataset loaded = load(path, {}, files.options(""));
  CHECK(loaded.dataset.classes == std::vector<std::string>{"a", "b"});
  CHECK(loaded.schema);
  CHECK(loaded.default_split == "random:0.6/0.2/0.2");
  CHECK(loaded.default_metric == "accuracy");
  const std::string two = "graph {a [m=1, n=0]; b [n=1]; a -- b}";
  CHECK(load(files.file("two.gv", two), {}, {.label = "m,n"}).default_metric == "roc_auc");
  CHECK(refusal([] { load("nothere.dot", {}); }).says("there is no file nothere.dot"));
}
