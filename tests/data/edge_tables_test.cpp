#include <agate/data/tables.hpp>
#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::data;

namespace {

const std::string raters = "id,age,club\nann,20,a\nbob,40,b\ncat,60,a\n";
const std::string ratings =
    "source,target,rating,kind,when,hours\n"
    "ann,bob,3,call,100,1\n"
    "bob,ann,-1,mail,300,2\n"
    "bob,cat,,call,200,3\n";

/// Tables of edges, and of nodes if there are any, in a folder of their own.
struct RatedNetwork {
  explicit RatedNetwork(const std::string& edges_text = ratings,
                        const std::string& nodes_text = "") {
    if (!nodes_text.empty()) options.nodes = folder.file("people.csv", nodes_text);
    options.edges = folder.file("ratings.csv", edges_text);
    options.task = Task::edge;
    options.label = "rating>0";
    options.time = "when";
    options.directed = true;
    options.note = [this](const std::string& note) { notes += note + "\n"; };
  }
  RatedNetwork(const RatedNetwork&) = delete;
  TableDataset read() { return read_tables(options); }
  Dataset predict(const FeatureSchema& schema) { return read_tables(options, schema); }
  Refusal refused() {
    return refusal([&] { read(); });
  }
  Refusal refused(const FeatureSchema& schema) {
    return refusal([&] { predict(schema); });
  }
  bool noted(const std::string& part) const { return notes.find(part) != std::string::npos; }

  TemporaryFolder folder;
  TableOptions options;
  std::string notes;
};

void check_rows(const Tensor& x, const std::vector<std::vector<double>>& expected) {
  REQUIRE(x.rows() == std::ssize(expected));
  for (Index r = 0; r < x.rows(); ++r) {
    REQUIRE(x.cols() == std::ssize(expected[r]));
    for (Index c = 0; c < x.cols(); ++c) CHECK(x.row(r)[c] == Approx(expected[r][c]).margin(1e-6));
  }
}

const double root = std::sqrt(1.5);  // 1, 2, 3 are -root, 0, root when standardised

}  // namespace

TEST_CASE("the rows of an edge table are the items", "[data]") {
  RatedNetwork network;
  const auto [d, schema] = network.read();
  CHECK(d.name == "ratings");
  CHECK(d.task == Task::edge);
  CHECK(d.node_ids == std::vector<std::string>{"ann", "bob", "cat"});
  CHECK(d.pairs == std::vector<Edge>{{0, 1}, {1, 0}, {1, 2}});
  CHECK(d.item_name(2) == "bob -> cat");
  CHECK(d.classes == std::vector<std::string>{"no", "yes"});
  CHECK(d.y == std::vector<int>{1, 0, -1});
  CHECK(d.times == std::vector<double>{100, 300, 200});
  CHECK(schema.label_columns == std::vector<std::string>{"rating>0"});
  CHECK(schema.edge_feature_names() ==
        std::vector<std::string>{"hours", "kind=call", "kind=mail", "kind=(unknown)"});
  check_rows(d.edge_attr, {{-root, 1, 0, 0}, {0, 0, 1, 0}, {root, 1, 0, 0}});
  CHECK(schema.structural.to_string() == "degree,out_degree,spectral:8");
  CHECK(d.num_features() == 10);
  CHECK(network.notes.empty());
}

TEST_CASE("a model of edges reads new tables its way", "[data]") {
  const FeatureSchema schema = schema_from_json(to_json(RatedNetwork().read().schema));
  CHECK(schema.task == Task::edge);
  RatedNetwork network("kind,hours,extra,target,source\nfax,4,1,eve,dan\nmail,,1,dan,eve\n");
  network.options.task = Task::node;  // what a model predicts it knows itself
  network.options.label = network.options.time = "";
  const Dataset d = network.predict(schema);
  CHECK(d.task == Task::edge);
  CHECK(d.node_ids == std::vector<std::string>{"dan", "eve"});
  CHECK(d.pairs == std::vector<Edge>{{0, 1}, {1, 0}});
  CHECK(d.y == std::vector<int>{-1, -1});
  CHECK(d.classes == std::vector<std::string>{"no", "yes"});
  CHECK(d.times.empty());
  check_rows(d.edge_attr, {{2 * root, 0, 0, 1}, {0, 0, 1, 0}});
  CHECK(network.noted("ratings.csv: the model does not use column \"extra\""));
  CHECK(network.noted("1 cells of column \"kind\" hold a text"));

  RatedNetwork known;  // labels and times that are known are read
  known.options.label = known.options.time = "";
  const Dataset again = known.predict(schema);
  CHECK(again.y == std::vector<int>{1, 0, -1});
  CHECK(again.times.size() == 3);
  CHECK(known.notes.empty());

  RatedNetwork lacking("source,target,kind\nann,bob,call\n");
  lacking.options.label = lacking.options.time = "";
  const Refusal missing = lacking.refused(schema);
  CHECK(missing.code == ErrorCode::not_found);
  CHECK(missing.says("ratings.csv: no column \"hours\""));
  known.options.task = Task::link;
  CHECK(known.refused(schema).says("task link: the model predicts edges"));
  known.options.task = Task::edge;
  known.options.regression = true;
  CHECK(known.refused(schema).code == ErrorCode::usage);
}

TEST_CASE("classes, several labels and numbers of edges", "[data]") {
  SECTION("texts are classes") {
    RatedNetwork network;
    network.options.label = "kind";
    const auto [d, schema] = network.read();
    CHECK(d.classes == std::vector<std::string>{"call", "mail"});
    CHECK(d.y == std::vector<int>{0, 1, 0});
    CHECK(schema.edge_feature_names() == std::vector<std::string>{"rating", "hours"});
  }
  SECTION("several columns are targets, and one may be cut") {
    RatedNetwork network("a,b,x,y\nann,bob,1,5\nbob,cat,,2\n");
    network.options.label = "x, y>=5";
    network.options.time = "";
    const auto [d, schema] = network.read();
    CHECK(d.is_multi_label());
    CHECK(d.classes == std::vector<std::string>{"x", "y>=5"});
    CHECK(d.targets.row(0)[0] == 1);
    CHECK(d.targets.row(0)[1] == 1);
    CHECK(std::isnan(d.targets.row(1)[0]));
    CHECK(d.targets.row(1)[1] == 0);
    CHECK(schema.num_edge_features() == 0);
    CHECK(d.edge_attr.empty());
  }
  SECTION("numbers") {
    RatedNetwork network;
    network.options.label = "rating";
    network.options.regression = true;
    const auto [d, schema] = network.read();
    CHECK(d.regression);
    CHECK(usual_metric(d) == "rmse");
    CHECK(d.classes == std::vector<std::string>{"rating"});
    CHECK(d.targets.row(0)[0] == 3);
    CHECK(d.targets.row(1)[0] == -1);
    CHECK(std::isnan(d.targets.row(2)[0]));
    CHECK_FALSE(d.is_labelled(2));
    network.options.regression = false;
    network.options.label = "";
    const Dataset again = network.predict(schema_from_json(to_json(schema)));
    CHECK(again.regression);
    CHECK(again.targets.row(1)[0] == -1);
  }
}

TEST_CASE("numbers of nodes are predicted too", "[data]") {
  RatedNetwork network("a,b\nann,bob\n", "id,age,height\nann,20,1.5\nbob,40,\ncat,60,-2e3\n");
  network.options.task = Task::node;
  network.options.label = "height";
  network.options.time = "";
  network.options.regression = true;
  const Dataset d = network.read().dataset;
  CHECK(d.targets.row(0)[0] == Real(1.5));
  CHECK(std::isnan(d.targets.row(1)[0]));
  CHECK(d.targets.row(2)[0] == -2000);
  CHECK(d.num_features() == 1);
  network.options.label = "height>1";
  CHECK(network.refused().says("a regression needs numbers"));
  network.options.label = "";
  CHECK(network.refused().says("no label column names the numbers"));
  network.options.label = "height";
  for (const std::string bad : {"tall", "nan", "1e300"}) {
    network.folder.file("people.csv", "id,age,height\nann,20,1.5\nbob,40," + bad + "\n");
    const Refusal refused = network.refused();
    CHECK(refused.code == ErrorCode::format);
    CHECK(refused.says("people.csv:3: column \"height\": \"" + bad + "\" is not a number"));
  }
}

TEST_CASE("edge features beside the nodes' own", "[data]") {
  RatedNetwork network("source,target,weight\nann,bob,1\nbob,cat,3\n", raters);
  network.options.task = Task::node;
  network.options.label = "club";
  network.options.time = "";
  const auto [d, schema] = network.read();
  CHECK(d.task == Task::node);
  CHECK(d.y == std::vector<int>{0, 1, 0});
  check_rows(d.edge_attr, {{-1}, {1}});
  CHECK(schema.structural.to_string() == "none");
  CHECK(d.num_features() == 1);
  CHECK(network.notes.empty());

  network.options.edge_features = false;
  const auto [without, plain] = network.read();
  CHECK(without.edge_attr.empty());
  CHECK(plain.num_edge_features() == 0);
  network.options.edge_features = true;  // a model that was trained without ignores them
  CHECK(network.predict(plain).edge_attr.empty());
  CHECK(network.noted("ratings.csv: the model does not use column \"weight\""));
  RatedNetwork lacking("source,target\nann,bob\n", raters);
  lacking.options = {.nodes = lacking.options.nodes, .edges = lacking.options.edges};
  CHECK(lacking.refused(schema).says("ratings.csv: no column \"weight\""));

  network.folder.file("ratings.csv", "source,target,weight\nann,bob,1\nbob,cat,inf\n");
  CHECK(network.refused().says("ratings.csv:3: column \"weight\": \"inf\" is not a finite number"));
}

TEST_CASE("links need no labels", "[data]") {
  RatedNetwork network("source,target,when\nann,bob,1\nbob,cat,3\n", raters);
  network.options.task = Task::link;
  network.options.label = "club";
  const auto [d, schema] = network.read();
  CHECK(d.task == Task::link);
  CHECK(d.num_items() == 0);  // pairs are drawn where links are split
  CHECK(d.y.empty());
  CHECK(d.classes.empty());
  CHECK(d.num_features() == 1);
  CHECK(d.edge_attr.empty());
  CHECK(network.noted("the label \"club\" is not needed"));
  CHECK(network.noted("the time \"when\" is not used"));
  CHECK(schema_from_json(to_json(schema)).task == Task::link);
  network.options.label = "";
  CHECK(network.read().dataset.num_features() == 4);
  network.options.split_column = "age";
  CHECK(network.refused().code == ErrorCode::usage);
}

TEST_CASE("nodes that nothing is known of", "[data]") {
  RatedNetwork network("source,target\nx,y\nz,x\n");
  network.options = {.edges = network.options.edges};
  const auto [d, schema] = network.read();
  CHECK(d.node_ids == std::vector<std::string>{"x", "y", "z"});
  CHECK(schema.structural.to_string() == "identity");
  CHECK(d.y == std::vector<int>{-1, -1, -1});
  network.options.task = Task::link;
  CHECK(network.read().schema.structural.to_string() == "degree,spectral:8");
  network.options.task = Task::edge;
  CHECK(network.read().dataset.y == std::vector<int>{-1, -1});
  network.folder.file("ratings.csv", "source,target\nx,y\n,x\n");
  CHECK(network.refused().says("ratings.csv:3: source \"\" is not an id in"));

  const auto usage = [&](const TableOptions& options) {
    return refusal([&] { read_tables(options); }).code == ErrorCode::usage;
  };
  const std::string edges = network.options.edges;
  CHECK(usage({.edges = edges, .label = "club"}));
  CHECK(usage({.edges = edges, .id = "id"}));
  CHECK(usage({.edges = edges, .graph_column = "graph"}));
  CHECK(usage({.edges = edges, .task = Task::graph}));
  CHECK(usage({.nodes = edges}));
}

TEST_CASE("eigenvectors of long, thin graphs are not asked for", "[data]") {
  const auto structural = [](int length, bool directed) {
    std::string path = "source,target\n";
    for (int i = 0; i < length; ++i) path += std::to_string(i) + "," + std::to_string(i + 1) + "\n";
    RatedNetwork network(path);
    network.options = {.edges = network.options.edges, .task = Task::link, .directed = directed};
    return network.read().schema.structural.to_string();
  };
  CHECK(structural(40, false) == "degree,spectral:8");
  CHECK(structural(40, true) == "degree,out_degree,spectral:8");
  CHECK(structural(400, false) == "degree,random_walk:8");
  CHECK(structural(10000, false) == "degree");
}

TEST_CASE("edge labels and times that cannot be are refused by place", "[data]") {
  RatedNetwork network;
  network.options.time = "kind";
  CHECK(network.refused().says("ratings.csv:2: column \"kind\": \"call\" is not a number"));
  network.options.time = "rating";
  CHECK(network.refused().says("cannot be both label and time"));
  network.options.time = "";
  network.options.label = "source";
  CHECK(network.refused().says("cannot be both source and label"));
  network.options.label = "kind>0";
  CHECK(network.refused().says("ratings.csv:2: column \"kind\": \"call\" is not a number"));
  network.options.label = "rating>5";
  CHECK(network.refused().says("one class only, \"no\""));
  network.options.label = "grade>5";
  CHECK(network.refused().says("no column \"grade\"; there are: "));
  network.options.label = "rating>x";
  CHECK(network.refused().says("no column \"rating>x\""));
  RatedNetwork named("source,target,a>1\nann,bob,x\nbob,cat,y\n");  // a name, and no border
  named.options.label = "a>1";
  named.options.time = "";
  CHECK(named.read().dataset.classes == std::vector<std::string>{"x", "y"});
  RatedNetwork split("source,target,kind,part\nann,bob,x,train\nbob,cat,y,test\n");
  split.options.label = "kind";
  split.options.time = "";
  split.options.split_column = "part";
  CHECK(split.read().dataset.splits.at(0).test == std::vector<Index>{1});
}

TEST_CASE("all relations cut numbers", "[data]") {
  const auto classes = [](const std::string& label) {
    RatedNetwork network("a,b,n\nx,y,1\nx,z,2\ny,z,3\n");
    network.options.label = label;
    network.options.time = "";
    return network.read().dataset.y;
  };
  CHECK(classes("n>2") == std::vector<int>{0, 0, 1});
  CHECK(classes("n >= 2") == std::vector<int>{0, 1, 1});
  CHECK(classes("n<2") == std::vector<int>{1, 0, 0});
  CHECK(classes("n<=2.0") == std::vector<int>{1, 1, 0});
}
