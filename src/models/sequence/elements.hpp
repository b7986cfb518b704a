#pragma once
// Elements of sequences as rows that networks take: marks put between them, embeddings.

#include <agate/data/sequences.hpp>
#include <agate/nn/linear.hpp>
#include <optional>

namespace AGATE_NAMESPACE::models {

// Sequences whose symbols may be one more (the mark), or whose vectors have one more channel.
//
// Every sequence and the mark behind it.
data::Sequences with_end(const data::Sequences& sequences, const data::Alphabet& alphabet);
// What a decoder is given to say the targets: the mark and all elements (of vectors all but the
// last one).
data::Sequences shifted(const data::Sequences& targets, const data::Alphabet& alphabet);
// The mark alone, so many times.
data::Sequences marks(Index rows, const data::Alphabet& alphabet);
// One element for each row, as it goes in after it was said.
data::Sequences as_input(const data::Sequences& elements, const data::Alphabet& alphabet);

// Columns of an element, marked, without an embedding.
inline Index marked_width(const data::Alphabet& a) { return a.width + 1; }

// Of symbols a table, `weight` (symbols + 1, channels), which starts normal with deviation
// channels^-1/2; of vectors a Linear: `weight` (channels, width + 1), `bias`.
class ElementEmbedding : public nn::Module {
 public:
  ElementEmbedding(const data::Alphabet& alphabet, Index channels, Random& random);
  // `marked`: made by the functions above.
  Var operator()(Tape& tape, const data::Sequences& marked) const;
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override;

 private:
  std::optional<Parameter> table_;
  std::optional<nn::Linear> linear_;
};

}  // namespace AGATE_NAMESPACE::models
