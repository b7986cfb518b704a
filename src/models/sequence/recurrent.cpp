#include <agate/core/error.hpp>
#include <agate/nn/recurrent/gru.hpp>
#include <agate/nn/sequence/recurrent_decoder.hpp>
#include <agate/tensor/dropout.hpp>
#include <agate/tensor/rows.hpp>

#include "models/sequence/elements.hpp"
#include "models/sequence/networks.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

using data::Sequences;

nn::DecoderAttention attention_of(const SequenceConfig& c) {
  if (c.model == "encoder_decoder") return nn::DecoderAttention::none;
  return c.model == "bahdanau" ? nn::DecoderAttention::additive
                               : nn::decoder_attention(c.attention_score);
}

const SequenceConfig& checked(const SequenceConfig& c) {
  check(c.hidden >= 2 && c.hidden % 2 == 0, ErrorCode::value, c.model, ": hidden = ", c.hidden,
        ", expected an even number: the encoder reads in two directions");
  return c;
}

class RecurrentModel : public SequenceModel {
 public:
  RecurrentModel(const SequenceConfig& c, Random& random)
      : SequenceModel(checked(c)),
        source_(c.source, c.hidden, random),
        target_(c.target, c.hidden, random),
        encoder_({.input_size = c.hidden,
                  .hidden_size = c.hidden / 2,
                  .num_layers = c.layers,
                  .bidirectional = true},
                 random),
        decoder_({.input_size = c.hidden,
                  .hidden_size = c.hidden,
                  .memory_size = c.hidden,
                  .attention = attention_of(c),
                  .input_feeding = c.model == "luong" && c.input_feeding,
                  .dropout = static_cast<Real>(c.dropout)},
                 random),
        generator_({.in = decoder_.output_size(), .out = outputs()}, random) {}

  Var forward(Tape& tape, const data::SequencePairs& pairs,
              std::vector<Alignment>* alignments) const override {
    check_pairs(pairs);
    const auto [memory, summary] = read(tape, pairs.source);
    const Sequences given = shifted(pairs.target, config().target);
    Tensor weights;
    const bool aligns = alignments && config().model != "encoder_decoder";
    const Var y = decoder_(embed(target_, tape, given), given.offsets, memory, summary,
                           aligns ? &weights : nullptr);
    if (aligns) alignments->push_back({"attention", true, weights});
    return generator_(y);
  }

  std::unique_ptr<Decoding> decode(Tape& tape, const Sequences& sources, Index) const override;

  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    source_.visit_parameters(prefix + "source.", visit);
    target_.visit_parameters(prefix + "target.", visit);
    encoder_.visit_parameters(prefix + "encoder.", visit);
    decoder_.visit_parameters(prefix + "decoder.", visit);
    generator_.visit_parameters(prefix + "generator.", visit);
  }

 private:
  friend class RecurrentDecoding;

  struct Read {
    nn::DecoderMemory memory;
    Var summary;  // a row for each source
  };

  Var embed(const ElementEmbedding& embedding, Tape& tape, const Sequences& marked) const {
    return dropout(embedding(tape, marked), static_cast<Real>(config().dropout));
  }

  Read read(Tape& tape, const Sequences& sources) const {
    const Sequences marked = with_end(sources, config().source);
    std::vector<Var> last;
    const Var encodings = encoder_(embed(source_, tape, marked), marked.offsets, &last);
    return {decoder_.remember(encodings, marked.offsets),
            concat({last[last.size() - 2], last.back()})};
  }

  ElementEmbedding source_, target_;
  nn::GRU encoder_;
  nn::RecurrentDecoder decoder_;
  nn::Linear generator_;
};

class RecurrentDecoding : public Decoding {
 public:
  RecurrentDecoding(const RecurrentModel& model, Tape& tape, const Sequences& sources)
      : model_(model),
        tape_(tape),
        read_(model.read(tape, sources)),
        state_(model.decoder_.start(read_.summary)) {}

  Tensor step(const Sequences& last) override {
    const auto& alphabet = model_.config().target;
    const Sequences given = first_ ? marks(state_.h.rows(), alphabet) : as_input(last, alphabet);
    first_ = false;
    const Var x = model_.embed(model_.target_, tape_, given);
    return model_.generator_(model_.decoder_.step(x, state_, read_.memory)).value();
  }

  void select(std::span<const Index> rows) override {
    state_ = model_.decoder_.select(state_, rows);
    read_.memory = model_.decoder_.select(read_.memory, rows);
  }

 private:
  const RecurrentModel& model_;
  Tape& tape_;
  RecurrentModel::Read read_;
  nn::DecoderState state_;
  bool first_ = true;
};

std::unique_ptr<Decoding> RecurrentModel::decode(Tape& tape, const Sequences& sources,
                                                 Index) const {
  check_source(sources);
  return std::make_unique<RecurrentDecoding>(*this, tape, sources);
}

}  // namespace

std::unique_ptr<SequenceModel> make_recurrent(const SequenceConfig& config, Random& random) {
  return std::make_unique<RecurrentModel>(config, random);
}

}  // namespace AGATE_NAMESPACE::models
