#include "models/sequence/elements.hpp"

#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <cmath>

namespace AGATE_NAMESPACE::models {
namespace {

using data::Alphabet;
using data::Sequences;

// Row by row: elements of the sequences, or the mark.
class Marked {
 public:
  Marked(const Sequences& from, const Alphabet& alphabet, Index rows)
      : from_(from), alphabet_(alphabet) {
    if (!alphabet.has_symbols()) to_.vectors = Tensor::zeros({rows, marked_width(alphabet)});
  }
  void add_mark() {
    if (alphabet_.has_symbols())
      to_.symbols.push_back(static_cast<int>(alphabet_.symbols.size()));
    else
      to_.vectors.row(rows_)[alphabet_.width] = 1;
    ++rows_;
  }
  void add(Index element) {
    if (alphabet_.has_symbols())
      to_.symbols.push_back(from_.symbols[element]);
    else
      std::copy_n(from_.vectors.row(element), alphabet_.width, to_.vectors.row(rows_));
    ++rows_;
  }
  void end() { to_.offsets.push_back(rows_); }
  Sequences finish() && { return std::move(to_); }

 private:
  const Sequences& from_;
  const Alphabet& alphabet_;
  Sequences to_;
  Index rows_ = 0;
};

}  // namespace

Sequences with_end(const Sequences& sequences, const Alphabet& alphabet) {
  Marked marked(sequences, alphabet, sequences.offsets.back() + sequences.size());
  for (Index b = 0; b < sequences.size(); ++b) {
    for (Index e = sequences.offsets[b]; e < sequences.offsets[b + 1]; ++e) marked.add(e);
    marked.add_mark();
    marked.end();
  }
  return std::move(marked).finish();
}

Sequences shifted(const Sequences& targets, const Alphabet& alphabet) {
  Marked marked(targets, alphabet, targets.offsets.back());
  for (Index b = 0; b < targets.size(); ++b) {
    const Index begin = targets.offsets[b], end = targets.offsets[b + 1];
    const Index given = alphabet.has_symbols() ? end : end - 1;
    if (begin <= given) marked.add_mark();
    for (Index e = begin; e < given; ++e) marked.add(e);
    marked.end();
  }
  return std::move(marked).finish();
}

Sequences marks(Index rows, const Alphabet& alphabet) {
  const Sequences none;
  Marked marked(none, alphabet, rows);
  for (Index r = 0; r < rows; ++r) {
    marked.add_mark();
    marked.end();
  }
  return std::move(marked).finish();
}

Sequences as_input(const Sequences& elements, const Alphabet& alphabet) {
  const Index rows = elements.offsets.back();
  Marked marked(elements, alphabet, rows);
  for (Index r = 0; r < rows; ++r) {
    marked.add(r);
    marked.end();
  }
  return std::move(marked).finish();
}

ElementEmbedding::ElementEmbedding(const Alphabet& alphabet, Index channels, Random& random) {
  if (!alphabet.has_symbols()) {
    linear_.emplace(nn::LinearOptions{.in = marked_width(alphabet), .out = channels}, random);
    return;
  }
  table_ = {nn::standard_normal({std::ssize(alphabet.symbols) + 1, channels}, random)};
  for (Real& v : table_->value.values()) v /= std::sqrt(static_cast<Real>(channels));
}

Var ElementEmbedding::operator()(Tape& tape, const Sequences& marked) const {
  if (linear_) return (*linear_)(tape.constant(marked.vectors));
  return gather_rows(tape.parameter(*table_), {marked.symbols.begin(), marked.symbols.end()});
}

void ElementEmbedding::visit_parameters(const std::string& prefix,
                                        const nn::ParameterVisitor& visit) {
  if (linear_) return linear_->visit_parameters(prefix, visit);
  visit(prefix + "weight", *table_);
}

}  // namespace AGATE_NAMESPACE::models
