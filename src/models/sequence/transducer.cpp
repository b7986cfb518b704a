// Models that read the whole source and then, given nothing more, say the target: they do not see
// what they said.

#include <agate/nn/recurrent/lstm.hpp>
#include <agate/nn/sequence/neural_turing_machine.hpp>
#include <agate/tensor/rows.hpp>
#include <variant>

#include "models/sequence/elements.hpp"
#include "models/sequence/networks.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

using data::Sequences;

// Columns that the network reads: vectors as they are, symbols by their embedding.
Index read_size(const SequenceConfig& c) {
  return c.source.has_symbols() ? c.hidden : marked_width(c.source);
}

// The rows of sources, each with so many empty ones behind it.
struct Steps {
  std::vector<Index> offsets{0};  // of all steps
  std::vector<Index> rows;        // of the marked sources, or one row behind them: the empty one
  std::vector<Index> said;        // which steps say something
};

Steps steps_of(const Sequences& marked, const std::vector<Index>& lengths) {
  Steps steps;
  for (Index b = 0; b < marked.size(); ++b) {
    for (Index e = marked.offsets[b]; e < marked.offsets[b + 1]; ++e) steps.rows.push_back(e);
    for (Index k = 0; k < lengths[b]; ++k) {
      steps.said.push_back(std::ssize(steps.rows));
      steps.rows.push_back(marked.offsets.back());
    }
    steps.offsets.push_back(std::ssize(steps.rows));
  }
  return steps;
}

// `lstm.*` and `output.*`.
class LstmCore : public nn::Module {
 public:
  LstmCore(const SequenceConfig& c, Index outputs, Random& random)
      : lstm_({.input_size = read_size(c), .hidden_size = c.hidden, .num_layers = c.layers},
              random),
        output_({.in = c.hidden, .out = outputs}, random) {}
  Var operator()(const Var& x, const std::vector<Index>& offsets, std::vector<Alignment>*) const {
    return output_(lstm_(x, offsets));
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    lstm_.visit_parameters(prefix + "lstm.", visit);
    output_.visit_parameters(prefix + "output.", visit);
  }

 private:
  nn::LSTM lstm_;
  nn::Linear output_;
};

// `ntm.*`
class NtmCore : public nn::Module {
 public:
  NtmCore(const SequenceConfig& c, Index outputs, Random& random)
      : ntm_({.input_size = read_size(c),
              .output_size = outputs,
              .controller_size = c.hidden,
              .memory_rows = c.memory_rows,
              .memory_columns = c.memory_columns,
              .read_heads = c.read_heads,
              .write_heads = c.write_heads,
              .memory =
                  c.memory_init == "learned" ? nn::MemoryInit::learned : nn::MemoryInit::constant},
             random) {}
  Var operator()(const Var& x, const std::vector<Index>& offsets,
                 std::vector<Alignment>* alignments) const {
    if (!alignments) return ntm_(x, offsets);
    nn::NtmAccess access;
    const Var y = ntm_(x, offsets, &access);
    add("write", access.write, *alignments);
    add("read", access.read, *alignments);
    return y;
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    ntm_.visit_parameters(prefix + "ntm.", visit);
  }

 private:
  // steps x heads x rows of the memory.
  static void add(const std::string& what, const Tensor& w, std::vector<Alignment>& to) {
    const Index steps = w.shape()[0], heads = w.shape()[1], rows = w.shape()[2];
    for (Index h = 0; h < heads; ++h) {
      Tensor one = Tensor::uninitialized({steps, rows});
      for (Index t = 0; t < steps; ++t)
        std::copy_n(w.data() + (t * heads + h) * rows, rows, one.row(t));
      to.push_back({heads == 1 ? what : what + " " + std::to_string(h + 1), false, one});
    }
  }

  nn::NeuralTuringMachine ntm_;
};

template <class Core>
class Transducer : public SequenceModel {
 public:
  Transducer(const SequenceConfig& c, Random& random)
      : SequenceModel(c), core_(c, outputs(), random) {
    if (c.source.has_symbols()) source_.emplace(c.source, c.hidden, random);
  }

  Var forward(Tape& tape, const data::SequencePairs& pairs,
              std::vector<Alignment>* alignments) const override {
    check_pairs(pairs);
    std::vector<Index> lengths;
    for (Index b = 0; b < pairs.size(); ++b)
      lengths.push_back(pairs.target.length(b) + Index{config().target.has_symbols()});
    return run(tape, pairs.source, lengths, alignments);
  }

  std::unique_ptr<Decoding> decode(Tape& tape, const Sequences& sources,
                                   Index steps) const override;

  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    if (source_) source_->visit_parameters(prefix + "source.", visit);
    core_.visit_parameters(prefix, visit);
  }

 private:
  Var run(Tape& tape, const Sequences& sources, const std::vector<Index>& lengths,
          std::vector<Alignment>* alignments) const {
    const Sequences marked = with_end(sources, config().source);
    Steps steps = steps_of(marked, lengths);
    const Var read = source_ ? (*source_)(tape, marked) : tape.constant(marked.vectors);
    const Var empty = tape.constant(Tensor::zeros({1, read.cols()}));
    const Var x = gather_rows(concat_rows({read, empty}), std::move(steps.rows));
    return gather_rows(core_(x, steps.offsets, alignments), std::move(steps.said));
  }

  Core core_;
  std::optional<ElementEmbedding> source_;
};

// All was said in one pass; the steps are handed out one by one.
class SaidBefore : public Decoding {
 public:
  SaidBefore(Tensor logits, Index sources, Index steps)
      : logits_(std::move(logits)), steps_(steps) {
    for (Index b = 0; b < sources; ++b) sources_.push_back(b);
  }
  Tensor step(const Sequences&) override {
    std::vector<Index> rows;
    for (const Index b : sources_) rows.push_back(b * steps_ + position_);
    ++position_;
    return select_rows(logits_, rows);
  }
  void select(std::span<const Index> rows) override {
    std::vector<Index> kept;
    for (const Index r : rows) kept.push_back(sources_[r]);
    sources_ = std::move(kept);
  }

 private:
  Tensor logits_;  // sources x steps rows
  Index steps_, position_ = 0;
  std::vector<Index> sources_;  // of each row
};

template <class Core>
std::unique_ptr<Decoding> Transducer<Core>::decode(Tape& tape, const Sequences& sources,
                                                   Index steps) const {
  check_source(sources);
  const std::vector<Index> lengths(static_cast<std::size_t>(sources.size()), steps);
  return std::make_unique<SaidBefore>(run(tape, sources, lengths, nullptr).value(), sources.size(),
                                      steps);
}

}  // namespace

std::unique_ptr<SequenceModel> make_transducer(const SequenceConfig& config, Random& random) {
  if (config.model == "ntm") return std::make_unique<Transducer<NtmCore>>(config, random);
  return std::make_unique<Transducer<LstmCore>>(config, random);
}

}  // namespace AGATE_NAMESPACE::models
