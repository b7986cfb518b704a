#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/data/dictionary.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace AGATE_NAMESPACE::data {
namespace {

using Permutation = std::vector<int>;  // the value of each key
constexpr std::size_t most_graphs = 32000;
constexpr std::uint32_t dictionary_stream = 0xD1C7;

struct Parts {
  std::vector<Permutation> train, val, test;
};

/// All of them in lexicographic order, or most_graphs at random.
std::vector<Permutation> permutations(int keys, Random& random) {
  Permutation next(static_cast<std::size_t>(keys));
  std::iota(next.begin(), next.end(), 0);
  std::vector<Permutation> all;
  if (std::tgamma(keys + 1.0) <= most_graphs) {
    do all.push_back(next);
    while (std::ranges::next_permutation(next).found);
    return all;
  }
  while (all.size() < most_graphs) {
    random.shuffle(std::span(next));
    all.push_back(next);
  }
  return all;
}

/// For each key and value whether training may show them together.
std::vector<bool> allowed_pairs(int keys, Random& random) {
  std::vector<std::size_t> pairs(static_cast<std::size_t>(keys) * keys);
  std::iota(pairs.begin(), pairs.end(), std::size_t{0});
  random.shuffle(std::span(pairs));
  const double share = std::pow(0.8, 1.0 / keys);
  pairs.resize(static_cast<std::size_t>(share * static_cast<double>(pairs.size())));
  std::vector<bool> allowed(static_cast<std::size_t>(keys) * keys);
  for (std::size_t pair : pairs) allowed[pair] = true;
  return allowed;
}

Parts divide(int keys) {
  Random random(0, dictionary_stream);
  const auto all = permutations(keys, random);
  const auto allowed = allowed_pairs(keys, random);
  Parts parts;
  for (const Permutation& values : all) {
    bool trains = true;
    for (int key = 0; key < keys; ++key)
      trains = trains && allowed[static_cast<std::size_t>(key * keys + values[key])];
    (trains ? parts.train : parts.test).push_back(values);
  }
  random.shuffle(std::span(parts.train));
  const auto tenth = parts.train.end() - std::max<std::ptrdiff_t>(1, std::ssize(parts.train) / 10);
  parts.val.assign(tenth, parts.train.end());
  parts.train.erase(tenth, parts.train.end());
  return parts;
}

/// Packs graph after graph.
class Packer {
 public:
  explicit Packer(int keys) : keys_(keys) { dataset_.graph_offsets = {0}; }

  /// Its targets are added to those of its part.
  void add(const Permutation& values, std::vector<Index>& targets) {
    const auto first = static_cast<NodeId>(dataset_.y.size());
    for (int key = 0; key < keys_; ++key) {
      targets.push_back(first + key);
      add_node(key, keys_, values[key]);
    }
    for (int key = 0; key < keys_; ++key) add_node(key, values[key], -1);
    for (int target = 0; target < keys_; ++target)
      for (int source = 0; source < keys_; ++source)
        edges_.push_back({first + keys_ + source, first + target});
    dataset_.graph_offsets.push_back(std::ssize(dataset_.y));
  }

  Dataset finish(Split split) && {
    const Index nodes = std::ssize(dataset_.y);
    dataset_.name = "dictionary:" + std::to_string(keys_);
    dataset_.graph = Graph::from_edges(nodes, edges_);
    dataset_.x = SparseMatrix(nodes, 2 * keys_ + 1, std::move(features_));
    for (int value = 0; value < keys_; ++value) dataset_.classes.push_back(std::to_string(value));
    dataset_.splits.push_back(std::move(split));
    return std::move(dataset_);
  }

 private:
  void add_node(int key, int value, int label) {
    std::string name =
        std::to_string(dataset_.graph_offsets.size() - 1) + ":k" + std::to_string(key);
    if (value < keys_) name += "=v" + std::to_string(value);
    dataset_.node_ids.push_back(std::move(name));
    features_.columns.insert(features_.columns.end(), {key, keys_ + value});
    features_.values.insert(features_.values.end(), {1, 1});
    features_.offsets.push_back(std::ssize(features_.columns));
    dataset_.y.push_back(label);
  }

  int keys_;
  Dataset dataset_;
  std::vector<Edge> edges_;
  CsrArrays features_{{0}, {}, {}};
};

}  // namespace

Dataset dictionary_lookup(int keys) {
  check(keys >= 3 && keys <= most_dictionary_keys, ErrorCode::value, "dictionary: ", keys,
        " keys, expected 3 to ", most_dictionary_keys);
  const Parts parts = divide(keys);
  const std::size_t there = parts.train.size() + parts.val.size() + parts.test.size();
  Packer packer(keys);
  Split split;
  for (std::size_t copy = 0; copy < most_graphs / there; ++copy)
    for (const Permutation& values : parts.train) packer.add(values, split.train);
  for (const Permutation& values : parts.val) packer.add(values, split.val);
  for (const Permutation& values : parts.test) packer.add(values, split.test);
  return std::move(packer).finish(std::move(split));
}

}  // namespace AGATE_NAMESPACE::data
