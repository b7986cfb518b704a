// Training a Transformer, and saying ever longer sequences with one.

#include <agate/nn/transformer/transformer.hpp>
#include <agate/train/optimizer.hpp>
#include <numeric>

#include "bench_passes.hpp"

namespace tool {
namespace {

using agate::Index;

constexpr Index sequence_channels = 256, sequence_heads = 8, feed_forward = 1024;

// 4 layers of encoder and decoder each over 16 pairs of 256 positions, then Adam.
struct TrainingState {
  static constexpr Index layers = 4, length = 256, pairs = 16;

  explicit TrainingState(int threads)
      : tape({.training = true, .threads = threads}),
        transformer({.layer = {.d_model = sequence_channels,
                               .nhead = sequence_heads,
                               .dim_feedforward = feed_forward},
                     .num_encoder_layers = layers,
                     .num_decoder_layers = layers},
                    random) {
    for (Index b = 0; b <= pairs; ++b) offsets.push_back(b * length);
    agate::train::ParameterGroup group{{}, 0};
    for (auto& [name, parameter] : transformer.parameters()) group.parameters.push_back(parameter);
    adam = agate::train::make_optimizer("adam", {group}, 0.001, 0);
  }

  void step() {
    const agate::Var y =
        transformer(tape.constant(source), offsets, tape.constant(target), offsets);
    tape.backward(agate::sum(y));
    adam->step(tape);
    tape.reset();
  }

  agate::Random random{1};
  agate::Tensor source = random_tensor({pairs * length, sequence_channels});
  agate::Tensor target = random_tensor({pairs * length, sequence_channels});
  std::vector<Index> offsets;
  agate::Tape tape;
  agate::nn::Transformer transformer;
  std::unique_ptr<agate::train::Optimizer> adam;
};

// 2 layers that say one sequence, looking at a source of 64 positions.
struct Sayer {
  Sayer(const std::string& attention, int threads)
      : tape({.record = false, .threads = threads}),
        decoder({.d_model = sequence_channels,
                 .nhead = sequence_heads,
                 .dim_feedforward = feed_forward,
                 .attention = attention},
                2, true, random) {}

  void say(Index length) {
    const std::vector<Index> offsets{0, memory.rows()};
    auto state = decoder.start(tape.constant(memory), offsets);
    agate::Var x = tape.constant(first);
    for (Index t = 0; t < length; ++t) {
      x = decoder.step(x, state);
      tape.reset();
    }
  }

  agate::Random random{1};
  agate::Tensor memory = random_tensor({64, sequence_channels}),
                first = random_tensor({1, sequence_channels});
  agate::Tape tape;
  agate::nn::TransformerDecoder decoder;
};

void add_saying(std::vector<BenchRow>& rows, const std::string& attention, const std::string& name,
                Index length) {
  rows.push_back({.name = "saying with " + name + ", " + std::to_string(length) + " positions",
                  .make =
                      [=](int threads) {
                        auto sayer = std::make_shared<Sayer>(attention, threads);
                        return Workload{[=] { sayer->say(length); }};
                      },
                  .series = name,
                  .length = length,
                  .from_scratch =
                      [=](int threads, const std::function<void()>& ready) {
                        Sayer sayer(attention, threads);
                        ready();
                        sayer.say(length);
                      }});
}

}  // namespace

std::vector<BenchRow> sequence_rows() {
  std::vector<BenchRow> rows{{"Transformer training step", [](int threads) {
                                auto state = std::make_shared<TrainingState>(threads);
                                return Workload{[state] { state->step(); }};
                              }}};
  // A position costs as much as there are before it: of 16k they take a minute.
  for (const Index length : {256, 1024, 4096}) add_saying(rows, "softmax", "softmax", length);
  for (const Index length : {256, 1024, 4096, 16384})
    add_saying(rows, "rfa", "random features", length);
  return rows;
}

}  // namespace tool
