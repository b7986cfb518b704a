#include <agate/nn/recurrent/gru.hpp>
#include <agate/nn/recurrent/lstm.hpp>
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
