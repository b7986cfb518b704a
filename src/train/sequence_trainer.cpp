#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/train/sequence_trainer.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "train/epochs.hpp"

namespace AGATE_NAMESPACE::train {
namespace {

using data::SequencePairs;
using data::Sequences;

constexpr std::uint32_t order_stream = 0x5E92;
constexpr Index usual_batch = 32, scored_at_once = 128;

// Levenshtein's distance of two runs of symbols.
Index edit_distance(std::span<const int> a, std::span<const int> b) {
  std::vector<Index> row(b.size() + 1);
  std::iota(row.begin(), row.end(), Index{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    Index diagonal = std::exchange(row[0], static_cast<Index>(i) + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const Index replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

Index errors_of(const Sequences& said, const Sequences& expected, Index b) {
  auto run = [b](const Sequences& s) {
    return std::span(s.symbols).subspan(static_cast<std::size_t>(s.offsets[b]),
                                        static_cast<std::size_t>(s.length(b)));
  };
  if (expected.vectors.empty()) return edit_distance(run(said), run(expected));
  Index wrong = 0;
  for (Index e = expected.offsets[b]; e < expected.offsets[b + 1]; ++e)
    for (Index c = 0; c < expected.vectors.cols(); ++c)
      wrong += said.vectors.row(e)[c] != expected.vectors.row(e)[c];
  return wrong;
}

// How many elements of the targets, and ends of symbols, the logits are right about.
Index right_elements(const Tensor& logits, const Sequences& targets, bool symbols) {
  Index right = 0, row = 0;
  for (Index b = 0; b < targets.size(); ++b) {
    const Index begin = targets.offsets[b], end = targets.offsets[b + 1];
    for (Index e = begin; e < end + Index{symbols}; ++e, ++row) {
      const Real* x = logits.row(row);
      if (symbols) {
        const auto most = std::max_element(x, x + logits.cols()) - x;
        right += most == (e < end ? targets.symbols[e] : logits.cols() - 1);
        continue;
      }
      bool all = true;
      for (Index c = 0; c < logits.cols(); ++c)
        all = all && (x[c] > 0) == (targets.vectors.row(e)[c] > Real(0.5));
      right += all;
    }
  }
  return right;
}

struct Forced {
  double loss = 0, right = 0;  // per element
};

// Given the elements before.
Forced teacher_forced(const models::SequenceModel& model, const SequencePairs& pairs, int threads) {
  Forced sum;
  double elements = 0;
  Tape tape({.record = false, .threads = threads});
  for (Index at = 0; at < pairs.size(); at += scored_at_once) {
    std::vector<Index> some(static_cast<std::size_t>(std::min(scored_at_once, pairs.size() - at)));
    std::iota(some.begin(), some.end(), at);
    const SequencePairs batch = select(pairs, some);
    const Var logits = model.forward(tape, batch);
    const auto rows = static_cast<double>(logits.rows());
    if (rows > 0) sum.loss += rows * model.loss(logits, batch.target).value().item();
    sum.right += static_cast<double>(
        right_elements(logits.value(), batch.target, model.config().target.has_symbols()));
    elements += rows;
    tape.reset();
  }
  return {sum.loss / std::max(1.0, elements), sum.right / std::max(1.0, elements)};
}

}  // namespace

SequenceScores score(const models::SequenceModel& model, const SequencePairs& pairs,
                     const models::DecodeOptions& options) {
  SequenceScores scores;
  if (pairs.size() == 0) return scores;
  std::vector<Index> lengths;
  Index longest = 0;
  for (Index b = 0; b < pairs.size(); ++b) {
    lengths.push_back(pairs.target.length(b));
    longest = std::max(longest, lengths.back());
  }
  models::DecodeOptions decode = options;
  // Room to be wrong by saying too much, and no more.
  if (decode.max_length == 0) decode.max_length = longest + 10;
  const Sequences said = say(model, pairs.source, decode, lengths);
  double exact = 0, errors = 0;
  for (Index b = 0; b < pairs.size(); ++b) {
    const Index wrong = errors_of(said, pairs.target, b);
    errors += static_cast<double>(wrong);
    exact += wrong == 0;
  }
  const auto n = static_cast<double>(pairs.size());
  const Forced forced = teacher_forced(model, pairs, options.threads);
  return {exact / n, errors / n, forced.right, forced.loss};
}

SequenceFit fit_sequences(models::SequenceModel& model, const data::SequenceData& data,
                          const TrainOptions& options, std::uint64_t seed,
                          const std::function<bool(const EpochReport&)>& on_epoch) {
  check(data.val.size() > 0 || options.stop == "none", ErrorCode::value, "train: the rule \"",
        options.stop, "\" needs pairs to validate on, there are none; use \"none\"");
  const int threads = static_cast<int>(options.threads);
  const Index at_once = options.batch_size > 0 ? options.batch_size : usual_batch;
  Tape tape({.training = true, .seed = seed, .threads = threads});
  SequenceFit result;
  auto steps = [&](Optimizer& optimizer, Index epoch) {
    const SequencePairs pairs = data.train(epoch);
    check(pairs.size() > 0, ErrorCode::value, "train: no pairs to train on");
    std::vector<Index> order(static_cast<std::size_t>(pairs.size()));
    std::iota(order.begin(), order.end(), Index{0});
    Random random(seed ^ (static_cast<std::uint64_t>(epoch) << 20), order_stream);
    random.shuffle(std::span(order));
    double sum = 0;
    for (Index at = 0; at < pairs.size(); at += at_once) {
      const auto count = static_cast<std::size_t>(std::min(at_once, pairs.size() - at));
      const SequencePairs batch =
          select(pairs, std::span(order).subspan(static_cast<std::size_t>(at), count));
      const Var loss =
          model.loss(model.forward(tape, batch), batch.target, options.label_smoothing);
      const double value = loss.value().item();
      if (!std::isfinite(value)) return value;
      sum += value * static_cast<double>(count);
      tape.backward(loss);
      optimizer.step(tape);
      tape.reset();
    }
    result.sequences += pairs.size();
    return sum / static_cast<double>(pairs.size());
  };
  auto validate = [&]() -> Validation {
    const SequenceScores found = score(model, data.val, {.threads = threads});
    return {found.loss, found.exact};
  };
  static_cast<EpochsResult&>(result) =
      train_epochs(model, options, false, steps,
                   data.val.size() > 0 ? validate : std::function<Validation()>(), on_epoch);
  result.val = score(model, data.val, {.threads = threads});
  for (const auto& test : data.tests)
    result.tests.push_back(score(model, test.pairs, {.threads = threads}));
  return result;
}

}  // namespace AGATE_NAMESPACE::train
