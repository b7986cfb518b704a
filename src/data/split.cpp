#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/data/graph_split.hpp>
#include <agate/data/split.hpp>
#include <algorithm>
#include <cmath>

#include "data/folds.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

constexpr std::uint32_t split_stream = 0x5EED5;  // apart from the streams that initialise weights

std::vector<Index> shuffled_labelled(const Dataset& dataset, std::uint64_t seed) {
  std::vector<Index> nodes = labelled_items(dataset);
  check(!nodes.empty(), ErrorCode::value, "split: none of the ", items_of(dataset.task), " of ",
        dataset.name, " has a label");
  Random(seed, split_stream).shuffle(std::span(nodes));
  return nodes;
}

Split split_by(const RandomSplit& spec, const Dataset& dataset, std::uint64_t seed, Index) {
  const auto nodes = shuffled_labelled(dataset, seed);
  Split split;
  cut(nodes, spec, items_of(dataset.task), split);
  return split;
}

Split split_by(const PerClassSplit& spec, const Dataset& dataset, std::uint64_t seed, Index) {
  check(dataset.targets.empty(), ErrorCode::unsupported, "split ", to_string(spec), ": the ",
        items_of(dataset.task), " of ", dataset.name,
        dataset.regression ? " carry numbers" : " carry several labels each",
        ", not one class; use for example random:0.6/0.2/0.2");
  const auto nodes = shuffled_labelled(dataset, seed);
  std::vector<Index> seen(dataset.classes.size(), 0);
  Split split;
  for (Index node : nodes) {
    const Index before = seen[dataset.y[node]]++;
    auto& part = before < spec.train              ? split.train
                 : before < spec.train + spec.val ? split.val
                                                  : split.test;
    part.push_back(node);
  }
  for (std::size_t c = 0; c < seen.size(); ++c)
    check(seen[c] == 0 || seen[c] >= spec.train + spec.val, ErrorCode::value, "split ",
          to_string(spec), " asks for ", spec.train + spec.val, ' ', items_of(dataset.task),
          " of class \"", dataset.classes[c], "\", ", dataset.name, " has ", seen[c]);
  return split;
}

/// A split that came with the data, as far as its nodes have labels.
Split given_split(const Dataset& dataset, Index which) {
  Split split = dataset.splits[static_cast<std::size_t>(which)];
  for (auto* part : {&split.train, &split.val, &split.test})
    std::erase_if(*part, [&](Index item) { return !dataset.is_labelled(item); });
  return split;
}

void check_given(const SplitSpec& spec, const Dataset& dataset) {
  check(!dataset.splits.empty(), ErrorCode::not_found, "split ", to_string(spec), ": ",
        dataset.name, " comes without a split of its own; use for example random:0.6/0.2/0.2");
}

Split split_by(const PublicSplit& spec, const Dataset& dataset, std::uint64_t, Index) {
  check_given(spec, dataset);
  return given_split(dataset, 0);
}

Split split_by(const FixedSplit& spec, const Dataset& dataset, std::uint64_t, Index fold) {
  check_given(spec, dataset);
  const Index which = spec.which < 0 ? fold : spec.which, there = std::ssize(dataset.splits);
  check(which < there, ErrorCode::not_found, "split fixed:", which, ": ", dataset.name,
        " comes with ", there, there == 1 ? " split" : " splits", ", counted from 0");
  return given_split(dataset, which);
}

Split split_by(const GraphSplit& spec, const Dataset& dataset, std::uint64_t seed, Index) {
  return split_by_graphs(dataset, spec.train, spec.val, spec.test, seed);
}

Split split_by(const ColumnSplit& spec, const Dataset& dataset, std::uint64_t, Index) {
  check(!dataset.splits.empty(), ErrorCode::not_found, "split column:", spec.column, ": ",
        dataset.name, " was read without such a column");
  return given_split(dataset, 0);
}

/// How many of the nodes are of each class; with several labels, how many targets of each are
/// known.
std::vector<Index> count_known(const Dataset& dataset, const std::vector<Index>& nodes) {
  std::vector<Index> counts(dataset.classes.size(), 0);
  for (const Index node : nodes) {
    if (dataset.targets.empty()) {
      ++counts[dataset.y[node]];
      continue;
    }
    for (std::size_t c = 0; c < counts.size(); ++c)
      counts[c] += !std::isnan(dataset.targets.row(node)[c]);
  }
  return counts;
}

void check_training(const Split& split, const Dataset& dataset, const SplitSpec& spec) {
  check(!split.train.empty(), ErrorCode::value, "split ", to_string(spec), " leaves none of the ",
        items_of(dataset.task), " of ", dataset.name, " to train on");
  const auto known = count_known(dataset, labelled_items(dataset));
  const auto training = count_known(dataset, split.train);
  const std::string kind = dataset.targets.empty() ? ' ' + items_of(dataset.task) + " of class \""
                                                   : " known targets of label \"";
  for (std::size_t c = 0; c < training.size(); ++c)
    check(training[c] > 0 || known[c] == 0, ErrorCode::value, "split ", to_string(spec),
          " leaves none of the ", known[c], kind, dataset.classes[c], "\" to train on");
}

}  // namespace

Index fold_count(const Dataset& dataset, const SplitSpec& spec) {
  if (const auto* folds = std::get_if<FoldSplit>(&spec)) return folds->count;
  if (const auto* file = std::get_if<FileSplit>(&spec)) return fold_count_of(dataset, *file);
  const auto* fixed = std::get_if<FixedSplit>(&spec);
  if (!fixed || fixed->which >= 0) return 1;
  check_given(spec, dataset);
  return std::ssize(dataset.splits);
}

Split make_split(const Dataset& dataset, const SplitSpec& spec, std::uint64_t seed, Index fold) {
  const Index folds = fold_count(dataset, spec);
  check(fold >= 0 && fold < folds, ErrorCode::not_found, "split ", to_string(spec),
        ": there is no fold ", fold, ", folds are counted from 0 to ", folds - 1);
  Split split = std::visit([&](const auto& s) { return split_by(s, dataset, seed, fold); }, spec);
  for (auto* part : {&split.train, &split.val, &split.test}) std::ranges::sort(*part);
  check_training(split, dataset, spec);
  return split;
}

}  // namespace AGATE_NAMESPACE::data
