#pragma once
/// \file
/// SequenceModel: a network that reads one sequence and says another, assembled from nn/ by a
/// SequenceConfig.

#include <agate/models/sequence_config.hpp>
#include <agate/nn/module.hpp>
#include <memory>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::models {

/// What a model attended to while it said one sequence: a row for each element said, a column for
/// each element of what it looked at.
struct Alignment {
  std::string name;       ///< "attention", "layer 1", "read", "write"
  bool to_source = true;  ///< the columns are the elements of the source, its end among them;
                          ///< otherwise the rows of a memory, and the rows are all steps
  Tensor weights;
};

/// Some sequences that are being said side by side, one element at a time.
class Decoding {
 public:
  virtual ~Decoding() = default;
  /// Row r has just said element r of `last`, or nothing where `last` is empty (the beginning of
  /// all). The logits of what it says next: rows x outputs.
  virtual Tensor step(const data::Sequences& last) = 0;
  /// The rows named go on, in this order; one may be named more than once. Rows of one source stay
  /// side by side, and sources in their order.
  virtual void select(std::span<const Index> rows) = 0;
};

/// Const when it runs: one model may serve many threads, each with its own tape.
///
/// What ends a sequence of symbols is one more symbol, the last of the outputs; it stands behind
/// every source as well, and before what is said. What ends a source of vectors is a row that is 1
/// in one more channel and 0 in the others; how many vectors are to be said is given.
class SequenceModel : public nn::Module {
 public:
  const SequenceConfig& config() const { return config_; }
  /// Symbols and their end, or numbers of a vector.
  Index outputs() const;

  /// Teacher forcing: logits of each element of the targets (and of the end of symbols), packed,
  /// given the elements before it. With `alignments`, of one pair alone, models that attend add
  /// what to. Error(shape) for sequences of another alphabet, or as many of one as of the other;
  /// Error(limit) for one longer than the positions learned.
  virtual Var forward(Tape& tape, const data::SequencePairs& pairs,
                      std::vector<Alignment>* alignments = nullptr) const = 0;
  /// Reads the sources. The tape must not record, and outlive the decoding, as the model must. Up
  /// to `steps` elements will be asked for.
  virtual std::unique_ptr<Decoding> decode(Tape& tape, const data::Sequences& sources,
                                           Index steps) const = 0;

  /// The mean loss of each element said: cross-entropy of symbols (smoothed: see cross_entropy), of
  /// numbers the mean binary cross-entropy over the channels.
  Var loss(const Var& logits, const data::Sequences& targets, double label_smoothing = 0) const;

 protected:
  explicit SequenceModel(SequenceConfig config);
  /// Error(shape) unless there is a target for each source, and as check_source() for both.
  void check_pairs(const data::SequencePairs& pairs) const;
  /// Error(shape) unless the sources are made of what the model reads.
  void check_source(const data::Sequences& sources) const;

 private:
  SequenceConfig config_;
};

/// The names that SequenceConfig::model may have, and one line about each.
struct SequenceModelInfo {
  std::string name, about;
  bool aligns = true;  ///< forward() can tell what it attended to
};
/// All of them.
const std::vector<SequenceModelInfo>& sequence_models();

/// A new network with weights drawn from `seed`. Error(usage) for an unknown name, with the nearest
/// known; Error(value) for a configuration that makes no sense.
std::unique_ptr<SequenceModel> make_sequence_model(const SequenceConfig& config,
                                                   std::uint64_t seed);

/// How say() looks for what to say.
struct DecodeOptions {
  Index beam = 1;           ///< hypotheses kept; 1: greedy. Of vectors 1 alone
  Index max_length = 0;     ///< symbols said at most; 0: twice the source and 20 more
  double length_power = 1;  ///< beam: log probabilities are divided by length ^ this
  Index batch_size = 128;   ///< sources at a time
  int threads = 0;          ///< 0: all
};

/// What the model says to each source. Of vectors `lengths` says how many (those of numbers above
/// 1/2 are 1, others 0). Beam search keeps the likeliest hypotheses after every element (Sutskever,
/// Vinyals, Le 2014). Error(value) for a beam of vectors or below 1, and for batches of less than
/// one; Error(shape) unless there is a length for each source of vectors.
data::Sequences say(const SequenceModel& model, const data::Sequences& sources,
                    const DecodeOptions& options = {}, std::span<const Index> lengths = {});

}  // namespace AGATE_NAMESPACE::models
