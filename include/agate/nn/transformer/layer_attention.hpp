#pragma once
/// \file
/// LayerAttention: the attention of a layer of the Transformer, by softmax or by random features,
/// over whole sequences or position by position.

#include <agate/nn/attention/multihead_attention.hpp>
#include <agate/nn/attention/random_feature_attention.hpp>
#include <variant>
#include <vector>

namespace AGATE_NAMESPACE::nn {

/// What the rows that are being said have seen of their own sequences.
using AttentionCache = std::variant<KeyValueCache, LinearState>;

/// What they look at besides: one of some sequences each, which do not change.
struct AttentionMemory {
  std::vector<Index> sources;    ///< which sequence each row looks at; does not fall
  std::vector<Index> offsets{};  ///< softmax: where they are in the keys
  std::optional<ProjectedKeys> keys{};
  std::optional<LinearState> state{};  ///< random features: of each row
};

/// Either MultiheadAttention or RandomFeatureAttention, under the names of its parameters.
class LayerAttention : public Module {
 public:
  LayerAttention(const MultiheadAttentionOptions& options, Random& random)
      : attention_(std::in_place_type<MultiheadAttention>, options, random) {}
  LayerAttention(const RandomFeatureAttentionOptions& options, Random& random)
      : attention_(std::in_place_type<RandomFeatureAttention>, options, random) {}

  /// x asks memory. Error(unsupported) for args with random features, which form no weights.
  Var operator()(const Var& x, const Var& memory, const Support& support,
                 const PairArgs& args = {}) const;

  /// Outside training: row r of x is the next position of sequence r and sees those before it.
  AttentionCache start(Index sequences) const;
  /// The next position of each sequence; see start().
  Var step(const Var& x, AttentionCache& cache) const;
  /// Row r of x looks at sequence memory.sources[r]: at first one row for each.
  AttentionMemory remember(const Var& memory, std::span<const Index> offsets) const;
  /// What each row of x finds in the memory; see remember().
  Var recall(const Var& x, const AttentionMemory& memory) const;

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

 private:
  std::variant<MultiheadAttention, RandomFeatureAttention> attention_;
};

/// The rows named go on, in this order. Error(value) unless those that look at one sequence stay
/// side by side.
AttentionCache select(const AttentionCache& cache, std::span<const Index> rows);
/// The same of a memory.
AttentionMemory select(const AttentionMemory& memory, std::span<const Index> rows);

}  // namespace AGATE_NAMESPACE::nn
