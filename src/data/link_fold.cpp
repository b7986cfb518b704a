#include <agate/core/error.hpp>
#include <agate/data/append_encodings.hpp>
#include <agate/data/link_fold.hpp>
#include <agate/data/link_split.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <numeric>

namespace AGATE_NAMESPACE::data {
namespace {

/// Puts pairs behind those that are there; their positions.
std::vector<Index> append(Dataset& d, const std::vector<Edge>& pairs) {
  std::vector<Index> items(pairs.size());
  std::iota(items.begin(), items.end(), std::ssize(d.pairs));
  d.pairs.insert(d.pairs.end(), pairs.begin(), pairs.end());
  return items;
}

Fold link_fold(const Dataset& dataset, const FeatureSchema* schema, const SplitSpec& spec,
               std::uint64_t seed) {
  const auto* shares = std::get_if<RandomSplit>(&spec);
  check(shares, ErrorCode::unsupported, "split ", to_string(spec),
        ": links are split at random; use for example random:0.85/0.05/0.1");
  LinkSplit split = split_links(dataset.graph, shares->val, shares->test, seed);
  Fold fold{dataset, {}};
  Dataset& d = fold.dataset;
  d.graph = std::move(split.message_graph);
  if (!d.edge_attr.empty()) d.edge_attr = select_rows(d.edge_attr, split.message_edges);
  d.pairs.clear();
  fold.split.train = append(d, split.train);
  fold.split.val = append(d, split.val);
  fold.split.test = append(d, split.test);
  d.targets = Tensor::zeros(
      {std::ssize(d.pairs) + std::ssize(split.val_negatives) + std::ssize(split.test_negatives),
       1});
  std::fill_n(d.targets.data(), d.pairs.size(), Real(1));
  auto add_to = [&](std::vector<Index>& part, const std::vector<Edge>& negatives) {
    const auto items = append(d, negatives);
    part.insert(part.end(), items.begin(), items.end());
  };
  add_to(fold.split.val, split.val_negatives);
  add_to(fold.split.test, split.test_negatives);
  if (schema) refresh_encodings(d, *schema);
  return fold;
}

}  // namespace

Dataset as_links(Dataset dataset) {
  check(dataset.task == Task::node || dataset.task == Task::link, ErrorCode::unsupported,
        "task link: what ", dataset.name, " is about are ", items_of(dataset.task),
        ", expected one graph of nodes");
  dataset.task = Task::link;
  dataset.y.clear();
  dataset.targets = Tensor::zeros({0, 1});
  dataset.pairs.clear();
  dataset.regression = false;
  dataset.classes = {"link"};
  dataset.splits.clear();
  return dataset;
}

Fold make_fold(const Dataset& dataset, const FeatureSchema* schema, const SplitSpec& spec,
               std::uint64_t seed, Index fold) {
  if (dataset.task == Task::link) return link_fold(dataset, schema, spec, seed);
  return {dataset, make_split(dataset, spec, seed, fold)};
}

}  // namespace AGATE_NAMESPACE::data
