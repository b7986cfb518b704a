#pragma once
/// \file
/// GraphMultisetTransformer: the readout of Baek, Kang, Hwang, "Accurate Learning of Graph
/// Representations with Graph Multiset Pooling", ICLR 2021, as PyTorch Geometric has it.

#include <agate/nn/pool/readout.hpp>
#include <agate/nn/pool/set_attention.hpp>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct GraphMultisetTransformerOptions {
  Index channels = 0;            ///< of input and output, a multiple of the heads
  Index k = 8;                   ///< rows that stand for a graph between the two poolings
  Index num_encoder_blocks = 1;  ///< in which they attend to each other
  Index heads = 1;
  bool layer_norm = false;
  Real dropout = 0;  ///< on the attention weights
};

/// y = PMA_1(SAB(... SAB(PMA_k(x)))) of each graph: k learned seeds look at the nodes, then at each
/// other, then one seed looks at them. See set_attention.hpp.
///
/// x (nodes x channels) -> graphs x channels. A graph without nodes gives, as any other, finite
/// numbers: what the seeds alone make. Parameters: `pma1.*`, `encoders.0.*`, ..., `pma2.*`.
/// Error(value) for options without meaning.
class GraphMultisetTransformer : public Readout {
 public:
  GraphMultisetTransformer(const GraphMultisetTransformerOptions& options, Random& random);

  /// `weights`, where given, is filled with those with which the k seeds look at the nodes: heads x
  /// k graphs x nodes, 0 between a seed and the nodes of another graph.
  Var operator()(const Var& x, std::span<const Index> offsets, Tensor* weights) const;
  Var operator()(const Var& x, std::span<const Index> offsets) const override {
    return (*this)(x, offsets, nullptr);
  }
  Index out_channels() const override { return options_.channels; }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const GraphMultisetTransformerOptions& options() const { return options_; }

  PoolingByMultiheadAttention pma1;
  std::vector<SetAttentionBlock> encoders;
  PoolingByMultiheadAttention pma2;

 private:
  GraphMultisetTransformerOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
