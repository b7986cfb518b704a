#pragma once
// The kinds of models of sequences, for the registry.

#include <agate/models/sequence_model.hpp>

namespace AGATE_NAMESPACE::models {

// encoder_decoder, bahdanau, luong.
std::unique_ptr<SequenceModel> make_recurrent(const SequenceConfig& config, Random& random);
// transformer, rfa_transformer.
std::unique_ptr<SequenceModel> make_transformer(const SequenceConfig& config, Random& random);
// lstm, ntm.
std::unique_ptr<SequenceModel> make_transducer(const SequenceConfig& config, Random& random);

}  // namespace AGATE_NAMESPACE::models
