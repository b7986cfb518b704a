#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/core/random.hpp>
#include <agate/data/graph_split.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::data {
namespace {

constexpr std::uint32_t validation_stream = 0x6A4B5;  // apart from that of the other splits
constexpr Index validation_part = 5;                  // one item of so many

enum Part { none, train_part, val_part, test_part };

std::vector<std::string> names_of(const Dataset& dataset) {
  if (!dataset.graph_ids.empty()) return dataset.graph_ids;
  std::vector<std::string> names;
  for (Index g = 0; g < dataset.num_graphs(); ++g) names.push_back(std::to_string(g));
  return names;
}

void assign(const std::vector<std::string>& graphs, Part part, const Dataset& dataset,
            const std::vector<std::string>& names, std::vector<Part>& part_of) {
  for (const std::string& name : graphs) {
    const auto found = std::ranges::find(names, name);
    check(found != names.end(), ErrorCode::not_found, "split by graphs: ", dataset.name,
          " has no graph \"", name, "\"", suggestion(name, names));
    Part& of_graph = part_of[static_cast<std::size_t>(found - names.begin())];
    check(of_graph == none, ErrorCode::usage, "split by graphs: graph \"", name,
          "\" is named twice");
    of_graph = part;
  }
}

std::size_t graph_of(const Dataset& dataset, Index item) {
  if (dataset.task == Task::graph) return static_cast<std::size_t>(item);
  if (dataset.graph_offsets.empty()) return 0;
  const Index node = dataset.task == Task::node
                         ? item
                         : Index{dataset.pairs[static_cast<std::size_t>(item)].source};
  return static_cast<std::size_t>(std::ranges::upper_bound(dataset.graph_offsets, node) -
                                  dataset.graph_offsets.begin()) -
         1;
}

/// Moves a part of the items to train on to those to validate on.
void hold_out(Split& split, std::uint64_t seed) {
  Random(seed, validation_stream).shuffle(std::span(split.train));
  const auto held = split.train.end() - std::ssize(split.train) / validation_part;
  split.val.assign(held, split.train.end());
  split.train.erase(held, split.train.end());
  std::ranges::sort(split.train);
  std::ranges::sort(split.val);
}

}  // namespace

Split split_by_graphs(const Dataset& dataset, const std::vector<std::string>& train,
                      const std::vector<std::string>& val, const std::vector<std::string>& test,
                      std::uint64_t seed) {
  const auto names = names_of(dataset);
  std::vector<Part> part_of(names.size(), none);
  assign(train, train_part, dataset, names, part_of);
  assign(val, val_part, dataset, names, part_of);
  assign(test, test_part, dataset, names, part_of);
  Split split;
  std::vector<Index>* parts[] = {nullptr, &split.train, &split.val, &split.test};
  for (const Index item : labelled_items(dataset))
    if (auto* part = parts[part_of[graph_of(dataset, item)]]) part->push_back(item);
  const auto check_part = [&](bool named, const std::vector<Index>& part, const char* what) {
    check(!named || !part.empty(), ErrorCode::value, "split by graphs: the ", what,
          " graphs hold none of the labelled ", items_of(dataset.task), " of ", dataset.name);
  };
  check_part(true, split.train, "training");
  check_part(!val.empty(), split.val, "validation");
  check_part(!test.empty(), split.test, "test");
  if (val.empty()) hold_out(split, seed);
  return split;
}

}  // namespace AGATE_NAMESPACE::data
