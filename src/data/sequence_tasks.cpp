#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/core/random.hpp>
#include <agate/data/sequence_tasks.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::data {
namespace {

constexpr std::uint32_t task_stream = 0x5E90;
constexpr Index copy_bits = 8, most_repeats = 10;
constexpr Index item_rows = 3, item_bits = 6;

// Grows by rows.
struct Vectors {
  Index width;
  std::vector<Real> numbers{};
  std::vector<Index> offsets{0};

  Real* add_row() {
    numbers.resize(numbers.size() + static_cast<std::size_t>(width));
    return numbers.data() + numbers.size() - width;
  }
  // The first `bits` of another's row.
  void add_copy(const Vectors& from, Index row, Index bits) {
    Real* to = add_row();
    std::copy_n(from.numbers.data() + row * from.width, bits, to);
  }
  Index rows() const { return std::ssize(numbers) / width; }
  void end() { offsets.push_back(rows()); }
  Sequences finish() && {
    Sequences s{.offsets = std::move(offsets)};
    s.vectors = Tensor::uninitialized({rows(), width});
    std::ranges::copy(numbers, s.vectors.data());
    return s;
  }
};

void add_bits(Vectors& to, Index rows, Index bits, Random& random) {
  for (Index i = 0; i < rows; ++i) {
    Real* row = to.add_row();
    for (Index c = 0; c < bits; ++c) row[c] = static_cast<Real>(random.below(2));
  }
}

void copy(Vectors& source, Vectors& target, Index size, Random& random) {
  const Index first = source.rows();
  add_bits(source, size, copy_bits, random);
  for (Index i = 0; i < size; ++i) target.add_copy(source, first + i, copy_bits);
}

void repeat_copy(Vectors& source, Vectors& target, Index size, Random& random) {
  const Index first = source.rows();
  add_bits(source, size, copy_bits, random);
  const auto repeats = static_cast<Index>(1 + random.below(most_repeats));
  source.add_row()[copy_bits] = static_cast<Real>(repeats) / most_repeats;
  for (Index r = 0; r < repeats; ++r)
    for (Index i = 0; i < size; ++i) target.add_copy(source, first + i, copy_bits);
}

void associative_recall(Vectors& source, Vectors& target, Index size, Random& random) {
  const Index first = source.rows(), step = item_rows + 1;
  for (Index item = 0; item < size; ++item) {
    source.add_row()[item_bits] = 1;
    add_bits(source, item_rows, item_bits, random);
  }
  const auto asked = static_cast<Index>(random.below(static_cast<std::uint64_t>(size - 1)));
  source.add_row()[item_bits + 1] = 1;
  for (Index i = 0; i < item_rows; ++i) {
    source.add_copy(source, first + asked * step + 1 + i, item_bits);
    target.add_copy(source, first + (asked + 1) * step + 1 + i, item_bits);
  }
}

using MakeVectors = void(Vectors&, Vectors&, Index, Random&);

SequencePairs drawn_letters(const SequenceTask& task, std::span<const Index> sizes,
                            Random& random) {
  SequencePairs pairs;
  const auto symbols = task.source.symbols.size();
  for (const Index size : sizes) {
    std::vector<int> drawn(static_cast<std::size_t>(size));
    for (int& symbol : drawn) symbol = static_cast<int>(random.below(symbols));
    auto add = [&](Sequences& to) {
      to.symbols.insert(to.symbols.end(), drawn.begin(), drawn.end());
      to.offsets.push_back(std::ssize(to.symbols));
    };
    add(pairs.source);
    if (task.name == "sort")
      std::ranges::sort(drawn);
    else
      std::ranges::reverse(drawn);
    add(pairs.target);
  }
  return pairs;
}

Alphabet letters() {
  Alphabet alphabet;
  for (char c = 'a'; c <= 'z'; ++c) alphabet.symbols.emplace_back(1, c);
  return alphabet;
}

Alphabet vectors(Index width) { return {.width = width}; }

}  // namespace

const std::vector<SequenceTask>& sequence_tasks() {
  static const std::vector<SequenceTask> all{
      {"copy", "vectors of 8 bits; the same again", vectors(copy_bits), vectors(copy_bits), 1, 20},
      {"repeat_copy", "vectors of 8 bits and a number; the vectors so many times",
       vectors(copy_bits + 1), vectors(copy_bits), 1, 10},
      {"associative_recall", "items of 3 x 6 bits and one of them; the item that came after it",
       vectors(item_bits + 2), vectors(item_bits), 2, 6},
      {"reverse", "letters; the same from the end", letters(), letters(), 1, 20},
      {"sort", "letters; the same in the order of the alphabet", letters(), letters(), 1, 20},
  };
  return all;
}

const SequenceTask& sequence_task(const std::string& name) {
  std::vector<std::string> known;
  for (const SequenceTask& task : sequence_tasks()) {
    if (task.name == name) return task;
    known.push_back(task.name);
  }
  fail(ErrorCode::not_found, "there is no task on sequences \"", name, "\"",
       suggestion(name, known));
}

SequencePairs make_pairs(const SequenceTask& task, Index least, Index most, Index count,
                         std::uint64_t seed) {
  const Index smallest = task.name == "associative_recall" ? 2 : 1;
  constexpr Index largest = 10'000;
  check(least >= smallest && least <= most && most <= largest, ErrorCode::value, task.name,
        ": sizes ", least, " to ", most, ", expected from ", smallest, " to ", largest);
  check(count >= 0, ErrorCode::value, task.name, ": ", count, " pairs asked for");
  Random random(seed, task_stream);
  std::vector<Index> sizes(static_cast<std::size_t>(count));
  for (Index& size : sizes)
    size = least + static_cast<Index>(random.below(static_cast<std::uint64_t>(most - least + 1)));
  if (task.source.has_symbols()) return drawn_letters(task, sizes, random);
  MakeVectors* make = task.name == "copy"          ? copy
                      : task.name == "repeat_copy" ? repeat_copy
                                                   : associative_recall;
  Vectors source{task.source.width}, target{task.target.width};
  for (const Index size : sizes) {
    make(source, target, size, random);
    source.end();
    target.end();
  }
  return {std::move(source).finish(), std::move(target).finish()};
}

}  // namespace AGATE_NAMESPACE::data
