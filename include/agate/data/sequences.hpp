#pragma once
/// \file
/// Sequences, packed one after the other, and pairs of them: what is read and what is to be said.

#include <agate/tensor/tensor.hpp>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// What the elements of sequences are: symbols, or vectors of numbers.
struct Alphabet {
  std::vector<std::string> symbols{};  ///< how symbol 0, 1, ... reads
  Index width = 0;                     ///< of vectors, which there are in place of symbols; or 0
  bool words = false;                  ///< symbols are words with a space between, not characters

  bool has_symbols() const { return width == 0; }
  bool operator==(const Alphabet&) const = default;
};

/// Sequence b are the elements offsets[b] .. offsets[b + 1] - 1.
struct Sequences {
  std::vector<Index> offsets{0};
  std::vector<int> symbols{};  ///< one an element
  Tensor vectors{};            ///< or elements x width

  Index size() const { return static_cast<Index>(offsets.size()) - 1; }
  /// Elements of sequence b.
  Index length(Index b) const { return offsets[b + 1] - offsets[b]; }
  Index longest() const;
};

/// Source b and target b belong together.
struct SequencePairs {
  Sequences source{}, target{};

  Index size() const { return source.size(); }
};

/// Those named, in this order; one may be named more than once. Error(shape) for one that does not
/// exist.
Sequences select(const Sequences& sequences, std::span<const Index> which);
/// The same of pairs.
SequencePairs select(const SequencePairs& pairs, std::span<const Index> which);

/// The characters (code points of UTF-8) or words of a text. Error(format), which begins with
/// `place`, for bytes that are not UTF-8.
std::vector<std::string> split_text(const std::string& text, bool words, const std::string& place);

/// Sequence b of symbols as a text; vectors as numbers, those of an element side by side.
std::string decode(const Sequences& sequences, Index b, const Alphabet& alphabet);

}  // namespace AGATE_NAMESPACE::data
