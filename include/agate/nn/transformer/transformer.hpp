#pragma once
/// \file
/// Transformer: stacks of the layers of transformer_layers.hpp, as torch.nn.Transformer.

#include <agate/nn/transformer/transformer_layers.hpp>
#include <optional>
#include <vector>

namespace AGATE_NAMESPACE::nn {

/// Layer after layer; a norm at the end where asked for. Parameters `layers.0.*`, `layers.1.*`,
/// ..., `norm.*`. Error(value) for fewer than one layer.
class TransformerEncoder : public Module {
 public:
  TransformerEncoder(const TransformerLayerOptions& options, Index num_layers, bool norm,
                     Random& random);
  Var operator()(const Var& x, const Support& support) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

 private:
  std::vector<TransformerEncoderLayer> layers_;
  std::optional<LayerNorm> norm_;
};

/// The same of decoder layers, each of which attends to the same memory. `weights`, where given,
/// receives for each layer what it paid the memory: pairs of `cross` x heads.
class TransformerDecoder : public Module {
 public:
  TransformerDecoder(const TransformerLayerOptions& options, Index num_layers, bool norm,
                     Random& random);
  Var operator()(const Var& x, const Var& memory, const Support& own, const Support& cross,
                 std::vector<Tensor>* weights = nullptr) const;

  /// Position by position, outside training (see TransformerDecoderLayer).
  using State = std::vector<TransformerDecoderLayer::State>;
  /// Before the first position: one sequence for each of those in the memory.
  State start(const Var& memory, std::span<const Index> memory_offsets) const;
  /// The next position of each sequence: row r of x is that of sequence r.
  Var step(const Var& x, State& state) const;
  /// The rows named go on, in this order; those that look at one sequence must stay side by side:
  /// Error(value).
  static State select(const State& state, std::span<const Index> rows);

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

 private:
  std::vector<TransformerDecoderLayer> layers_;
  std::optional<LayerNorm> norm_;
};

/// torch.nn.Transformer's arguments.
struct TransformerOptions {
  TransformerLayerOptions layer{};
  Index num_encoder_layers = 6, num_decoder_layers = 6;
};

/// decoder(target, encoder(source)), each with a norm at its end. Sequences are packed: those of
/// the source follow one another, and so do those of the target, as many of one as of the other.
/// Parameters `encoder.*`, `decoder.*`; matrices start as torch's do (Glorot and Bengio).
class Transformer : public Module {
 public:
  Transformer(const TransformerOptions& options, Random& random);

  /// source, target: rows x d_model; where each sequence ends say the offsets. The target attends
  /// to itself causally. Error(shape) for other rows or columns, Error(value) for offsets that
  /// fall.
  Var operator()(const Var& source, std::span<const Index> source_offsets, const Var& target,
                 std::span<const Index> target_offsets) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  TransformerEncoder encoder;
  TransformerDecoder decoder;
};

}  // namespace AGATE_NAMESPACE::nn
