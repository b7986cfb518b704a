#include <agate/core/error.hpp>
#include <agate/data/schema.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace AGATE_NAMESPACE::data {
namespace {

using nlohmann::json;

// Version 2 knows more than nodes and their classes; what version 1 can say is still written so.
constexpr int schema_version = 2;

double finite(const json& at, const char* key) {
  const double value = at.at(key).get<double>();
  check(std::isfinite(value), ErrorCode::format, "feature schema: ", key, " is not finite");
  return value;
}

double deviation(const json& at, const char* key) {
  const double value = finite(at, key);
  check(value > 0, ErrorCode::format, "feature schema: ", key, " is ", value,
        ", expected more than 0");
  return value;
}

int count(const json& at, const char* key) {
  const json& value = at.at(key);
  constexpr std::int64_t most = 1'000'000;
  check(value.is_number_integer() && value.get<std::int64_t>() >= 0 &&
            value.get<std::int64_t>() <= most,
        ErrorCode::format, "feature schema: ", key, " is ", value.dump(),
        ", expected a whole number of at most ", most);
  return value.get<int>();
}

std::vector<std::string> distinct(const json& at, const char* key) {
  auto names = at.at(key).get<std::vector<std::string>>();
  std::set<std::string_view> seen;
  for (const auto& name : names)
    check(seen.insert(name).second, ErrorCode::format, "feature schema: ", key, " holds \"", name,
          "\" twice");
  return names;
}

Task task(const json& from) {
  const auto text = from.at("task").get<std::string>();
  try {
    return parse_task(text);
  } catch (const Error& error) {
    fail(ErrorCode::format, "feature schema: ", error.what());
  }
}

void read_columns(const json& from, const char* numeric_key, const char* categories_key,
                  std::vector<NumericColumn>& numeric, std::vector<CategoryColumn>& categories) {
  for (const json& column : from.at(numeric_key).get_ref<const json::array_t&>())
    numeric.push_back({column.at("name").get<std::string>(), finite(column, "mean"),
                       deviation(column, "deviation")});
  for (const json& column : from.at(categories_key).get_ref<const json::array_t&>())
    categories.push_back({column.at("name").get<std::string>(), distinct(column, "categories")});
}

void write_columns(json& to, const char* numeric_key, const char* categories_key,
                   const std::vector<NumericColumn>& numeric,
                   const std::vector<CategoryColumn>& categories) {
  to[numeric_key] = to[categories_key] = json::array();
  for (const NumericColumn& column : numeric)
    to[numeric_key].push_back(
        {{"name", column.name}, {"mean", column.mean}, {"deviation", column.deviation}});
  for (const CategoryColumn& column : categories)
    to[categories_key].push_back({{"name", column.name}, {"categories", column.categories}});
}

Index width_of(const std::vector<NumericColumn>& numeric,
               const std::vector<CategoryColumn>& categories) {
  Index width = std::ssize(numeric);
  for (const CategoryColumn& column : categories) width += std::ssize(column.categories) + 1;
  return width;
}

void add_names(const std::vector<NumericColumn>& numeric,
               const std::vector<CategoryColumn>& categories, std::vector<std::string>& names) {
  for (const NumericColumn& column : numeric) names.push_back(column.name);
  for (const CategoryColumn& column : categories) {
    for (const auto& category : column.categories) names.push_back(column.name + "=" + category);
    names.push_back(column.name + "=(unknown)");
  }
}

bool needs_version_2(const FeatureSchema& schema) {
  return schema.task != Task::node || schema.regression || !schema.graph_column.empty() ||
         !schema.time_column.empty() || schema.num_edge_features() > 0 ||
         schema.structural.out_degree;
}

void read_version_2(const json& from, FeatureSchema& schema) {
  schema.task = task(from);
  schema.regression = from.at("regression").get<bool>();
  schema.graph_column = from.at("graph_column").get<std::string>();
  schema.time_column = from.at("time_column").get<std::string>();
  read_columns(from, "edge_numeric", "edge_categories", schema.edge_numeric,
               schema.edge_categories);
  schema.structural.out_degree = from.at("structural").at("out_degree").get<bool>();
  schema.out_degree_mean = finite(from, "out_degree_mean");
  schema.out_degree_deviation = deviation(from, "out_degree_deviation");
}

void write_version_2(json& to, const FeatureSchema& schema) {
  to["task"] = to_string(schema.task);
  to["regression"] = schema.regression;
  to["graph_column"] = schema.graph_column;
  to["time_column"] = schema.time_column;
  write_columns(to, "edge_numeric", "edge_categories", schema.edge_numeric, schema.edge_categories);
  to["structural"]["out_degree"] = schema.structural.out_degree;
  to["out_degree_mean"] = schema.out_degree_mean;
  to["out_degree_deviation"] = schema.out_degree_deviation;
}

FeatureSchema read(const json& from) {
  const int version = count(from, "version");
  check(version <= schema_version, ErrorCode::format, "feature schema: version ", version,
        " is newer than ", schema_version, ", the newest known to this agate");
  FeatureSchema schema;
  if (from.contains("archive_columns")) schema.archive_columns = count(from, "archive_columns");
  schema.id_column = from.at("id_column").get<std::string>();
  if (from.contains("label_column"))  // written before there could be several
    schema.label_columns = {from.at("label_column").get<std::string>()};
  else
    schema.label_columns = distinct(from, "label_columns");
  schema.classes = distinct(from, "classes");
  check(schema.label_columns.size() < 2 || schema.label_columns.size() == schema.classes.size(),
        ErrorCode::format, "feature schema: ", schema.label_columns.size(), " label_columns and ",
        schema.classes.size(), " classes");
  read_columns(from, "numeric", "categories", schema.numeric, schema.categories);
  const json& structural = from.at("structural");
  schema.structural = {.identity = structural.at("identity").get<bool>(),
                       .degree = structural.at("degree").get<bool>(),
                       .random_walk = count(structural, "random_walk"),
                       .spectral = count(structural, "spectral")};
  schema.identity_ids = distinct(from, "identity_ids");
  schema.degree_mean = finite(from, "degree_mean");
  schema.degree_deviation = deviation(from, "degree_deviation");
  schema.directed = from.at("directed").get<bool>();
  if (version >= 2) read_version_2(from, schema);
  return schema;
}

}  // namespace

std::string StructuralFeatures::to_string() const {
  std::string text;
  auto add = [&](const std::string& word) { text += (text.empty() ? "" : ",") + word; };
  if (identity) add("identity");
  if (degree) add("degree");
  if (out_degree) add("out_degree");
  if (random_walk > 0) add("random_walk:" + std::to_string(random_walk));
  if (spectral > 0) add("spectral:" + std::to_string(spectral));
  return text.empty() ? "none" : text;
}

Index FeatureSchema::num_features() const {
  const Index ids = structural.identity ? std::ssize(identity_ids) + 1 : 0;
  return archive_columns + width_of(numeric, categories) + ids + structural.encodings();
}

Index FeatureSchema::num_edge_features() const { return width_of(edge_numeric, edge_categories); }

std::vector<std::string> FeatureSchema::feature_names() const {
  std::vector<std::string> names;
  for (Index c = 0; c < archive_columns; ++c) names.push_back("column " + std::to_string(c));
  add_names(numeric, categories, names);
  if (structural.identity)
    add_names({}, {{id_column.empty() ? "id" : id_column, identity_ids}}, names);
  if (structural.degree) names.push_back("degree");
  if (structural.out_degree) names.push_back("out_degree");
  for (int k = 1; k <= structural.random_walk; ++k) names.push_back("walk " + std::to_string(k));
  for (int k = 1; k <= structural.spectral; ++k) names.push_back("spectral " + std::to_string(k));
  return names;
}

std::vector<std::string> FeatureSchema::edge_feature_names() const {
  std::vector<std::string> names;
  add_names(edge_numeric, edge_categories, names);
  return names;
}

std::string to_json(const FeatureSchema& schema) {
  json to = {{"version", needs_version_2(schema) ? 2 : 1},
             {"id_column", schema.id_column},
             {"label_columns", schema.label_columns},
             {"classes", schema.classes},
             {"structural",
              {{"identity", schema.structural.identity},
               {"degree", schema.structural.degree},
               {"random_walk", schema.structural.random_walk},
               {"spectral", schema.structural.spectral}}},
             {"identity_ids", schema.identity_ids},
             {"degree_mean", schema.degree_mean},
             {"degree_deviation", schema.degree_deviation},
             {"directed", schema.directed}};
  if (schema.archive_columns > 0) to["archive_columns"] = schema.archive_columns;
  write_columns(to, "numeric", "categories", schema.numeric, schema.categories);
  if (needs_version_2(schema)) write_version_2(to, schema);
  try {
    return to.dump();
  } catch (const json::exception&) {
    fail(ErrorCode::format, "feature schema: a name in it is not UTF-8 text");
  }
}

FeatureSchema schema_from_json(const std::string& text) {
  try {
    return read(json::parse(text));
  } catch (const json::exception& error) {
    fail(ErrorCode::format, "feature schema: ", error.what());
  }
}

}  // namespace AGATE_NAMESPACE::data
