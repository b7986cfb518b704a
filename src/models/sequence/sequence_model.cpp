#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/models/sequence_model.hpp>
#include <agate/tensor/losses.hpp>
#include <algorithm>
#include <numeric>

#include "models/sequence/networks.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

struct SequenceEntry {
  SequenceModelInfo info;
  std::unique_ptr<SequenceModel> (*make)(const SequenceConfig&, Random&);
};

const std::vector<SequenceEntry>& registry() {
  static const std::vector<SequenceEntry> all{
      {{"encoder_decoder", "GRUs, the source in one vector (Cho et al. 2014)", false},
       make_recurrent},
      {{"bahdanau", "GRUs with additive attention (Bahdanau et al. 2015)"}, make_recurrent},
      {{"luong", "GRUs with multiplicative attention (Luong et al. 2015)"}, make_recurrent},
      {{"transformer", "attention alone (Vaswani et al. 2017)"}, make_transformer},
      {{"rfa_transformer", "the same by random features, linear in the length (Peng et al. 2021)",
        false},
       make_transformer},
      {{"lstm", "an LSTM that reads, then says (Hochreiter and Schmidhuber 1997)", false},
       make_transducer},
      {{"ntm", "a Neural Turing Machine (Graves et al. 2014)"}, make_transducer},
  };
  return all;
}

void check_alphabet(const data::Alphabet& a, const char* side) {
  check(a.has_symbols() != a.symbols.empty(), ErrorCode::value, "sequence model: the ", side,
        " has neither symbols nor a width, or both");
}

void check_elements(const data::Sequences& sequences, const data::Alphabet& alphabet,
                    const char* side) {
  const Index elements = sequences.offsets.back();
  if (!alphabet.has_symbols()) {
    check(sequences.vectors.rows() == elements && sequences.vectors.cols() == alphabet.width,
          ErrorCode::shape, side, ": vectors ", sequences.vectors.shape().to_string(), " for ",
          elements, " elements of ", alphabet.width, " numbers");
    return;
  }
  check(std::ssize(sequences.symbols) == elements, ErrorCode::shape, side, ": ",
        sequences.symbols.size(), " symbols for ", elements, " elements");
  for (const int symbol : sequences.symbols)
    check(symbol >= 0 && symbol < std::ssize(alphabet.symbols), ErrorCode::shape, side, ": symbol ",
          symbol, " of ", alphabet.symbols.size());
}

}  // namespace

SequenceModel::SequenceModel(SequenceConfig config) : config_(std::move(config)) {
  check_alphabet(config_.source, "source");
  check_alphabet(config_.target, "target");
}

Index SequenceModel::outputs() const {
  return config_.target.has_symbols() ? std::ssize(config_.target.symbols) + 1
                                      : config_.target.width;
}

void SequenceModel::check_source(const data::Sequences& sources) const {
  check_elements(sources, config_.source, "source");
}

void SequenceModel::check_pairs(const data::SequencePairs& pairs) const {
  check(pairs.source.size() == pairs.target.size(), ErrorCode::shape, pairs.source.size(),
        " sources for ", pairs.target.size(), " targets");
  check_source(pairs.source);
  check_elements(pairs.target, config_.target, "target");
}

Var SequenceModel::loss(const Var& logits, const data::Sequences& targets,
                        double label_smoothing) const {
  std::vector<Index> rows(static_cast<std::size_t>(logits.rows()));
  std::iota(rows.begin(), rows.end(), Index{0});
  if (!config_.target.has_symbols())
    return binary_cross_entropy_with_logits(logits, targets.vectors, rows);
  std::vector<int> expected;
  for (Index b = 0; b < targets.size(); ++b) {
    expected.insert(expected.end(), targets.symbols.begin() + targets.offsets[b],
                    targets.symbols.begin() + targets.offsets[b + 1]);
    expected.push_back(static_cast<int>(config_.target.symbols.size()));
  }
  return cross_entropy(logits, expected, rows, {}, static_cast<Real>(label_smoothing));
}

const std::vector<SequenceModelInfo>& sequence_models() {
  static const std::vector<SequenceModelInfo> all = [] {
    std::vector<SequenceModelInfo> infos;
    for (const SequenceEntry& entry : registry()) infos.push_back(entry.info);
    return infos;
  }();
  return all;
}

std::unique_ptr<SequenceModel> make_sequence_model(const SequenceConfig& config,
                                                   std::uint64_t seed) {
  std::vector<std::string> known;
  Random random(seed);
  for (const SequenceEntry& entry : registry()) {
    if (entry.info.name == config.model) return entry.make(config, random);
    known.push_back(entry.info.name);
  }
  fail(ErrorCode::usage, "there is no model of sequences \"", config.model, "\"",
       suggestion(config.model, known));
}

}  // namespace AGATE_NAMESPACE::models
