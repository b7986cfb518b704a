#include <agate/core/error.hpp>
#include <agate/models/sequence_model.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace AGATE_NAMESPACE::models {
namespace {

using data::Sequences;

Sequences of_symbols(std::span<const int> symbols) {
  Sequences s;
  s.symbols.assign(symbols.begin(), symbols.end());
  for (std::size_t e = 0; e < symbols.size(); ++e) s.offsets.push_back(static_cast<Index>(e) + 1);
  return s;
}

Sequences packed(const std::vector<std::vector<int>>& said) {
  Sequences s;
  for (const auto& symbols : said) {
    s.symbols.insert(s.symbols.end(), symbols.begin(), symbols.end());
    s.offsets.push_back(std::ssize(s.symbols));
  }
  return s;
}

Index most_symbols(const Sequences& sources, Index b, const DecodeOptions& options) {
  return options.max_length > 0 ? options.max_length : 2 * sources.length(b) + 20;
}

Index most_steps(const Sequences& sources, const DecodeOptions& options) {
  Index most = 0;
  for (Index b = 0; b < sources.size(); ++b)
    most = std::max(most, most_symbols(sources, b, options));
  return most;
}

// The likeliest symbol after every other.
std::vector<std::vector<int>> greedy(const SequenceModel& model, Tape& tape,
                                     const Sequences& sources, const DecodeOptions& options) {
  const int end = static_cast<int>(model.outputs()) - 1;
  const Index steps = most_steps(sources, options);
  std::vector<std::vector<int>> said(static_cast<std::size_t>(sources.size()));
  const auto decoding = model.decode(tape, sources, steps);
  std::vector<Index> running(said.size());
  std::iota(running.begin(), running.end(), Index{0});
  Sequences last;
  for (Index t = 0; t < steps && !running.empty(); ++t) {
    const Tensor logits = decoding->step(last);
    std::vector<Index> kept, going;
    std::vector<int> symbols;
    for (Index r = 0; r < logits.rows(); ++r) {
      const Real* row = logits.row(r);
      const int symbol = static_cast<int>(std::max_element(row, row + logits.cols()) - row);
      const Index b = running[r];
      if (symbol == end) continue;
      said[b].push_back(symbol);
      if (std::ssize(said[b]) >= most_symbols(sources, b, options)) continue;
      kept.push_back(r);
      going.push_back(b);
      symbols.push_back(symbol);
    }
    if (kept.size() < running.size() && !kept.empty()) decoding->select(kept);
    running = std::move(going);
    last = of_symbols(symbols);
  }
  return said;
}

struct Hypothesis {
  Index row = 0;  // of the decoding, that it goes on from
  std::vector<int> symbols;
  double log_probability = 0;
};

// The hypotheses of one source: those that go on, and the best that has ended.
struct Beam {
  std::vector<Hypothesis> going{{}};
  Hypothesis best;
  double best_score = -std::numeric_limits<double>::infinity();

  static double score(const Hypothesis& h, double power) {
    return h.log_probability / std::pow(static_cast<double>(h.symbols.size()) + 1, power);
  }
  void end(Hypothesis h, double power) {
    const double found = score(h, power);
    if (found <= best_score) return;
    best_score = found;
    best = std::move(h);
  }
};

// What its hypotheses become by one more symbol each: the likeliest `width` of all.
void extend(Beam& beam, const Tensor& logits, const DecodeOptions& options, Index longest) {
  const int end = static_cast<int>(logits.cols()) - 1;
  struct Choice {
    std::size_t from;
    int symbol;
    double log_probability;
  };
  std::vector<Choice> choices;
  for (std::size_t h = 0; h < beam.going.size(); ++h) {
    const Real* row = logits.row(beam.going[h].row);
    const Real most = *std::max_element(row, row + logits.cols());
    double sum = 0;
    for (Index c = 0; c < logits.cols(); ++c) sum += std::exp(double(row[c]) - most);
    for (Index c = 0; c < logits.cols(); ++c)
      choices.push_back(
          {h, static_cast<int>(c), beam.going[h].log_probability + row[c] - most - std::log(sum)});
  }
  const auto width = std::min<std::ptrdiff_t>(options.beam, std::ssize(choices));
  // Of equals the earlier one, so that the result is the same everywhere.
  std::ranges::stable_sort(choices, std::greater(), &Choice::log_probability);
  std::vector<Hypothesis> next;
  for (std::ptrdiff_t k = 0; k < width; ++k) {
    Hypothesis h = beam.going[choices[k].from];
    h.log_probability = choices[k].log_probability;
    if (choices[k].symbol == end) {
      beam.end(std::move(h), options.length_power);
      continue;
    }
    h.symbols.push_back(choices[k].symbol);
    if (std::ssize(h.symbols) >= longest)
      beam.end(std::move(h), options.length_power);
    else
      next.push_back(std::move(h));
  }
  // Further symbols cannot make a hypothesis likelier, only longer.
  std::erase_if(next, [&](const Hypothesis& h) {
    const double most = h.log_probability / std::pow(double(longest) + 1, options.length_power);
    return most < beam.best_score;
  });
  std::ranges::stable_sort(next, std::less(), &Hypothesis::row);
  beam.going = std::move(next);
}

std::vector<std::vector<int>> beam_search(const SequenceModel& model, Tape& tape,
                                          const Sequences& sources, const DecodeOptions& options) {
  const Index steps = most_steps(sources, options);
  const auto decoding = model.decode(tape, sources, steps);
  std::vector<Beam> beams(static_cast<std::size_t>(sources.size()));
  for (Index b = 0; b < sources.size(); ++b) beams[b].going.front().row = b;
  Sequences last;
  for (Index t = 0; t < steps; ++t) {
    const Tensor logits = decoding->step(last);
    std::vector<Index> rows;
    std::vector<int> symbols;
    for (Index b = 0; b < sources.size(); ++b) {
      Beam& beam = beams[b];
      if (beam.going.empty()) continue;
      extend(beam, logits, options, most_symbols(sources, b, options));
      for (Hypothesis& h : beam.going) {
        rows.push_back(h.row);
        symbols.push_back(h.symbols.back());
        h.row = std::ssize(rows) - 1;
      }
    }
    if (rows.empty()) break;
    decoding->select(rows);
    last = of_symbols(symbols);
  }
  std::vector<std::vector<int>> said;
  for (Beam& beam : beams) said.push_back(std::move(beam.best.symbols));
  return said;
}

// As many vectors as `lengths` says, each number 1 where that is likelier than 0.
Sequences say_vectors(const SequenceModel& model, Tape& tape, const Sequences& sources,
                      std::span<const Index> lengths) {
  const Index width = model.outputs();
  Sequences said;
  Index steps = 0;
  for (const Index length : lengths) {
    said.offsets.push_back(said.offsets.back() + length);
    steps = std::max(steps, length);
  }
  said.vectors = Tensor::zeros({said.offsets.back(), width});
  const auto decoding = model.decode(tape, sources, steps);
  std::vector<Index> running(static_cast<std::size_t>(sources.size()));
  std::iota(running.begin(), running.end(), Index{0});
  Sequences last;
  for (Index t = 0; t < steps; ++t) {
    std::vector<Index> kept, going;
    for (std::size_t r = 0; r < running.size(); ++r)
      if (lengths[running[r]] > t) {
        kept.push_back(static_cast<Index>(r));
        going.push_back(running[r]);
      }
    if (kept.size() < running.size()) {
      decoding->select(kept);
      if (t > 0) last.vectors = select_rows(last.vectors, kept);
      last.offsets.resize(t > 0 ? kept.size() + 1 : 1);
      running = std::move(going);
    }
    const Tensor logits = decoding->step(last);
    last.vectors = Tensor::zeros(logits.shape());
    last.offsets = {0};
    for (Index r = 0; r < logits.rows(); ++r) {
      Real* to = said.vectors.row(said.offsets[running[r]] + t);
      for (Index c = 0; c < width; ++c) to[c] = last.vectors.row(r)[c] = logits.row(r)[c] > 0;
      last.offsets.push_back(r + 1);
    }
  }
  return said;
}

void append(Sequences& to, const Sequences& more, std::vector<Tensor>& vectors) {
  const Index before = to.offsets.back();
  for (Index b = 0; b < more.size(); ++b) to.offsets.push_back(before + more.offsets[b + 1]);
  to.symbols.insert(to.symbols.end(), more.symbols.begin(), more.symbols.end());
  if (!more.vectors.empty()) vectors.push_back(more.vectors);
}

Tensor joined(const std::vector<Tensor>& parts, Index rows, Index cols) {
  Tensor all = Tensor::uninitialized({rows, cols});
  Real* to = all.data();
  for (const Tensor& part : parts) to = std::copy_n(part.data(), part.size(), to);
  return all;
}

}  // namespace

Sequences say(const SequenceModel& model, const Sequences& sources, const DecodeOptions& options,
              std::span<const Index> lengths) {
  const bool symbols = model.config().target.has_symbols();
  check(options.beam >= 1 && (symbols || options.beam == 1), ErrorCode::value, "say: a beam of ",
        options.beam, symbols ? "" : " for vectors", ", expected ", symbols ? "at least 1" : "1");
  check(options.batch_size >= 1, ErrorCode::value, "say: batches of ", options.batch_size,
        " sources, expected at least 1");
  check(symbols || std::ssize(lengths) == sources.size(), ErrorCode::shape, "say: ", lengths.size(),
        " lengths for ", sources.size(), " sources");
  Sequences all;
  std::vector<Tensor> vectors;
  for (Index at = 0; at < sources.size(); at += options.batch_size) {
    std::vector<Index> some(
        static_cast<std::size_t>(std::min(options.batch_size, sources.size() - at)));
    std::iota(some.begin(), some.end(), at);
    const Sequences batch = select(sources, some);
    Tape tape({.record = false, .threads = options.threads});
    if (!symbols)
      append(all, say_vectors(model, tape, batch, lengths.subspan(at, some.size())), vectors);
    else
      append(all,
             packed(options.beam == 1 ? greedy(model, tape, batch, options)
                                      : beam_search(model, tape, batch, options)),
             vectors);
  }
  if (!symbols) all.vectors = joined(vectors, all.offsets.back(), model.outputs());
  return all;
}

}  // namespace AGATE_NAMESPACE::models
