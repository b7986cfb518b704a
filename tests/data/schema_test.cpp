#include <agate/data/schema.hpp>
#include <string>

#include "catch.hpp"

using namespace agate;
using namespace agate::data;

namespace {

FeatureSchema example_schema() {
  FeatureSchema s;
  s.id_column = "name";
  s.label_columns = {"club"};
  s.classes = {"Mr. Hi", "Officer"};
  s.numeric = {{"age", 0.1, 1.0 / 3}, {"height", -1e-300, 1e300}};
  s.categories = {{"town", {"Bergen", "Oslo", "Troms\xc3\xb8"}}, {"say \"x\"", {"a,b"}}};
  s.structural = {.identity = true, .degree = true, .random_walk = 2, .spectral = 1};
  s.identity_ids = {"ann", "bob"};
  s.degree_mean = 0.7;
  s.degree_deviation = 0.2;
  s.directed = true;
  return s;
}

std::string changed(const std::string& from, const std::string& to) {
  std::string text = to_json(example_schema());
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Refusal refused_schema(const std::string& text) {
  return refusal([&] { schema_from_json(text); });
}

}  // namespace

TEST_CASE("a schema knows the names of its features", "[data]") {
  const FeatureSchema s = example_schema();
  CHECK(s.feature_names() == std::vector<std::string>{"age", "height", "town=Bergen", "town=Oslo",
                                                      "town=Troms\xc3\xb8", "town=(unknown)",
                                                      "say \"x\"=a,b", "say \"x\"=(unknown)",
                                                      "name=ann", "name=bob", "name=(unknown)",
                                                      "degree", "walk 1", "walk 2", "spectral 1"});
  CHECK(s.num_features() == 15);
  CHECK(FeatureSchema{}.num_features() == 0);
}

TEST_CASE("a schema survives JSON", "[data]") {
  const FeatureSchema s = example_schema(), t = schema_from_json(to_json(s));
  CHECK(to_json(t) == to_json(s));
  CHECK(t.feature_names() == s.feature_names());
  CHECK(t.id_column == s.id_column);
  CHECK(t.label_columns == s.label_columns);
  CHECK(t.classes == s.classes);
  CHECK(t.numeric[0].mean == s.numeric[0].mean);
  CHECK(t.numeric[0].deviation == s.numeric[0].deviation);
  CHECK(t.numeric[1].mean == s.numeric[1].mean);
  CHECK(t.identity_ids == s.identity_ids);
  CHECK(t.degree_mean == s.degree_mean);
  CHECK(t.degree_deviation == s.degree_deviation);
  CHECK(t.directed);
}

TEST_CASE("what older versions could not say makes version 2", "[data]") {
  CHECK(to_json(example_schema()).find("\"version\":1") != std::string::npos);
  FeatureSchema s = example_schema();
  s.task = Task::edge;
  s.regression = true;
  s.graph_column = "molecule";
  s.time_column = "day";
  s.edge_numeric = {{"weight", 2, 0.5}};
  s.edge_categories = {{"kind", {"call", "mail"}}};
  s.structural.out_degree = true;
  s.out_degree_mean = 3;
  s.out_degree_deviation = 4;
  const std::string text = to_json(s);
  CHECK(text.find("\"version\":2") != std::string::npos);
  const FeatureSchema t = schema_from_json(text);
  CHECK(to_json(t) == text);
  CHECK(t.task == Task::edge);
  CHECK(t.has_targets());
  CHECK(t.num_features() == 16);
  CHECK(t.feature_names()[12] == "out_degree");
  CHECK(t.edge_feature_names() ==
        std::vector<std::string>{"weight", "kind=call", "kind=mail", "kind=(unknown)"});
  CHECK(t.num_edge_features() == 4);
  CHECK(t.out_degree_deviation == 4);
  std::string odd = text;
  odd.replace(odd.find("\"edge\""), 6, "\"edgy\"");
  CHECK(refused_schema(odd).code == ErrorCode::format);
  CHECK(refused_schema(odd).says("feature schema: task"));
}

TEST_CASE("damaged schemas are refused", "[data]") {
  for (const std::string text : {"", "{", "[]", "null", "{\"version\":1}", "\xff"}) {
    const Refusal r = refused_schema(text);
    CHECK(r.code == ErrorCode::format);
    CHECK(r.says("feature schema"));
  }
  CHECK(refused_schema(changed("\"version\":1", "\"version\":3")).says("version 3 is newer"));
  CHECK(refused_schema(changed("\"deviation\":1e+300", "\"deviation\":0")).says("deviation is 0"));
  CHECK(
      refused_schema(changed("\"random_walk\":2", "\"random_walk\":-2")).says("random_walk is -2"));
  CHECK(refused_schema(changed("\"random_walk\":2", "\"random_walk\":2.5"))
            .says("random_walk is 2.5"));
  CHECK(refused_schema(changed("\"spectral\":1", "\"spectral\":18446744073709551615"))
            .says("spectral"));
  CHECK(refused_schema(changed("\"bob\"", "\"ann\"")).says("identity_ids holds \"ann\" twice"));
  CHECK(
      refused_schema(changed("\"Officer\"", "\"Mr. Hi\"")).says("classes holds \"Mr. Hi\" twice"));
  CHECK(refused_schema(changed("[\"club\"]", "[\"a\",\"b\",\"c\"]"))
            .says("3 label_columns and 2 classes"));
  CHECK(refused_schema(changed("\"directed\":true", "\"directed\":1")).code == ErrorCode::format);
}

TEST_CASE("names that are not UTF-8 cannot be saved", "[data]") {
  FeatureSchema s;
  s.classes = {"caf\xe9", "b"};
  CHECK(refusal([&] { to_json(s); }).says("not UTF-8"));
}
