#include <agate/data/tables.hpp>
#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::data;

namespace {

const std::string people =
    "id,age,town,club\n"
    "ann,20,Oslo,b\n"
    "bob,40,Bergen,a\n"
    "cat,,Oslo,\n"
    "dan,60,,b\n";
const std::string friends = "source,target\nann,bob\nbob,cat\ndan,ann\n";

/// A network in two files of a folder of its own.
struct Network {
  explicit Network(const std::string& nodes_text = people,
                   const std::string& edges_text = friends) {
    options.nodes = folder.file("people.csv", nodes_text);
    options.edges = folder.file("friends.csv", edges_text);
    options.label = "club";
    options.note = [this](const std::string& note) { notes += note + "\n"; };
  }
  Network(const Network&) = delete;
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

Tensor dense(const FeatureMatrix& x) {
  if (const auto* sparse = std::get_if<SparseMatrix>(&x)) return sparse->to_dense();
  return std::get<Tensor>(x);
}

void check_row(const Tensor& x, Index row, const std::vector<double>& expected) {
  REQUIRE(x.cols() == std::ssize(expected));
  for (Index c = 0; c < x.cols(); ++c) CHECK(x.row(row)[c] == Approx(expected[c]).margin(1e-6));
}

Refusal refused_tables(const std::string& nodes_text, const std::string& edges_text = friends) {
  return Network(nodes_text, edges_text).refused();
}

FeatureSchema people_schema() { return Network().read().schema; }

}  // namespace

TEST_CASE("a network is read from two tables", "[data]") {
  Network network;
  const auto [d, schema] = network.read();
  CHECK(d.name == "people");
  CHECK(d.node_ids == std::vector<std::string>{"ann", "bob", "cat", "dan"});
  CHECK(d.classes == std::vector<std::string>{"a", "b"});
  CHECK(d.y == std::vector<int>{1, 0, -1, 1});
  CHECK(d.graph.is_undirected());
  CHECK(d.graph.num_edges() == 3);
  CHECK(d.graph.num_messages() == 6);
  CHECK(schema.id_column == "id");
  CHECK(schema.label_columns == std::vector<std::string>{"club"});
  CHECK(schema.feature_names() ==
        std::vector<std::string>{"age", "town=Bergen", "town=Oslo", "town=(unknown)"});
  CHECK(schema.numeric[0].mean == Approx(40));
  const double deviation = std::sqrt(800.0 / 3);
  CHECK(schema.numeric[0].deviation == Approx(deviation));
  const Tensor& x = std::get<Tensor>(d.x);  // half of a row is filled
  check_row(x, 0, {-20 / deviation, 0, 1, 0});
  check_row(x, 1, {0, 1, 0, 0});
  check_row(x, 2, {0, 0, 1, 0});
  check_row(x, 3, {20 / deviation, 0, 0, 1});
  CHECK(network.notes.empty());
}

TEST_CASE("directed edges run one way; loops and duplicates are kept", "[data]") {
  Network network(people, "source,target\nann,bob\nann,bob\nbob,ann\ncat,cat\n");
  CHECK(network.read().dataset.graph.num_messages() == 7);
  CHECK(network.noted("1 of 4 edges lead from a node to itself"));
  network.options.directed = true;
  const auto [d, schema] = network.read();
  CHECK_FALSE(d.graph.is_undirected());
  CHECK(d.graph.num_messages() == 4);
  CHECK(schema.directed);
}

TEST_CASE("which columns hold ids and endpoints", "[data]") {
  SECTION("the first column when none is called id") {
    Network network("club,who,age\na,ann,1\nb,bob,2\n", "who,to\nann,bob\n");
    CHECK(network.read().dataset.node_ids == std::vector<std::string>{"ann", "bob"});
    CHECK(network.noted("its column \"who\" names the nodes"));
  }
  SECTION("the one that is named") {
    Network network("id,who,club\n1,ann,a\n2,bob,b\n", "ann_is,bob_is\nann,bob\n");
    network.options.id = "who";
    CHECK(network.read().dataset.node_ids == std::vector<std::string>{"ann", "bob"});
    network.options.id = "club";
    CHECK(network.refused().says("cannot be both id and label"));
    network.options.id = "whom";
    CHECK(network.refused().code == ErrorCode::not_found);
  }
  SECTION("source and target wherever they stand") {
    Network network(people, "weight,target,source\n3,bob,ann\n");
    network.options.directed = true;
    const auto [d, schema] = network.read();
    CHECK(d.graph.in_degree(1) == 1);
    CHECK(schema.edge_feature_names() == std::vector<std::string>{"weight"});
  }
}

TEST_CASE("classes are sorted, as numbers where all are", "[data]") {
  CHECK(Network("id,age,club\nann,1,10\nbob,2,9\ncat,3,-1\n", "a,b\nann,bob\n")
            .read()
            .schema.classes == std::vector<std::string>{"-1", "9", "10"});
  CHECK(Network("id,age,club\nann,1,10\nbob,2,9\ncat,3,x\n", "a,b\nann,bob\n")
            .read()
            .schema.classes == std::vector<std::string>{"10", "9", "x"});
}

TEST_CASE("labels that cannot be classes are refused", "[data]") {
  CHECK(refused_tables("id,age,club\nann,1,\nbob,2,\n").code == ErrorCode::value);
  CHECK(refused_tables("id,age,club\nann,1,\nbob,2,\n")
            .says("every cell of the label column \"club\""));
  CHECK(refused_tables("id,age,club\nann,1,a\nbob,2,\n").says("one class only, \"a\""));
  Network network;
  network.options.label = "klub";
  const Refusal missing = network.refused();
  CHECK(missing.code == ErrorCode::not_found);
  CHECK(missing.says("club"));
  std::string many = "id,club\n";
  for (int i = 0; i < 30; ++i) many += std::to_string(i) + "," + std::to_string(i) + ".5\n";
  CHECK(refused_tables(many).says("30 different values in 30 rows"));
}

TEST_CASE("several label columns make targets", "[data]") {
  const std::string text =
      "id,age,smokes,runs,\"a,b\"\nann,20,1,,x\nbob,40,0,1.0,y\ncat,30,,,x\ndan,60,1,0,y\n";
  Network network(text);
  network.options.label = "runs, smokes";
  const auto [d, schema] = network.read();
  CHECK(d.is_multi_label());
  CHECK(d.y.empty());
  CHECK(d.classes == std::vector<std::string>{"runs", "smokes"});
  CHECK(schema.classes == d.classes);
  CHECK(schema.label_columns == d.classes);
  CHECK(schema.feature_names() ==
        std::vector<std::string>{"age", "a,b=x", "a,b=y", "a,b=(unknown)"});
  const auto same = [](const Dataset& got, const std::vector<int>& want) {
    for (std::size_t i = 0; i < want.size(); ++i) {
      const Real target = got.targets.data()[i];
      CHECK((want[i] < 0 ? std::isnan(target) : target == Real(want[i])));
    }
  };
  same(d, {-1, 1, 1, 0, -1, -1, 0, 1});

  SECTION("a name that holds a comma is one column") {
    network.options.label = "a,b";
    const TableDataset one = network.read();
    CHECK_FALSE(one.dataset.is_multi_label());
    CHECK(one.dataset.classes == std::vector<std::string>{"x", "y"});
    CHECK(one.schema.label_columns == std::vector<std::string>{"a,b"});
  }
  SECTION("the schema finds them in new tables, whole, in part or not at all") {
    const FeatureSchema back = schema_from_json(to_json(schema));
    Network whole(text);
    whole.options.label = "";
    same(whole.predict(back), {-1, 1, 1, 0, -1, -1, 0, 1});
    Network part("id,age,\"a,b\",runs\nann,20,x,0\nbob,40,y,1\n", "a,b\nann,bob\n");
    part.options.label = "";
    same(part.predict(back), {0, -1, 1, -1});
    Network none("id,age,\"a,b\"\nann,20,x\nbob,40,y\n", "a,b\nann,bob\n");
    none.options.label = "";
    const Dataset bare = none.predict(back);
    CHECK(bare.is_multi_label());
    same(bare, {-1, -1, -1, -1});
    Network renamed("id,age,\"a,b\",r,s\nann,20,x,0,1\nbob,40,y,1,1\n", "a,b\nann,bob\n");
    renamed.options.label = "r,s";
    same(renamed.predict(back), {0, 1, 1, 1});
    renamed.options.label = "r";
    const Refusal few = renamed.refused(back);
    CHECK(few.code == ErrorCode::usage);
    CHECK(few.says("label \"r\" names 1 column, the model knows 2"));
    Network classes;
    classes.options.label = "age,club";
    CHECK(classes.refused(people_schema()).says("names 2 columns, the model knows 1"));
  }
}

TEST_CASE("label columns that cannot be targets are refused", "[data]") {
  const auto refused_label = [](const std::string& text, const std::string& label) {
    Network network(text, "a,b\nann,bob\n");
    network.options.label = label;
    return network.refused();
  };
  const std::string text = "id,a,b,c,d\nann,1,0,2,\nbob,0,1,yes,\n";
  CHECK(refused_label(text, "a,c").says("people.csv:2: column \"c\": \"2\" is neither 0 nor 1"));
  CHECK(refused_label("id,a,c\nann,1,1\nbob,0,yes\n", "a,c").says("people.csv:3: column \"c\""));
  CHECK(refused_label(text, "a,c").code == ErrorCode::format);
  CHECK(refused_label(text, "a,d").says("every cell of the label column \"d\" is empty"));
  CHECK(refused_label(text, "a,,b").says("a name is empty"));
  CHECK(refused_label(text, "a,b,").says("a name is empty"));
  CHECK(refused_label(text, ",").code == ErrorCode::usage);
  CHECK(refused_label(text, "a,b,a").says("names column \"a\" twice"));
  CHECK(refused_label(text, "a,e").code == ErrorCode::not_found);
  CHECK(refused_label(text, "a,e").says("there are: "));
  CHECK(refused_label(text, "a,id").says("cannot be both id and label"));
}

TEST_CASE("without a label column nothing is labelled", "[data]") {
  Network network("id,age\nann,1\nbob,2\n", "a,b\nann,bob\n");
  network.options.label = "";
  const auto [d, schema] = network.read();
  CHECK(d.y == std::vector<int>{-1, -1});
  CHECK(d.classes.empty());
}

TEST_CASE("columns of one kind only", "[data]") {
  CHECK(
      Network("id,age,club\nann,1,a\nbob,2,b\n", "a,b\nann,bob\n").read().dataset.num_features() ==
      1);
  CHECK(
      Network("id,town,club\nann,x,a\nbob,y,b\n", "a,b\nann,bob\n").read().dataset.num_features() ==
      3);
}

TEST_CASE("a constant column becomes 0, an empty one is left out", "[data]") {
  Network network("id,age,none,club\nann,0.1,,a\nbob,0.1,,b\ncat,0.1,,b\n", "a,b\nann,bob\n");
  const auto [d, schema] = network.read();
  CHECK(schema.numeric.size() == 1);
  CHECK(schema.numeric[0].deviation == 1);
  for (Real v : dense(d.x).values()) CHECK(v == 0);
  CHECK(network.noted("column \"none\" is empty and was left out"));
}

TEST_CASE("a column of names is left out, a column of many repeated texts is not", "[data]") {
  std::string nodes = "id,name,street,club\n";
  for (int i = 0; i < 60; ++i)
    nodes += std::to_string(i) + ",n" + std::to_string(i) + ",s" + std::to_string(i % 25) +
             (i % 2 ? ",a\n" : ",b\n");
  Network network(nodes, "a,b\n0,1\n");
  const auto [d, schema] = network.read();
  CHECK(network.noted("column \"name\" holds 60 different texts in 60 rows"));
  REQUIRE(schema.categories.size() == 1);
  CHECK(schema.categories[0].categories.size() == 25);
  CHECK(std::get<SparseMatrix>(d.x).nonzeros() == 60);  // 1 of 26 is filled
}

TEST_CASE("cells that are no numbers among numbers are refused by place", "[data]") {
  const std::string head = "id,age,club\n", tail = "d,4,a\ne,5,b\n";
  const Refusal text = refused_tables(head + "a,1,a\nb,2,b\nc,abc,a\n" + tail);
  CHECK(text.code == ErrorCode::format);
  CHECK(text.says("people.csv:4: column \"age\": \"abc\" is not a number"));
  for (const std::string bad : {"nan", "NaN", "inf", "-Infinity"}) {
    const Refusal r = refused_tables(head + "a,1,a\nb,2,b\nc," + bad + ",a\n" + tail);
    CHECK(r.says("people.csv:4: column \"age\": \"" + bad + "\" is not a finite number"));
  }
  CHECK(refused_tables(head + "a,nan,a\nb,nan,b\n").says("people.csv:2"));
  CHECK(refused_tables(head + "a,1e400,a\nb,1,b\nc,2,a\n" + tail).says("people.csv:2"));
  // Half of them numbers: these are texts.
  CHECK(Network(head + "a,1,a\nb,x,b\n", "a,b\na,b\n").read().schema.categories.size() == 1);
  CHECK(refused_tables(head + "a,1e308,a\nb,-1e308,b\n").code == ErrorCode::value);
}

TEST_CASE("bad node tables are refused by place", "[data]") {
  CHECK(refused_tables("").code == ErrorCode::format);
  CHECK(refused_tables("id,age,club\n").code == ErrorCode::value);
  CHECK(refused_tables("id,age,club\n").says("no nodes, only a header"));
  CHECK(refused_tables("id,age,club\nann,1\n").says("people.csv:2"));
  const Refusal twice = refused_tables("id,age,club\nann,1,a\nbob,2,b\n\nann,3,a\n");
  CHECK(twice.code == ErrorCode::format);
  CHECK(twice.says("people.csv:5: id \"ann\" stands in line 2 already"));
  CHECK(
      refused_tables("id,age,club\nann,1,a\n,2,b\n").says("people.csv:3: column \"id\" is empty"));
  CHECK(refused_tables("id,town,club\nann,\xff,a\nbob,x,b\n")
            .says("people.csv:2: column \"town\" is not UTF-8"));
  CHECK_NOTHROW(
      Network("id,town,club\nann,Troms\xc3\xb8,a\nbob,\xf0\x9f\x98\x80,b\n", "a,b\nann,bob\n")
          .read());
  Network network;
  network.options.nodes = network.folder.path("nobody.csv");
  CHECK(network.refused().code == ErrorCode::not_found);
}

TEST_CASE("bad edge tables are refused by place", "[data]") {
  const Refusal unknown = refused_tables(people, "source,target\nann,bob\nbob,zoe\n");
  CHECK(unknown.code == ErrorCode::format);
  CHECK(unknown.says("friends.csv:3: target \"zoe\" is not an id in "));
  CHECK(unknown.says("people.csv"));
  CHECK(refused_tables(people, "source,target\n,bob\n").says("friends.csv:2: source \"\""));
  CHECK(refused_tables(people, "source\nann\n").says("expected at least source and target"));
  CHECK(refused_tables(people, "source,target\n").says("no edges, only a header"));
  CHECK(refused_tables(people, "source,target\n").code == ErrorCode::value);
  CHECK(refused_tables(people, "").code == ErrorCode::format);
  CHECK(refused_tables(people, "source,target\nann,bob,cat\n").says("friends.csv:2"));
  Network network;
  network.options.edges = network.folder.path("nobody.csv");
  CHECK(network.refused().code == ErrorCode::not_found);
}

TEST_CASE("structural features", "[data]") {
  Network network;
  SECTION("identity where there are no columns") {
    Network bare("id,club\nann,a\nbob,b\ncat,\n", "a,b\nann,bob\n");
    const auto [d, schema] = bare.read();
    CHECK(schema.structural.identity);
    CHECK(schema.identity_ids == d.node_ids);
    CHECK(std::get<SparseMatrix>(d.x).nonzeros() == 3);
    check_row(dense(d.x), 1, {0, 1, 0, 0});
    bare.options.structural = "none";
    CHECK(bare.refused().says("no column that can be a feature"));
    CHECK(bare.refused().code == ErrorCode::value);
  }
  SECTION("all of them, after the columns") {
    network.options.structural = "spectral:2,identity,random_walk:3,degree";
    const auto [d, schema] = network.read();
    CHECK(schema.num_features() == 4 + 5 + 1 + 3 + 2);
    CHECK(d.num_features() == schema.num_features());
    CHECK(schema.feature_names().back() == "spectral 2");
    const Tensor x = dense(d.x);
    // The path dan - ann - bob - cat: inner nodes have two neighbours.
    const double low = std::log(2.0), high = std::log(3.0);
    CHECK(schema.degree_mean == Approx((low + high) / 2));
    CHECK(schema.degree_deviation == Approx((high - low) / 2));
    CHECK(x.row(0)[9] == Approx(1));
    CHECK(x.row(3)[9] == Approx(-1));
    CHECK(x.row(0)[10] == 0);
    CHECK(x.row(0)[11] == Approx(0.75));
    CHECK(x.row(3)[11] == Approx(0.5));
  }
  SECTION("a degree that is the same everywhere") {
    Network pair("id,club\nann,a\nbob,b\n", "a,b\nann,bob\n");
    pair.options.structural = "degree";
    const auto [d, schema] = pair.read();
    CHECK(schema.degree_deviation == 1);
    for (Real v : dense(d.x).values()) CHECK(v == Approx(0).margin(1e-6));
  }
  SECTION("what there is not") {
    for (const std::string bad :
         {"", "degrees", "degree,", "random_walk", "random_walk:0", "random_walk:x", "spectral:-1",
          "spectral:99999999999", "degree:2", "out_degrees"}) {
      network.options.structural = bad;
      INFO(bad);
      CHECK(network.refused().code == ErrorCode::usage);
    }
    network.options.structural = "degrees";
    CHECK(network.refused().says("there is no \"degrees\""));
    CHECK(network.refused().says("degree"));
  }
}

TEST_CASE("a split column is read", "[data]") {
  Network network(
      "id,age,part,club\nann,1,train,a\nbob,2,val,b\ncat,3,test,a\ndan,4,valid,b\neve,5,,a\n",
      "a,b\nann,bob\n");
  network.options.split_column = "part";
  const auto [d, schema] = network.read();
  CHECK(d.num_features() == 1);
  REQUIRE(d.splits.size() == 1);
  CHECK(d.splits[0].train == std::vector<Index>{0});
  CHECK(d.splits[0].val == std::vector<Index>{1, 3});
  CHECK(d.splits[0].test == std::vector<Index>{2});
  network.options.split_column = "parts";
  CHECK(network.refused().code == ErrorCode::not_found);
  network.options.split_column = "club";
  CHECK(network.refused().code == ErrorCode::usage);
  Network wrong("id,age,part,club\nann,1,train,a\nbob,2,vla,b\n", "a,b\nann,bob\n");
  wrong.options.split_column = "part";
  CHECK(wrong.refused().says("people.csv:3: column \"part\": \"vla\" is not train, val or test"));
}

TEST_CASE("a schema reads the training tables as they were read", "[data]") {
  Network network;
  network.options.structural = "degree,random_walk:4,spectral:2,identity";
  const auto [d, schema] = network.read();
  const Dataset again = network.predict(schema_from_json(to_json(schema)));
  const Tensor a = dense(d.x), b = dense(again.x);
  CHECK(std::ranges::equal(a.values(), b.values()));
  CHECK(again.y == d.y);
  CHECK(again.classes == d.classes);
}

TEST_CASE("a schema reads other tables: other order, unseen texts, further columns", "[data]") {
  Network network("club,town,shoe,id,age\n,Oslo,1,zoe,60\n,Paris,2,ann,40\nb,,3,yan,\n",
                  "a,b\nzoe,ann\n");
  network.options.label = "";
  const Dataset d = network.predict(people_schema());
  const double deviation = std::sqrt(800.0 / 3);
  check_row(dense(d.x), 0, {20 / deviation, 0, 1, 0});
  check_row(dense(d.x), 1, {0, 0, 0, 1});
  check_row(dense(d.x), 2, {0, 0, 0, 1});
  CHECK(d.y == std::vector<int>{-1, -1, 1});
  CHECK(d.classes == std::vector<std::string>{"a", "b"});
  CHECK(network.noted("1 cells of column \"town\""));
  CHECK(network.noted("does not use column \"shoe\""));
}

TEST_CASE("the schema decides the form of the features, the direction and the degrees", "[data]") {
  Network training;
  training.options.directed = true;
  training.options.structural = "identity,degree";
  const FeatureSchema schema = training.read().schema;
  Network network("id,age,town\nann,1,Oslo\nzoe,2,Oslo\nyan,3,Oslo\n", "a,b\nann,zoe\nyan,zoe\n");
  network.options.label = "";
  const Dataset d = network.predict(schema);
  CHECK_FALSE(d.graph.is_undirected());
  CHECK(d.y == std::vector<int>{-1, -1, -1});
  CHECK(network.noted("2 of 3 nodes were not there in training"));
  const Tensor x = std::get<SparseMatrix>(d.x).to_dense();
  REQUIRE(x.cols() == 10);
  CHECK(x.row(0)[4] == 1);
  CHECK(x.row(1)[8] == 1);
  CHECK(x.row(1)[9] == Approx((std::log(3.0) - schema.degree_mean) / schema.degree_deviation));
}

TEST_CASE("tables that do not fit the schema are refused", "[data]") {
  const FeatureSchema schema = people_schema();
  const auto refused_by_schema = [&](const std::string& nodes_text, const std::string& label = "") {
    Network network(nodes_text, "a,b\nann,bob\n");
    network.options.label = label;
    return network.refused(schema);
  };
  const Refusal missing = refused_by_schema("id,town\nann,Oslo\nbob,Oslo\n");
  CHECK(missing.code == ErrorCode::not_found);
  CHECK(missing.says("age"));
  CHECK(refused_by_schema("name,age,town\nann,1,Oslo\nbob,2,Oslo\n").says("id"));
  CHECK(refused_by_schema("id,age,town\nann,x,Oslo\nbob,2,Oslo\n")
            .says("people.csv:2: column \"age\": \"x\" is not a finite number"));
  CHECK(
      refused_by_schema("id,age,town\nann,1e300,Oslo\nbob,2,Oslo\n").says("too far from the mean"));
  CHECK(refused_by_schema("id,age,town,club\nann,1,Oslo,q\nbob,2,Oslo,a\n")
            .says("people.csv:2: column \"club\": \"q\" is not a class of the model"));
  CHECK(refused_by_schema("id,age,town\nann,1,Oslo\nbob,2,Oslo\n", "club").code ==
        ErrorCode::not_found);
}
