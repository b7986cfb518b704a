#include <agate/core/error.hpp>
#include <agate/nn/transformer/layer_attention.hpp>
#include <algorithm>
#include <numeric>

namespace AGATE_NAMESPACE::nn {
namespace {

// Which queries look at which keys: those of one source are side by side.
Support cross_support(const AttentionMemory& memory) {
  std::vector<Index> queries(memory.offsets.size(), 0);
  for (const Index source : memory.sources) ++queries[static_cast<std::size_t>(source) + 1];
  std::partial_sum(queries.begin(), queries.end(), queries.begin());
  return Support::segments(queries, memory.offsets);
}

}  // namespace

Var LayerAttention::operator()(const Var& x, const Var& memory, const Support& support,
                               const PairArgs& args) const {
  if (auto* softmax = std::get_if<MultiheadAttention>(&attention_))
    return (*softmax)(x, memory, memory, support, args);
  check(!args.weights && !args.mean_weights && !args.attn_mask, ErrorCode::unsupported,
        "attention by random features forms no weights: none can be given or masked");
  return std::get<RandomFeatureAttention>(attention_)(support, x, memory);
}

AttentionCache LayerAttention::start(Index sequences) const {
  if (auto* features = std::get_if<RandomFeatureAttention>(&attention_))
    return features->start(sequences);
  return KeyValueCache();
}

Var LayerAttention::step(const Var& x, AttentionCache& cache) const {
  if (auto* softmax = std::get_if<MultiheadAttention>(&attention_))
    return softmax->step(x, std::get<KeyValueCache>(cache));
  return std::get<RandomFeatureAttention>(attention_).step(x, std::get<LinearState>(cache));
}

AttentionMemory LayerAttention::remember(const Var& memory, std::span<const Index> offsets) const {
  AttentionMemory result;
  result.sources.resize(offsets.size() - 1);
  std::iota(result.sources.begin(), result.sources.end(), Index{0});
  if (auto* softmax = std::get_if<MultiheadAttention>(&attention_)) {
    result.offsets.assign(offsets.begin(), offsets.end());
    result.keys = softmax->remember(memory, memory);
  } else {
    result.state = std::get<RandomFeatureAttention>(attention_).remember(memory, offsets);
  }
  return result;
}

Var LayerAttention::recall(const Var& x, const AttentionMemory& memory) const {
  if (auto* softmax = std::get_if<MultiheadAttention>(&attention_))
    return softmax->recall(x, *memory.keys, cross_support(memory));
  return std::get<RandomFeatureAttention>(attention_).recall(x, *memory.state);
}

void LayerAttention::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  std::visit([&](auto& attention) { attention.visit_parameters(prefix, visit); }, attention_);
}

AttentionCache select(const AttentionCache& cache, std::span<const Index> rows) {
  return std::visit([&](const auto& c) { return AttentionCache(c.select(rows)); }, cache);
}

AttentionMemory select(const AttentionMemory& memory, std::span<const Index> rows) {
  AttentionMemory selected = memory;
  selected.sources.clear();
  for (const Index r : rows) {
    check(r >= 0 && r < std::ssize(memory.sources), ErrorCode::shape, "select: row ", r, " of ",
          memory.sources.size());
    selected.sources.push_back(memory.sources[r]);
  }
  check(std::ranges::is_sorted(selected.sources), ErrorCode::value,
        "select: rows that look at one sequence are not side by side");
  if (memory.state) selected.state = memory.state->select(rows);
  return selected;
}

}  // namespace AGATE_NAMESPACE::nn
