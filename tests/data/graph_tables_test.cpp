#include <agate/data/encodings.hpp>
#include <agate/data/tables.hpp>
#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::data;

namespace {

const std::string atoms =
    "id,graph,element\n"
    "a,water,O\n"
    "x,salt,Na\n"
    "b,water,H\n"
    "y,salt,Cl\n"
    "c,water,H\n";
const std::string bonds = "source,target,order\nx,y,1\na,b,1\na,c,2\n";
const std::string molecules_csv = "id,toxic,melts,day\nwater,no,0,3\nvoid,,,2\nsalt,yes,801,1\n";

struct Graphs {
  explicit Graphs(const std::string& nodes_text = atoms, const std::string& edges_text = bonds,
                  const std::string& graphs_text = molecules_csv) {
    options.nodes = folder.file("atoms.csv", nodes_text);
    options.edges = folder.file("bonds.csv", edges_text);
    options.graphs = folder.file("molecules.csv", graphs_text);
    options.task = Task::graph;
    options.label = "toxic";
    options.note = [this](const std::string& note) { notes += note + "\n"; };
  }
  Graphs(const Graphs&) = delete;
  TableDataset read() { return read_tables(options); }
  Refusal refused() {
    return refusal([&] { read(); });
  }
  bool noted(const std::string& part) const { return notes.find(part) != std::string::npos; }

  TemporaryFolder folder;
  TableOptions options;
  std::string notes;
};

}  // namespace

TEST_CASE("whole graphs are read from three tables", "[data]") {
  Graphs graphs;
  graphs.options.time = "day";
  const auto [d, schema] = graphs.read();
  CHECK(d.task == Task::graph);
  CHECK(d.graph_ids == std::vector<std::string>{"water", "void", "salt"});
  CHECK(d.graph_offsets == std::vector<Index>{0, 3, 3, 5});
  CHECK(d.node_ids == std::vector<std::string>{"a", "b", "c", "x", "y"});
  CHECK(d.y == std::vector<int>{0, -1, 1});
  CHECK(d.times == std::vector<double>{3, 2, 1});
  CHECK(d.graph.num_edges() == 3);
  CHECK(d.edge_attr.row(2)[0] > d.edge_attr.row(0)[0]);  // edge ids are rows of the edge table
  CHECK(schema.feature_names() == std::vector<std::string>{"element=Cl", "element=H", "element=Na",
                                                           "element=O", "element=(unknown)"});
  const Tensor x = std::get<SparseMatrix>(d.x).to_dense();
  CHECK(x.row(0)[3] == 1);
  CHECK(x.row(3)[2] == 1);
  CHECK(graphs.noted("column \"melts\" is not used"));

  graphs.options.label = "melts";
  graphs.options.regression = true;
  const Dataset numbers = graphs.read().dataset;
  CHECK(numbers.targets.row(2)[0] == 801);
  CHECK(std::isnan(numbers.targets.row(1)[0]));
}

TEST_CASE("a model of graphs reads new ones, with and without a table of graphs", "[data]") {
  const FeatureSchema schema = schema_from_json(to_json(Graphs().read().schema));
  CHECK(schema.graph_column == "graph");
  Graphs graphs;
  graphs.options.task = Task::node;
  graphs.options.label = "";
  CHECK(read_tables(graphs.options, schema).y == std::vector<int>{0, -1, 1});
  graphs.options.graphs = "";
  const Dataset d = read_tables(graphs.options, schema);
  CHECK(d.graph_ids == std::vector<std::string>{"water", "salt"});
  CHECK(d.y == std::vector<int>{-1, -1});
  CHECK(d.classes == std::vector<std::string>{"no", "yes"});
  graphs.options.label = "toxic";
  CHECK(refusal([&] {
          read_tables(graphs.options, schema);
        }).says("the labels of graphs stand in a table of graphs"));
}

TEST_CASE("nodes of several graphs", "[data]") {
  Graphs graphs;
  graphs.options.graphs = "";
  graphs.options.task = Task::node;
  graphs.options.label = "element";
  graphs.options.graph_column = "graph";
  const auto [d, schema] = graphs.read();
  CHECK(d.graph_ids == std::vector<std::string>{"water", "salt"});
  CHECK(d.graph_offsets == std::vector<Index>{0, 3, 5});
  CHECK(d.classes == std::vector<std::string>{"Cl", "H", "Na", "O"});
  CHECK(d.y == std::vector<int>{3, 1, 1, 2, 0});
  CHECK(schema.structural.to_string() == "degree,random_walk:8");
  graphs.options.label = "";
  CHECK(read_tables(graphs.options, schema).graph_offsets == d.graph_offsets);

  Graphs alone("id,element\na,H\nb,H\n", "source,target,order\na,b,1\n");
  alone.options = {
      .nodes = alone.options.nodes, .edges = alone.options.edges, .note = alone.options.note};
  CHECK(read_tables(alone.options, schema).graph_offsets.empty());
  CHECK(alone.noted("no column \"graph\": it is read as one graph"));

  graphs.options.label = "element";
  graphs.options.structural = "spectral:2";
  const Dataset packed = graphs.read().dataset;
  const Graph water = Graph::from_edges(3, std::vector<Edge>{{0, 1}, {0, 2}}, {.undirected = true});
  const Tensor alone_encoding = spectral_encoding(water, 2);  // each graph by itself
  const Tensor& x = std::get<Tensor>(packed.x);
  for (Index i = 0; i < 3; ++i)
    for (Index c = 0; c < 2; ++c)
      CHECK(x.row(i)[c] == Approx(alone_encoding.row(i)[c]).margin(1e-5));
}

TEST_CASE("edges may be the items of several graphs", "[data]") {
  Graphs graphs;
  graphs.options.task = Task::edge;
  graphs.options.label = "order";
  const Dataset d = graphs.read().dataset;
  CHECK(d.pairs == std::vector<Edge>{{3, 4}, {0, 1}, {0, 2}});
  CHECK(d.y == std::vector<int>{0, 0, 1});
  CHECK(d.graph_ids.size() == 3);
}

TEST_CASE("graphs that do not fit their nodes and edges are refused by place", "[data]") {
  const auto refused = [](const std::string& nodes, const std::string& edges = bonds,
                          const std::string& graphs = molecules_csv) {
    return Graphs(nodes, edges, graphs).refused();
  };
  const Refusal unknown = refused(atoms + "z,gold,Au\n");
  CHECK(unknown.code == ErrorCode::format);
  CHECK(unknown.says("atoms.csv:7: column \"graph\": \"gold\" is not the id of a graph in"));
  const Refusal across = refused(atoms, bonds + "b,y,1\n");
  CHECK(across.code == ErrorCode::format);
  CHECK(across.says("bonds.csv:5: an edge leads from \"b\" of graph \"water\" to \"y\""));
  CHECK(refused(atoms, "source,target,graph\na,b,water\na,c,salt\n")
            .says("bonds.csv:3: column \"graph\": \"salt\" is not \"water\""));
  CHECK(refused("id,element\na,H\nb,H\n").says("no column \"graph\""));
  CHECK(refused(atoms, bonds, "id,toxic\nwater,no\nwater,yes\n")
            .says("molecules.csv:3: id \"water\" stands in line 2 already"));
  CHECK(refused(atoms, bonds, "id,toxic\n").says("has no graphs"));
  Graphs bare(atoms + "z,,Au\n");
  bare.options.graphs = bare.options.label = "";
  CHECK(bare.refused().says("atoms.csv:7: column \"graph\" is empty"));
  bare.options.graph_column = "molecule";
  CHECK(bare.refused().code == ErrorCode::not_found);
  bare.options.graph_column = "id";
  CHECK(bare.refused().says("cannot be both id and graph"));
}

TEST_CASE("nodes without a line keep their place in the list when they are moved", "[data]") {
  TemporaryFolder folder;
  const std::string path = folder.file(
      "two.json", R"({"nodes": [{"id": 1, "graph": "p", "kind": "a"}, {"id": 2, "graph": "q"},
          {"id": 3, "graph": "p", "kind": "b"}, {"id": 2, "graph": "p"}],
          "links": [{"source": 1, "target": 3}]})");
  CHECK(refusal([&] {
          read_tables({.graph = path, .label = "kind", .graph_column = "graph"});
        }).says("nodes[1]: id \"2\" stands in nodes[3] already"));
}
