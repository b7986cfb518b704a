#include <agate/models/input.hpp>
#include <agate/tensor/rows.hpp>

namespace AGATE_NAMESPACE::models {

Input input_of(Tape& tape, const data::Dataset& d) {
  Input input{d.graph, Features(tape, d.x), {}, d.graph_offsets, {}, {}, {}};
  if (!d.edge_attr.empty()) input.edge_attr = tape.constant(d.edge_attr);
  return input;
}

std::vector<Edge> pick_pairs(const data::Dataset& d, std::span<const Index> items, Input& input) {
  std::vector<Edge> pairs;
  pairs.reserve(items.size());
  for (Index item : items) pairs.push_back(d.pairs[static_cast<std::size_t>(item)]);
  input.pairs = pairs;
  if (d.task == data::Task::edge && !d.edge_attr.empty())
    input.pair_attr = input.tape().constant(select_rows(d.edge_attr, items));
  return pairs;
}

}  // namespace AGATE_NAMESPACE::models
