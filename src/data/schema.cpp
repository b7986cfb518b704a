#include <agate/core/error.hpp>
#include <agate/data/schema.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace AGATE_NAMESPACE::data {
namespace {

using nlohmann::json;

constexpr int format_version = 1;

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

FeatureSchema read(const json& from) {
  check(count(from, "version") <= format_version, ErrorCode::format, "feature schema: version ",
        count(from, "version"), " is newer than ", format_version,
        ", the newest known to this agate");
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
  for (const json& column : from.at("numeric").get_ref<const json::array_t&>())
    schema.numeric.push_back({column.at("name").get<std::string>(), finite(column, "mean"),
                              deviation(column, "deviation")});
  for (const json& column : from.at("categories").get_ref<const json::array_t&>())
    schema.categories.push_back(
        {column.at("name").get<std::string>(), distinct(column, "categories")});
  const json& structural = from.at("structural");
  schema.structural = {.identity = structural.at("identity").get<bool>(),
                       .degree = structural.at("degree").get<bool>(),
                       .random_walk = count(structural, "random_walk"),
                       .spectral = count(structural, "spectral")};
  schema.identity_ids = distinct(from, "identity_ids");
  schema.degree_mean = finite(from, "degree_mean");
  schema.degree_deviation = deviation(from, "degree_deviation");
  schema.directed = from.at("directed").get<bool>();
  return schema;
}

}  // namespace

std::string StructuralFeatures::to_string() const {
  std::string text;
  auto add = [&](const std::string& word) { text += (text.empty() ? "" : ",") + word; };
  if (identity) add("identity");
  if (degree) add("degree");
  if (random_walk > 0) add("random_walk:" + std::to_string(random_walk));
  if (spectral > 0) add("spectral:" + std::to_string(spectral));
  return text.empty() ? "none" : text;
}

Index FeatureSchema::num_features() const {
  Index features = archive_columns + std::ssize(numeric);
  for (const CategoryColumn& column : categories) features += std::ssize(column.categories) + 1;
  if (structural.identity) features += std::ssize(identity_ids) + 1;
  return features + structural.encodings();
}

std::vector<std::string> FeatureSchema::feature_names() const {
  std::vector<std::string> names;
  const auto one_hot = [&](const std::string& column, const std::vector<std::string>& values) {
    for (const auto& value : values) names.push_back(column + "=" + value);
    names.push_back(column + "=(unknown)");
  };
  for (Index c = 0; c < archive_columns; ++c) names.push_back("column " + std::to_string(c));
  for (const NumericColumn& column : numeric) names.push_back(column.name);
  for (const CategoryColumn& column : categories) one_hot(column.name, column.categories);
  if (structural.identity) one_hot(id_column.empty() ? "id" : id_column, identity_ids);
  if (structural.degree) names.push_back("degree");
  for (int k = 1; k <= structural.random_walk; ++k) names.push_back("walk " + std::to_string(k));
  for (int k = 1; k <= structural.spectral; ++k) names.push_back("spectral " + std::to_string(k));
  return names;
}

std::string to_json(const FeatureSchema& schema) {
  json to = {{"version", format_version},
             {"id_column", schema.id_column},
             {"label_columns", schema.label_columns},
             {"classes", schema.classes},
             {"numeric", json::array()},
             {"categories", json::array()},
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
  for (const NumericColumn& column : schema.numeric)
    to["numeric"].push_back(
        {{"name", column.name}, {"mean", column.mean}, {"deviation", column.deviation}});
  for (const CategoryColumn& column : schema.categories)
    to["categories"].push_back({{"name", column.name}, {"categories", column.categories}});
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
