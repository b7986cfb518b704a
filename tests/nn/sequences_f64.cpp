#include <agate/nn/recurrent/gru.hpp>
#include <agate/nn/recurrent/lstm.hpp>
#include <agate/nn/sequence/neural_turing_machine.hpp>
#include <agate/nn/sequence/recurrent_decoder.hpp>
#include <agate/tensor/rows.hpp>

#include "nn/layer_gradients.hpp"
#include "nn/layer_with_inputs.hpp"

using namespace agate;

namespace {

// The outputs beside what each sequence ends with.
template <class Cell>
void check_packed(const std::string& name, bool bias) {
  Random random(4);
  nn::Recurrent<Cell> layers(
      {.input_size = 3, .hidden_size = 4, .num_layers = 2, .bias = bias, .bidirectional = true},
      random);
  LayerWithInputs with(layers, {table::example({9, 3}, 1)});
  const std::vector<Index> offsets{0, 2, 2, 7, 8, 9};
  check_gradients(name, with, [&](Tape& tape) {
    std::vector<typename Cell::State> last;
    std::vector<Var> all{layers(with.input(tape, 0), offsets, &last)};
    all[0] = reshape(all[0], {1, all[0].value().size()});
    for (const auto& state : last)
      all.push_back(reshape(Cell::output(state), {1, Cell::output(state).value().size()}));
    return concat(all);
  });
}

}  // namespace

TEST_CASE("gradients of recurrent networks over packed sequences agree with central differences") {
  for (const bool bias : {false, true}) {
    check_packed<nn::GRUCell>("GRU", bias);
    check_packed<nn::LSTMCell>("LSTM", bias);
  }
}

TEST_CASE("gradients of recurrent decoders agree with central differences") {
  using enum nn::DecoderAttention;
  for (const auto attention : {none, additive, dot, general, concat})
    for (const bool feeding : {false, true}) {
      if (feeding && (attention == none || attention == additive)) continue;
      Random random(4);
      nn::RecurrentDecoder decoder({.input_size = 3,
                                    .hidden_size = 4,
                                    .memory_size = 4,
                                    .attention = attention,
                                    .input_feeding = feeding,
                                    .attention_size = 5,
                                    .dropout = Real(0.3)},
                                   random);
      // Sequence 1 has no source, sequence 2 no target.
      const std::vector<Index> sources{0, 3, 3, 5}, targets{0, 2, 5, 5};
      LayerWithInputs with(decoder, {table::example({5, 3}, 1), table::example({3, 4}, 3)}),
          with_encodings(with, {table::example({5, 4}, 2)});
      check_gradients("RecurrentDecoder, " + nn::decoder_attention_names()[std::size_t(attention)] +
                          (feeding ? ", input feeding" : ""),
                      attention == none ? with : with_encodings, [&](Tape& tape) {
                        const auto memory =
                            decoder.remember(with_encodings.input(tape, 0), sources);
                        return decoder(with.input(tape, 0), targets, memory, with.input(tape, 1));
                      });
    }
}

TEST_CASE("gradients of Neural Turing Machines agree with central differences") {
  for (const Index heads : {1, 2}) {
    Random random(4);
    // A memory that starts at 1e-6 is bent too sharply for differences: see the golden values.
    nn::NeuralTuringMachine machine({.input_size = 3,
                                     .output_size = 2,
                                     .controller_size = 5,
                                     .memory_rows = 6,
                                     .memory_columns = 4,
                                     .read_heads = heads,
                                     .write_heads = 3 - heads,
                                     .memory = nn::MemoryInit::learned},
                                    random);
    LayerWithInputs with(machine, {table::example({7, 3}, 1)});
    const std::vector<Index> offsets{0, 2, 2, 6, 7};
    check_gradients("NeuralTuringMachine", with,
                    [&](Tape& tape) { return machine(with.input(tape, 0), offsets); });
  }
}
