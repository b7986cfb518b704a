#include <agate/nn/recurrent/gru.hpp>
#include <agate/nn/recurrent/lstm.hpp>
#include <agate/tensor/gru_step.hpp>
#include <agate/tensor/rows.hpp>
#include <numeric>

#include "golden.hpp"

using namespace agate;

TEST_CASE("a step of LSTMCell, by hand") {
  Random random(1);
  nn::LSTMCell cell({.input_size = 1, .hidden_size = 1}, random);
  cell.weight_ih.value = Tensor::from({4, 1}, {1, 2, Real(0.5), -1});
  cell.weight_hh.value = Tensor::from({4, 1}, {Real(0.5), 0, 1, 2});
  cell.bias_ih->value = Tensor::from({4}, {0, Real(0.1), 0, Real(-0.2)});
  cell.bias_hh->value = Tensor::from({4}, {Real(0.3), 0, 0, 0});
  Tape tape;
  const Var x = tape.constant(Tensor::from({1, 1}, {2})),
            h = tape.constant(Tensor::full({1, 1}, 1)),
            c = tape.constant(Tensor::full({1, 1}, Real(-0.5)));
  const nn::LSTMState next = cell(x, {h, c});
  const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  const double expected = sigmoid(4.1) * -0.5 + sigmoid(2.8) * std::tanh(2.0);
  CHECK(double(next.c.value().item()) == Approx(expected).epsilon(1e-6));
  CHECK(double(next.h.value().item()) == Approx(sigmoid(-0.2) * std::tanh(expected)).epsilon(1e-6));
}

namespace {

// The rows j, j + count, ... for each j < count in turn: sequence after sequence becomes step after
// step, and back.
Var turned(const Var& rows, Index count) {
  std::vector<Index> order;
  for (Index j = 0; j < count; ++j)
    for (Index k = j; k < rows.rows(); k += count) order.push_back(k);
  return gather_rows(rows, order);
}

template <class Cell>
void check_golden(const std::string& name) {
  INFO(name);
  const Golden golden(name);
  Random random(1);
  nn::Recurrent<Cell> layers({.input_size = golden.args["input_size"],
                              .hidden_size = golden.args["hidden_size"],
                              .num_layers = golden.args["num_layers"],
                              .bidirectional = golden.args["bidirectional"]},
                             random);
  const Shape shape = golden.tensor("x").shape();
  const Index sequences = shape[0], steps = shape[1];
  check_layer(golden, layers, [&](const Var& x) {
    const Var by_step = turned(x, steps);
    std::vector<Var> xs;
    for (Index t = 0; t < steps; ++t) {
      std::vector<Index> rows(static_cast<std::size_t>(sequences));
      std::iota(rows.begin(), rows.end(), t * sequences);
      xs.push_back(gather_rows(by_step, rows));
    }
    return turned(concat_rows(layers(xs)), sequences);
  });
}

}  // namespace

TEST_CASE("LSTM and GRU agree with torch") {
  check_golden<nn::LSTMCell>("LSTM_uni");
  check_golden<nn::LSTMCell>("LSTM_bi");
  check_golden<nn::GRUCell>("GRU_uni");
  check_golden<nn::GRUCell>("GRU_bi");
}

TEST_CASE("a step of GRUCell, by hand") {
  Random random(1);
  nn::GRUCell cell({.input_size = 1, .hidden_size = 1}, random);
  cell.weight_ih.value = Tensor::from({3, 1}, {1, Real(0.5), -1});
  cell.weight_hh.value = Tensor::from({3, 1}, {Real(0.5), 1, 2});
  cell.bias_ih->value = Tensor::from({3}, {0, Real(0.1), Real(0.3)});
  cell.bias_hh->value = Tensor::from({3}, {Real(0.2), 0, Real(-0.4)});
  const auto step = [&] {
    Tape tape({.record = false});
    const Var x = tape.constant(Tensor::from({1, 1}, {2})),
              h = tape.constant(Tensor::full({1, 1}, Real(-0.5)));
    return double(cell(x, h).value().item());
  };
  const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  const double reset = sigmoid(2 - 0.25 + 0.2), update = sigmoid(1 - 0.5 + 0.1);
  const double candidate = std::tanh(-2 + 0.3 + reset * (-1 - 0.4));
  CHECK(step() == Approx((1 - update) * candidate - update * 0.5).epsilon(1e-6));
}

TEST_CASE("gates of GRUCell that are far out are 0 and 1") {
  Random random(1);
  nn::GRUCell cell({.input_size = 1, .hidden_size = 40}, random);
  for (const double far : {-1e4, -1000., -600., -300., -200., -150., 150., 200., 300., 600., 1e4}) {
    cell.weight_ih.value.fill(static_cast<Real>(far));
    Tape tape({.record = false});
    const Var x = tape.constant(Tensor::full({1, 1}, 1)),
              h = tape.constant(Tensor::full({1, 40}, Real(-0.5)));
    for (const Real v : cell(x, h).value().values()) CHECK(v == (far > 0 ? Real(-0.5) : Real(-1)));
  }
}

TEST_CASE("NaN passes through the gates of GRUCell in the rows that see it") {
  Random random(1);
  const nn::GRUCell cell({.input_size = 3, .hidden_size = 40}, random);
  Tape tape;
  Tensor x = Tensor::zeros({3, 3});
  x.row(1)[2] = std::nanf("");
  const Tensor y = cell(tape.constant(x), cell.zero_state(tape, 3)).value();
  for (Index i = 0; i < 3; ++i)
    for (Index c = 0; c < 40; ++c) CHECK(std::isnan(y.row(i)[c]) == (i == 1));
}

TEST_CASE("what an LSTM and a GRU cannot do is refused") {
  Random random(1);
  const nn::LSTM lstm({.input_size = 2, .hidden_size = 3}, random);
  const nn::LSTMCell cell({.input_size = 2, .hidden_size = 3}, random);
  Tape tape;
  const Var wide = tape.constant(Tensor::zeros({4, 3})), x = tape.constant(Tensor::zeros({4, 2})),
            short_x = tape.constant(Tensor::zeros({3, 2}));
  CHECK(refusal([&] { lstm({}); }).says("0 steps"));
  CHECK(refusal([&] { lstm({wide}); }).says("x has 3 columns, expected input_size = 2"));
  CHECK(refusal([&] { lstm({x, short_x}); }).says("a state of 4 x 3 for x of 3 rows"));
  CHECK(refusal([&] { cell(x, {wide, x}); }).says("a state of 4 x 2"));
  CHECK(refusal([&] {
          nn::LSTMCell({.input_size = 0, .hidden_size = 3}, random);
        }).says("input_size = 0"));
  CHECK(refusal([&] {
          nn::LSTM({.input_size = 1, .hidden_size = 1, .num_layers = 0}, random);
        }).says("LSTM: num_layers = 0"));
  const nn::GRU gru({.input_size = 2, .hidden_size = 3}, random);
  CHECK(refusal([&] { gru({}); }).says("GRU: 0 steps"));
  CHECK(refusal([&] { gru({wide}); }).says("GRUCell: x has 3 columns, expected input_size = 2"));
  const Var weight = tape.constant(Tensor::zeros({9, 3})), bias = tape.constant(Tensor::zeros({9}));
  CHECK(refusal([&] {
          gru_step(x, wide, {weight, weight});
        }).says("weights of 9 x 3 and 9 x 3 for x of 2 columns and a state of 4 x 3"));
  CHECK(refusal([&] { gru_step(short_x, wide, {weight, weight}); }).says("x of 3 rows"));
  CHECK(refusal([&] {
          gru_step(wide, wide, {weight, weight, bias, {}});
        }).says("one bias without the other"));
}
