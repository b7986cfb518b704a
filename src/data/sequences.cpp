#include <agate/core/error.hpp>
#include <agate/core/options.hpp>
#include <agate/data/sequences.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <sstream>

namespace AGATE_NAMESPACE::data {
namespace {

// How many bytes the character has that begins with this one; 0 where none begins so.
std::size_t bytes_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

std::vector<std::string> characters(const std::string& text, const std::string& place) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = bytes_of(static_cast<unsigned char>(text[at]));
    bool whole = bytes > 0 && at + bytes <= text.size();
    for (std::size_t k = 1; whole && k < bytes; ++k)
      whole = (static_cast<unsigned char>(text[at + k]) & 0xC0) == 0x80;
    check(whole, ErrorCode::format, place, ": byte ", at + 1, " of the text is not UTF-8");
    all.push_back(text.substr(at, bytes));
    at += bytes;
  }
  return all;
}

}  // namespace

Index Sequences::longest() const {
  Index most = 0;
  for (Index b = 0; b < size(); ++b) most = std::max(most, length(b));
  return most;
}

Sequences select(const Sequences& sequences, std::span<const Index> which) {
  Sequences out;
  std::vector<Index> rows;
  for (const Index b : which) {
    check(b >= 0 && b < sequences.size(), ErrorCode::shape, "select: sequence ", b, " of ",
          sequences.size());
    for (Index e = sequences.offsets[b]; e < sequences.offsets[b + 1]; ++e) rows.push_back(e);
    out.offsets.push_back(std::ssize(rows));
  }
  if (!sequences.vectors.empty()) {
    out.vectors = select_rows(sequences.vectors, rows);
  } else {
    for (const Index e : rows) out.symbols.push_back(sequences.symbols[e]);
  }
  return out;
}

SequencePairs select(const SequencePairs& pairs, std::span<const Index> which) {
  return {select(pairs.source, which), select(pairs.target, which)};
}

std::vector<std::string> split_text(const std::string& text, bool words, const std::string& place) {
  std::vector<std::string> all = characters(text, place);
  if (!words) return all;
  all.clear();
  std::istringstream stream(text);
  for (std::string word; stream >> word;) all.push_back(word);
  return all;
}

std::string decode(const Sequences& sequences, Index b, const Alphabet& alphabet) {
  std::string text;
  for (Index e = sequences.offsets[b]; e < sequences.offsets[b + 1]; ++e) {
    const bool first = e == sequences.offsets[b];
    if (!first && (alphabet.words || !alphabet.has_symbols())) text += ' ';
    if (alphabet.has_symbols()) {
      text += alphabet.symbols[static_cast<std::size_t>(sequences.symbols[e])];
      continue;
    }
    bool bits = true;
    for (Index c = 0; c < alphabet.width; ++c)
      bits = bits && (sequences.vectors.row(e)[c] == 0 || sequences.vectors.row(e)[c] == 1);
    for (Index c = 0; c < alphabet.width; ++c)
      text += (bits || c == 0 ? "" : ",") + option_text(sequences.vectors.row(e)[c]);
  }
  return text;
}

}  // namespace AGATE_NAMESPACE::data
