#pragma once
/// \file
/// SequenceConfig: everything that decides the shape of a model of sequences. Saved with it.

#include <agate/core/options.hpp>
#include <agate/data/sequences.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::models {

/// Everything that decides the shape of a model of sequences.
struct SequenceConfig {
  std::string model = "transformer";  ///< a name of sequence_models()
  data::Alphabet source{}, target{};

  Index hidden = 128;           ///< channels of embeddings, states and layers
  Index layers = 2;             ///< of encoder and decoder each, or of the LSTM
  Index heads = 4;              ///< which share them
  Index dim_feedforward = 256;  ///< inside the perceptrons of a Transformer
  double dropout = 0.1;
  bool norm_first = true;                        ///< Transformer: pre-norm
  std::string positions = "sinusoidal";          ///< Transformer: sinusoidal or learned
  Index max_length = 512;                        ///< learned positions there are
  Index num_features = 64;                       ///< random features of a head
  std::string features = "arc_cosine";           ///< random features: gaussian or arc_cosine
  bool orthogonal = true;                        ///< random features: projections at right angles
  bool gated = false;                            ///< random features: a recency gate in the decoder
  std::string attention_score = "general";       ///< luong: dot, general, concat
  bool input_feeding = true;                     ///< luong
  Index memory_rows = 128, memory_columns = 20;  ///< ntm
  Index read_heads = 1, write_heads = 1;         ///< ntm
  std::string memory_init = "constant";          ///< ntm: constant or learned

  bool operator==(const SequenceConfig&) const = default;
};

/// Every field except `model`, `source` and `target`.
const std::vector<Option<SequenceConfig>>& sequence_options();

/// As JSON, and back. Error(format) for text that is not a configuration, Error(usage) for an
/// unknown key or a value out of range.
std::string to_json(const SequenceConfig& config);
/// The configuration that to_json() wrote.
SequenceConfig sequence_config_from_json(const std::string& text);

}  // namespace AGATE_NAMESPACE::models
