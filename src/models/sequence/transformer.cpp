#include <agate/core/error.hpp>
#include <agate/nn/transformer/transformer.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/dropout.hpp>
#include <agate/tensor/rows.hpp>
#include <cmath>

#include "models/sequence/elements.hpp"
#include "models/sequence/networks.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

using data::Sequences;

nn::TransformerOptions options_of(const SequenceConfig& c) {
  check(c.heads >= 1 && c.hidden % c.heads == 0, ErrorCode::value, c.model, ": hidden = ", c.hidden,
        " cannot be shared among heads = ", c.heads);
  return {.layer = {.d_model = c.hidden,
                    .nhead = c.heads,
                    .dim_feedforward = c.dim_feedforward,
                    .dropout = static_cast<Real>(c.dropout),
                    .norm_first = c.norm_first,
                    .attention = c.model == "transformer" ? "softmax" : "rfa",
                    .num_features = c.num_features,
                    .features =
                        c.features == "gaussian" ? FeatureKind::gaussian : FeatureKind::arc_cosine,
                    .orthogonal = c.orthogonal,
                    .gated = c.gated},
          .num_encoder_layers = c.layers,
          .num_decoder_layers = c.layers};
}

// Vaswani et al. 2017, 3.5: sin and cos of position / 10000^(2 k / channels).
void sinusoid(Index position, std::span<Real> to) {
  const auto channels = static_cast<double>(to.size());
  for (std::size_t c = 0; c < to.size(); ++c) {
    const double exponent = static_cast<double>(c / 2 * 2) / channels;
    const double angle = static_cast<double>(position) / std::pow(10000.0, exponent);
    to[c] = static_cast<Real>(c % 2 == 0 ? std::sin(angle) : std::cos(angle));
  }
}

// `weight` (max_length, channels), where they are learned.
class Positions : public nn::Module {
 public:
  Positions(const SequenceConfig& c, Random& random) {
    if (c.positions != "learned") return;
    table_ = {nn::standard_normal({c.max_length, c.hidden}, random)};
    for (Real& v : table_->value.values()) v /= std::sqrt(static_cast<Real>(c.hidden));
  }
  // x and what each of its rows is told of its position.
  Var add_to(const Var& x, std::vector<Index> positions) const {
    Tape& tape = x.tape();
    if (!table_) {
      Tensor told = tape.make(x.shape());
      for (Index i = 0; i < x.rows(); ++i)
        sinusoid(positions[i], {told.row(i), static_cast<std::size_t>(x.cols())});
      return add(x, tape.constant(told));
    }
    for (const Index p : positions)
      check(p < table_->value.rows(), ErrorCode::limit, "transformer: a sequence of more than ",
            table_->value.rows(), " elements, as many positions as were learned (max_length)");
    return add(x, gather_rows(tape.parameter(*table_), std::move(positions)));
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    if (table_) visit(prefix + "weight", *table_);
  }

 private:
  std::optional<Parameter> table_;
};

std::vector<Index> positions_in(const std::vector<Index>& offsets) {
  std::vector<Index> positions;
  for (std::size_t b = 0; b + 1 < offsets.size(); ++b)
    for (Index e = offsets[b]; e < offsets[b + 1]; ++e) positions.push_back(e - offsets[b]);
  return positions;
}

class TransformerModel : public SequenceModel {
 public:
  TransformerModel(const SequenceConfig& c, Random& random)
      : SequenceModel(c),
        source_(c.source, c.hidden, random),
        target_(c.target, c.hidden, random),
        source_positions_(c, random),
        target_positions_(c, random),
        transformer_(options_of(c), random),
        generator_({.in = c.hidden, .out = outputs()}, random) {}

  Var forward(Tape& tape, const data::SequencePairs& pairs,
              std::vector<Alignment>* alignments) const override {
    check_pairs(pairs);
    const Sequences source = with_end(pairs.source, config().source);
    const Sequences given = shifted(pairs.target, config().target);
    const Var memory = encode(tape, source);
    const Var x = embed(target_, target_positions_, tape, given, positions_in(given.offsets));
    std::vector<Tensor> weights;
    const bool aligns = alignments && config().model == "transformer";
    const Var y = transformer_.decoder(x, memory, Support::segments(given.offsets, true),
                                       Support::segments(given.offsets, source.offsets),
                                       aligns ? &weights : nullptr);
    for (std::size_t l = 0; l < weights.size(); ++l)
      alignments->push_back({"layer " + std::to_string(l + 1), true, head_mean(weights[l])});
    return generator_(y);
  }

  std::unique_ptr<Decoding> decode(Tape& tape, const Sequences& sources, Index) const override;

  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    source_.visit_parameters(prefix + "source.", visit);
    target_.visit_parameters(prefix + "target.", visit);
    source_positions_.visit_parameters(prefix + "source_positions.", visit);
    target_positions_.visit_parameters(prefix + "target_positions.", visit);
    transformer_.visit_parameters(prefix + "transformer.", visit);
    generator_.visit_parameters(prefix + "generator.", visit);
  }

 private:
  friend class TransformerDecoding;

  // heads x rows x columns -> their mean.
  static Tensor head_mean(const Tensor& w) {
    const Index heads = w.shape()[0], rows = w.shape()[1], cols = w.shape()[2];
    Tensor mean = Tensor::zeros({rows, cols});
    for (Index i = 0; i < w.size(); ++i)
      mean.data()[i % (rows * cols)] += w.data()[i] / static_cast<Real>(heads);
    return mean;
  }

  Var embed(const ElementEmbedding& embedding, const Positions& positions, Tape& tape,
            const Sequences& marked, std::vector<Index> at) const {
    const Real factor = std::sqrt(static_cast<Real>(config().hidden));
    return dropout(positions.add_to(scale(embedding(tape, marked), factor), std::move(at)),
                   static_cast<Real>(config().dropout));
  }

  Var encode(Tape& tape, const Sequences& source) const {
    return transformer_.encoder(
        embed(source_, source_positions_, tape, source, positions_in(source.offsets)),
        Support::segments(source.offsets));
  }

  ElementEmbedding source_, target_;
  Positions source_positions_, target_positions_;
  nn::Transformer transformer_;
  nn::Linear generator_;
};

class TransformerDecoding : public Decoding {
 public:
  TransformerDecoding(const TransformerModel& model, Tape& tape, const Sequences& sources)
      : model_(model), tape_(tape), rows_(sources.size()) {
    const Sequences source = with_end(sources, model.config().source);
    state_ = model.transformer_.decoder.start(model.encode(tape, source), source.offsets);
  }

  Tensor step(const Sequences& last) override {
    const auto& alphabet = model_.config().target;
    const Sequences given = position_ == 0 ? marks(rows_, alphabet) : as_input(last, alphabet);
    const std::vector<Index> at(static_cast<std::size_t>(rows_), position_++);
    const Var x = model_.embed(model_.target_, model_.target_positions_, tape_, given, at);
    return model_.generator_(model_.transformer_.decoder.step(x, state_)).value();
  }

  void select(std::span<const Index> rows) override {
    state_ = nn::TransformerDecoder::select(state_, rows);
    rows_ = std::ssize(rows);
  }

 private:
  const TransformerModel& model_;
  Tape& tape_;
  nn::TransformerDecoder::State state_;
  Index rows_, position_ = 0;
};

std::unique_ptr<Decoding> TransformerModel::decode(Tape& tape, const Sequences& sources,
                                                   Index) const {
  check_source(sources);
  return std::make_unique<TransformerDecoding>(*this, tape, sources);
}

}  // namespace

std::unique_ptr<SequenceModel> make_transformer(const SequenceConfig& config, Random& random) {
  return std::make_unique<TransformerModel>(config, random);
}

}  // namespace AGATE_NAMESPACE::models
