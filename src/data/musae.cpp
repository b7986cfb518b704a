#include <agate/core/error.hpp>
#include <agate/data/graph_split.hpp>
#include <agate/data/musae.hpp>
#include <agate/io/csv.hpp>
#include <agate/io/file.hpp>
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

namespace AGATE_NAMESPACE::data {
namespace {

using nlohmann::json;

constexpr Index most_features = 1'000'000;

/// The path of a file that may be packed.
std::string locate(const MusaeOptions& options, const std::string& file) {
  const std::string path = (std::filesystem::path(options.folder) / file).string();
  std::error_code ignored;
  return std::filesystem::exists(path + ".gz", ignored) ? path + ".gz" : path;
}

/// The number of a node, from 0 to nodes - 1.
Index parse_node(const std::string& text, Index nodes, const std::string& place) {
  Index number = -1;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  check(error == std::errc() && stop == end && number >= 0 && number < nodes, ErrorCode::format,
        place, ": \"", text, "\" is not the number of a node, expected 0 to ", nodes - 1);
  return number;
}

/// What is known of the nodes of one graph, whose first is node `first` of the dataset.
struct MusaePart {
  const MusaeOptions& options;
  std::string name;
  Index first = 0, nodes = 0;
};

void read_nodes(MusaePart& part, std::vector<std::string>& labels, Dataset& dataset) {
  const io::CsvTable csv = io::read_csv(locate(part.options, part.name + "_target.csv"));
  const std::size_t id = csv.column("id"), label = csv.column(part.options.label);
  const std::size_t number = csv.find_column("new_id").value_or(id);
  part.first = std::ssize(dataset.node_ids);
  part.nodes = std::ssize(csv.rows);
  labels.resize(labels.size() + csv.rows.size());
  dataset.node_ids.resize(labels.size());
  std::vector<bool> seen(csv.rows.size());
  for (std::size_t r = 0; r < csv.rows.size(); ++r) {
    const auto node =
        static_cast<std::size_t>(parse_node(csv.rows[r][number], part.nodes, csv.place(r)));
    check(!seen[node], ErrorCode::format, csv.place(r), ": node ", node, " stands there already");
    seen[node] = true;
    labels[static_cast<std::size_t>(part.first) + node] = csv.rows[r][label];
    dataset.node_ids[static_cast<std::size_t>(part.first) + node] = csv.rows[r][id];
  }
}

void read_edges(const MusaePart& part, std::vector<Edge>& edges) {
  const io::CsvTable csv = io::read_csv(locate(part.options, part.name + "_edges.csv"));
  check(csv.columns.size() == 2, ErrorCode::format, csv.path, " has ", csv.columns.size(),
        " columns, expected the two ends of an edge");
  for (std::size_t r = 0; r < csv.rows.size(); ++r) {
    const Index source = parse_node(csv.rows[r][0], part.nodes, csv.place(r));
    const Index target = parse_node(csv.rows[r][1], part.nodes, csv.place(r));
    if (source != target)
      edges.push_back(
          {static_cast<NodeId>(part.first + source), static_cast<NodeId>(part.first + target)});
  }
}

/// Per node the features that it has, ascending.
void read_features(const MusaePart& part, std::vector<std::vector<NodeId>>& features) {
  const std::string path = locate(part.options, part.name + "_features.json");
  features.resize(static_cast<std::size_t>(part.first + part.nodes));
  try {
    const json from = json::parse(io::read_text(path));
    for (const auto& [text, list] : from.get_ref<const json::object_t&>()) {
      auto& of_node =
          features[static_cast<std::size_t>(part.first + parse_node(text, part.nodes, path))];
      std::set<Index> distinct;
      for (const json& feature : list.get_ref<const json::array_t&>()) {
        const bool fits = feature.is_number_integer() && feature >= 0 && feature < most_features;
        check(fits, ErrorCode::format, path, ": node ", text, " has feature ", feature.dump(),
              ", expected a whole number from 0 to ", most_features - 1);
        distinct.insert(feature.get<Index>());
      }
      for (const Index feature : distinct) of_node.push_back(static_cast<NodeId>(feature));
    }
  } catch (const json::exception& error) {
    fail(ErrorCode::format, path, ": ", error.what());
  }
}

SparseMatrix binary(const std::vector<std::vector<NodeId>>& features) {
  CsrArrays arrays{{0}, {}, {}};
  NodeId width = 0;
  for (const auto& of_node : features) {
    arrays.columns.insert(arrays.columns.end(), of_node.begin(), of_node.end());
    arrays.offsets.push_back(std::ssize(arrays.columns));
    if (!of_node.empty()) width = std::max(width, of_node.back() + 1);
  }
  arrays.values.assign(arrays.columns.size(), 1);
  return {std::ssize(features), width, std::move(arrays)};
}

void set_classes(const std::vector<std::string>& labels, Dataset& dataset) {
  std::set<std::string> names(labels.begin(), labels.end());
  names.erase("");
  dataset.classes.assign(names.begin(), names.end());
  for (const std::string& label : labels) {
    const auto found = std::ranges::lower_bound(dataset.classes, label);
    dataset.y.push_back(label.empty() ? -1 : static_cast<int>(found - dataset.classes.begin()));
  }
}

}  // namespace

Dataset read_musae(const MusaeOptions& options) {
  check(!options.graphs.empty(), ErrorCode::usage, options.folder, ": no graph of it is named");
  Dataset dataset;
  std::vector<std::string> labels;
  std::vector<Edge> edges;
  std::vector<std::vector<NodeId>> features;
  std::vector<Index> offsets{0};
  for (const std::string& name : options.graphs) {
    MusaePart part{options, name};
    read_nodes(part, labels, dataset);
    read_edges(part, edges);
    read_features(part, features);
    offsets.push_back(std::ssize(labels));
  }
  dataset.name = std::filesystem::path(options.folder).filename().string();
  dataset.graph = Graph::from_edges(offsets.back(), edges, {.undirected = true});
  dataset.x = binary(features);
  set_classes(labels, dataset);
  if (options.graphs.size() > 1) {
    dataset.graph_offsets = offsets;
    dataset.graph_ids = options.graphs;
    dataset.splits = {split_by_graphs(dataset, {options.graphs.begin(), options.graphs.end() - 1},
                                      {}, {options.graphs.back()}, 0)};
  }
  validate(dataset);
  return dataset;
}

}  // namespace AGATE_NAMESPACE::data
