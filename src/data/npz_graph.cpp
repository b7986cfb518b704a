#include <agate/core/error.hpp>
#include <agate/data/npz_graph.hpp>
#include <agate/io/npz.hpp>
#include <algorithm>
#include <filesystem>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace AGATE_NAMESPACE::data {
namespace {

constexpr Index most_nodes = std::numeric_limits<NodeId>::max();
constexpr Index most_classes = 1'000'000;

/// The arrays of one archive, with messages that name it.
class Archive {
 public:
  explicit Archive(const std::string& path) : path_(path), arrays_(io::read_npz(path)) {}
  bool has(const std::string& name) const { return arrays_.contains(name); }
  std::string place(const std::string& name) const { return path_ + ": " + name; }

  const io::Array& get(const std::string& name) const {
    const auto found = arrays_.find(name);
    if (found != arrays_.end()) return found->second;
    std::string names;
    for (const auto& [known, array] : arrays_) names += (names.empty() ? "" : ", ") + known;
    fail(ErrorCode::format, path_, " has no array ", name, "; it holds ",
         names.empty() ? "nothing" : names);
  }
  std::vector<Index> integers(const std::string& name, int rank) const {
    const io::Array& array = get(name);
    check(std::ssize(array.shape) == rank, ErrorCode::format, place(name), " has ",
          array.shape.size(), " dimensions, expected ", rank);
    return array.as_indices(place(name));
  }

 private:
  std::string path_;
  std::map<std::string, io::Array> arrays_;
};

std::vector<Edge> listed_edges(const Archive& archive, Index nodes) {
  const auto ends = archive.integers("edge_index", 2);
  check(archive.get("edge_index").shape[0] == 2, ErrorCode::format, archive.place("edge_index"),
        " has ", archive.get("edge_index").shape[0], " rows, expected 2");
  const std::size_t count = ends.size() / 2;
  std::vector<Edge> edges(count);
  for (std::size_t e = 0; e < count; ++e) {
    for (const Index node : {ends[e], ends[count + e]})
      check(node >= 0 && node < nodes, ErrorCode::format, archive.place("edge_index"), ": edge ", e,
            " names node ", node, ", there are ", nodes);
    edges[e] = {static_cast<NodeId>(ends[e]), static_cast<NodeId>(ends[count + e])};
  }
  return edges;
}

/// The first of each pair of opposite edges, and the loops; nothing when some edge lacks its
/// opposite.
std::optional<std::vector<Edge>> paired(const std::vector<Edge>& edges) {
  std::unordered_map<std::uint64_t, Index> surplus;  // upward minus downward, not yet paired
  std::vector<Edge> kept;
  Index open = 0;
  for (const Edge edge : edges) {
    if (edge.source == edge.target) {
      kept.push_back(edge);
      continue;
    }
    const auto [low, high] = std::minmax(edge.source, edge.target);
    Index& waiting =
        surplus[(static_cast<std::uint64_t>(low) << 32) | static_cast<std::uint64_t>(high)];
    const Index direction = edge.source < edge.target ? 1 : -1;
    const bool answers = waiting * direction < 0;
    waiting += direction;
    open += answers ? -1 : 1;
    if (!answers) kept.push_back(edge);
  }
  if (open > 0) return {};
  return kept;
}

Graph read_graph(const Archive& archive, Index nodes) {
  const auto edges = listed_edges(archive, nodes);
  const auto undirected = paired(edges);
  return Graph::from_edges(nodes, undirected ? *undirected : edges,
                           {.undirected = undirected.has_value()});
}

SparseMatrix identity(Index nodes) {
  CsrArrays arrays;
  arrays.offsets.resize(static_cast<std::size_t>(nodes) + 1);
  std::iota(arrays.offsets.begin(), arrays.offsets.end(), Index{0});
  arrays.columns.resize(static_cast<std::size_t>(nodes));
  std::iota(arrays.columns.begin(), arrays.columns.end(), NodeId{0});
  arrays.values.assign(static_cast<std::size_t>(nodes), 1);
  return {nodes, nodes, std::move(arrays)};
}

void check_offsets(const Archive& archive, const std::vector<Index>& offsets, Index nodes,
                   Index entries) {
  const std::string place = archive.place("x_indptr");
  check(std::ssize(offsets) == nodes + 1, ErrorCode::format, place, " has ", offsets.size(),
        " elements, expected ", nodes + 1, " for ", nodes, " nodes");
  check(offsets.front() == 0 && offsets.back() == entries && std::ranges::is_sorted(offsets),
        ErrorCode::format, place, " does not rise from 0 to ", entries,
        ", the length of x_indices");
}

SparseMatrix read_features(const Archive& archive, Index nodes) {
  const auto shape = archive.integers("x_shape", 1);
  check(shape.size() == 2 && shape[0] == nodes && shape[1] >= 0 && shape[1] <= most_nodes,
        ErrorCode::format, archive.place("x_shape"), " does not describe a matrix of ", nodes,
        " rows, one for each label in y");
  CsrArrays arrays;
  arrays.offsets = archive.integers("x_indptr", 1);
  const auto columns = archive.integers("x_indices", 1);
  check_offsets(archive, arrays.offsets, nodes, std::ssize(columns));
  for (const Index column : columns) {
    check(column >= 0 && column < shape[1], ErrorCode::format, archive.place("x_indices"),
          " names column ", column, ", there are ", shape[1]);
    arrays.columns.push_back(static_cast<NodeId>(column));
  }
  const io::Array& values = archive.get("x_data");
  check(values.shape.size() == 1 && values.shape[0] == std::ssize(columns), ErrorCode::format,
        archive.place("x_data"), " has ", values.size(), " elements, x_indices has ",
        columns.size());
  const Tensor data = values.as_tensor(archive.place("x_data"));
  arrays.values.assign(data.values().begin(), data.values().end());
  return {nodes, shape[1], std::move(arrays)};
}

void read_labels(const Archive& archive, Dataset& dataset) {
  for (const Index label : archive.integers("y", 1)) {
    check(label >= -1 && label < most_classes, ErrorCode::format, archive.place("y"), " holds ",
          label, ", expected a class below ", most_classes, ", or -1 for none");
    dataset.y.push_back(static_cast<int>(label));
  }
  check(std::ssize(dataset.y) <= most_nodes, ErrorCode::limit, archive.place("y"), " has ",
        dataset.y.size(), " elements, at most 2^31 - 1 nodes are supported");
  const int last = dataset.y.empty() ? -1 : std::ranges::max(dataset.y);
  for (int c = 0; c <= last; ++c) dataset.classes.push_back(std::to_string(c));
}

std::vector<Split> read_masks(const Archive& archive, Index nodes) {
  const std::string names[] = {"train_mask", "val_mask", "test_mask"};
  if (std::ranges::none_of(names, [&](const auto& name) { return archive.has(name); })) return {};
  Split split;
  std::vector<Index>* parts[] = {&split.train, &split.val, &split.test};
  std::vector<bool> taken(static_cast<std::size_t>(nodes));
  for (int k = 0; k < 3; ++k) {
    const auto mask = archive.integers(names[k], 1);
    check(std::ssize(mask) == nodes, ErrorCode::format, archive.place(names[k]), " has ",
          mask.size(), " elements, there are ", nodes, " nodes");
    for (Index i = 0; i < nodes; ++i) {
      if (mask[i] == 0) continue;
      check(!taken[i], ErrorCode::format, archive.place(names[k]), " holds node ", i,
            ", which another mask holds too");
      taken[i] = true;
      parts[k]->push_back(i);
    }
  }
  return {split};
}

}  // namespace

Dataset read_npz_graph(const std::string& path) {
  const Archive archive(path);
  Dataset dataset;
  dataset.name = std::filesystem::path(path).stem().string();
  read_labels(archive, dataset);
  const Index nodes = std::ssize(dataset.y);
  dataset.graph = read_graph(archive, nodes);
  const bool has_features = archive.has("x_indptr") || archive.has("x_indices") ||
                            archive.has("x_data") || archive.has("x_shape");
  dataset.x = has_features ? read_features(archive, nodes) : identity(nodes);
  dataset.splits = read_masks(archive, nodes);
  validate(dataset);
  return dataset;
}

}  // namespace AGATE_NAMESPACE::data
