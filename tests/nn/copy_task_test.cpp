// The copy task of Graves, Wayne, Danihelka 2014 at their size: a Neural Turing Machine learns to
// repeat sequences of 1 to 20 random vectors of 8 bits, and then repeats longer ones.

#include <agate/nn/sequence/neural_turing_machine.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/optimizer.hpp>

#include "catch.hpp"

using namespace agate;

namespace {

constexpr Index vector_width = 8;

// Each sequence is its bits, a mark in one more column, and as many steps to answer in.
struct Copies {
  Copies(Index count, Index shortest, Index longest, Random& random) : offsets{0} {
    std::vector<Index> lengths;
    for (Index b = 0; b < count; ++b) {
      lengths.push_back(shortest + static_cast<Index>(random.below(
                                       static_cast<std::uint64_t>(longest - shortest + 1))));
      offsets.push_back(offsets.back() + 2 * lengths.back() + 1);
    }
    x = Tensor::zeros({offsets.back(), vector_width + 1});
    bits = Tensor::zeros({offsets.back(), vector_width});
    for (std::size_t b = 0; b < lengths.size(); ++b) {
      const Index first = offsets[b], length = lengths[b];
      x.row(first + length)[vector_width] = 1;
      for (Index t = 0; t < length; ++t) {
        answers.push_back(first + length + 1 + t);
        for (Index k = 0; k < vector_width; ++k)
          x.row(first + t)[k] = bits.row(answers.back())[k] = Real(random.uniform() < 0.5);
      }
    }
  }

  // Wrong bits for each sequence.
  double errors(const nn::NeuralTuringMachine& machine) const {
    Tape tape({.record = false});
    const Tensor said = machine(tape.constant(x), offsets).value();
    Index wrong = 0;
    for (const Index i : answers)
      for (Index k = 0; k < vector_width; ++k)
        wrong += (said.row(i)[k] > 0) != (bits.row(i)[k] > 0);
    return double(wrong) / double(offsets.size() - 1);
  }

  std::vector<Index> offsets, answers;
  Tensor x, bits;
};

}  // namespace

TEST_CASE("a Neural Turing Machine learns to copy, and copies more than it has seen") {
  Random start(1), stream(2), unseen(3);
  nn::NeuralTuringMachine machine({.input_size = vector_width + 1, .output_size = vector_width},
                                  start);
  std::vector<Parameter*> parameters;
  for (auto& [name, parameter] : machine.parameters()) parameters.push_back(parameter);
  train::Adam adam({{parameters, 0}}, {.lr = 3e-3});
  adam.set_clip_norm(0.5);
  const Copies seen_lengths(100, 1, 20, unseen), longer(20, 50, 50, unseen);
  CHECK(seen_lengths.errors(machine) > 30);

  Tape tape({.training = true});
  Index sequences = 0;
  for (; sequences < 10000; sequences += 4) {
    if (sequences % 500 == 0 && seen_lengths.errors(machine) < 0.1 && longer.errors(machine) < 1)
      break;
    const Copies batch(4, 1, 20, stream);
    const Var loss = binary_cross_entropy_with_logits(
        machine(tape.constant(batch.x), batch.offsets), batch.bits, batch.answers);
    tape.backward(loss);
    adam.step(tape);
    tape.reset();
  }
  INFO("after " << sequences << " sequences");
  // The papers need 20,000 to 30,000.
  CHECK(seen_lengths.errors(machine) < 0.1);
  CHECK(longer.errors(machine) < 1);
}
