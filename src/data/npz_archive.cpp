#include "data/npz_archive.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <unordered_map>

#include "data/limits.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

constexpr Index most_classes = 1'000'000;
constexpr Index most_splits = 100'000;

using Mask = std::vector<Index>;

/// One row of each of the masks.
Split read_split(const Archive& archive, const std::array<std::string, 3>& names,
                 const std::array<Mask, 3>& masks, Index row, Index nodes) {
  Split split;
  std::vector<Index>* parts[] = {&split.train, &split.val, &split.test};
  std::vector<bool> taken(static_cast<std::size_t>(nodes));
  for (std::size_t k = 0; k < 3; ++k)
    for (Index i = 0; i < nodes; ++i) {
      if (masks[k][row * nodes + i] == 0) continue;
      check(!taken[i], ErrorCode::format, archive.place(names[k]), " holds node ", i,
            ", which another mask holds too");
      taken[i] = true;
      parts[k]->push_back(i);
    }
  return split;
}

}  // namespace

const io::Array& Archive::get(const std::string& name) const {
  const auto found = arrays_.find(name);
  if (found != arrays_.end()) return found->second;
  std::string names;
  for (const auto& [known, array] : arrays_) names += (names.empty() ? "" : ", ") + known;
  fail(ErrorCode::format, path_, " has no array ", name, "; it holds ",
       names.empty() ? "nothing" : names);
}

const io::Array& Archive::get(const std::string& name, int rank) const {
  const io::Array& array = get(name);
  check(std::ssize(array.shape) == rank, ErrorCode::format, place(name), " has ",
        array.shape.size(), " dimensions, expected ", rank);
  return array;
}

std::vector<Index> Archive::integers(const std::string& name, int rank) const {
  return get(name, rank).as_indices(place(name));
}

Tensor Archive::numbers(const std::string& name, int rank) const {
  return get(name, rank).as_tensor(place(name));
}

void read_classes(const Archive& archive, const std::string& name, Dataset& dataset) {
  for (const Index label : archive.integers(name, 1)) {
    check(label >= -1 && label < most_classes, ErrorCode::format, archive.place(name), " holds ",
          label, ", expected a class below ", most_classes, ", or -1 for none");
    dataset.y.push_back(static_cast<int>(label));
  }
  check(std::ssize(dataset.y) <= most_nodes, ErrorCode::limit, archive.place(name), " has ",
        dataset.y.size(), " elements, at most 2^31 - 1 nodes are supported");
  const int last = dataset.y.empty() ? -1 : std::ranges::max(dataset.y);
  for (int c = 0; c <= last; ++c) dataset.classes.push_back(std::to_string(c));
}

Edge checked_edge(const Archive& archive, const std::string& name, std::size_t e, Index source,
                  Index target, Index nodes) {
  for (const Index node : {source, target})
    check(node >= 0 && node < nodes, ErrorCode::format, archive.place(name), ": edge ", e,
          " names node ", node, ", there are ", nodes);
  return {static_cast<NodeId>(source), static_cast<NodeId>(target)};
}

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

std::vector<Split> read_masks(const Archive& archive, const std::array<std::string, 3>& names,
                              int rank, Index nodes) {
  if (std::ranges::none_of(names, [&](const auto& name) { return archive.has(name); })) return {};
  std::array<Mask, 3> masks;
  Index count = 1;
  for (std::size_t k = 0; k < 3; ++k) {
    masks[k] = archive.integers(names[k], rank);
    const auto& shape = archive.get(names[k]).shape;
    if (k == 0 && rank == 2) count = shape[0];
    check(shape.back() == nodes, ErrorCode::format, archive.place(names[k]), " has ", shape.back(),
          " elements, there are ", nodes, " nodes");
    check(rank == 1 || shape[0] == count, ErrorCode::format, archive.place(names[k]), " has ",
          shape[0], " rows, ", names[0], " has ", count);
  }
  check(count <= most_splits, ErrorCode::limit, archive.place(names[0]), " has ", count,
        " rows, at most ", most_splits, " splits are supported");
  std::vector<Split> splits;
  for (Index row = 0; row < count; ++row)
    splits.push_back(read_split(archive, names, masks, row, nodes));
  return splits;
}

}  // namespace AGATE_NAMESPACE::data
