#include <agate/nn/recurrent/gru.hpp>
#include <agate/nn/recurrent/lstm.hpp>
#include <agate/tensor/recurrent_steps.hpp>
#include <agate/tensor/rows.hpp>
#include <cstring>

#include "golden.hpp"

using namespace agate;

namespace {

std::vector<Var> parts_of(const Var& h) { return {h}; }
std::vector<Var> parts_of(const nn::LSTMState& state) { return {state.h, state.c}; }

// Outputs, then the last states part by part as torch has them, in one row.
template <class Cell>
Var all_of(const nn::Recurrent<Cell>& layers, const Var& x, std::span<const Index> offsets) {
  std::vector<typename Cell::State> last;
  const Var y = layers(x, offsets, &last);
  std::vector<Var> rows{reshape(y, {1, y.value().size()})};
  for (std::size_t k = 0; k < parts_of(last.front()).size(); ++k)
    for (const auto& state : last) {
      const Var part = parts_of(state)[k];
      rows.push_back(reshape(part, {1, part.value().size()}));
    }
  return concat(rows);
}

template <class Cell>
nn::Recurrent<Cell> layers_of(const Golden& golden) {
  Random random(1);
  return {{.input_size = golden.args["input_size"],
           .hidden_size = golden.args["hidden_size"],
           .num_layers = golden.args["num_layers"],
           .bidirectional = golden.args["bidirectional"]},
          random};
}

template <class Cell>
void check_packed(const std::string& name) {
  INFO(name);
  const Golden golden(name);
  auto layers = layers_of<Cell>(golden);
  const std::vector<Index> offsets = golden.file.find("offsets")->as_indices("offsets");
  check_layer(golden, layers, [&](const Var& x) { return all_of(layers, x, offsets); });
}

}  // namespace

TEST_CASE("LSTM and GRU over packed sequences agree with torch, outputs and last states") {
  check_packed<nn::LSTMCell>("LSTM_packed_uni");
  check_packed<nn::LSTMCell>("LSTM_packed_bi");
  check_packed<nn::GRUCell>("GRU_packed_uni");
  check_packed<nn::GRUCell>("GRU_packed_bi");
}

namespace {

template <class Cell>
void check_batch() {
  Random random(3);
  const nn::Recurrent<Cell> layers(
      {.input_size = 3, .hidden_size = 20, .num_layers = 2, .bidirectional = true}, random);
  const std::vector<Index> offsets{0, 0, 4, 5, 5, 12, 12};
  Tensor x = Tensor::uninitialized({12, 3});
  for (Real& v : x.values()) v = static_cast<Real>(random.normal());
  Tape tape({.record = false});
  std::vector<typename Cell::State> last, alone_last;
  const Tensor y = layers(tape.constant(x), offsets, &last).value();
  REQUIRE(last.size() == 4);
  for (std::size_t b = 0; b + 1 < offsets.size(); ++b) {
    const Index steps = offsets[b + 1] - offsets[b];
    const std::vector<Index> own{0, steps};
    std::vector<Index> rows;
    for (Index t = 0; t < steps; ++t) rows.push_back(offsets[b] + t);
    const Tensor alone = layers(tape.constant(select_rows(x, rows)), own, &alone_last).value();
    check_close(select_rows(y, rows), alone, "outputs of sequence " + std::to_string(b));
    for (std::size_t k = 0; k < last.size(); ++k)
      for (std::size_t part = 0; part < parts_of(last[k]).size(); ++part) {
        const Tensor in_batch = parts_of(last[k])[part].value();
        const Tensor by_itself = parts_of(alone_last[k])[part].value();
        for (Index c = 0; c < 20; ++c) {
          CHECK(in_batch.row(Index(b))[c] == Approx(by_itself.row(0)[c]).margin(1e-6));
          if (steps == 0) CHECK(in_batch.row(Index(b))[c] == 0);
        }
      }
  }
}

}  // namespace

TEST_CASE("a packed batch gives what each sequence alone gives, empty ones zeros") {
  check_batch<nn::LSTMCell>();
  check_batch<nn::GRUCell>();
}

TEST_CASE("a packed batch of equal lengths gives what the steps one by one give") {
  Random random(3);
  const nn::LSTM lstm({.input_size = 3, .hidden_size = 5, .num_layers = 2, .bidirectional = true},
                      random);
  Tensor x = Tensor::uninitialized({6, 3});
  for (Real& v : x.values()) v = static_cast<Real>(random.normal());
  Tape tape({.record = false});
  const Var rows = tape.constant(x);
  const Tensor packed = lstm(rows, std::vector<Index>{0, 3, 6}).value();
  const std::vector<Var> steps =
      lstm({gather_rows(rows, {0, 3}), gather_rows(rows, {1, 4}), gather_rows(rows, {2, 5})});
  const Tensor by_step = concat_rows(steps).value();
  check_close(select_rows(packed, std::vector<Index>{0, 3, 1, 4, 2, 5}), by_step, "outputs");
}

TEST_CASE("a batch without rows, and one without sequences, give none") {
  Random random(3);
  const nn::GRU gru({.input_size = 3, .hidden_size = 5, .bidirectional = true}, random);
  Tape tape;
  const Var nothing = tape.variable(Tensor::zeros({0, 3}));
  std::vector<Var> last;
  CHECK(gru(nothing, std::vector<Index>{0, 0, 0}, &last).shape() == Shape{0, 10});
  REQUIRE(last.size() == 2);
  CHECK(last[1].shape() == Shape{2, 5});
  CHECK(gru(nothing, std::vector<Index>{0}).shape() == Shape{0, 10});
}

TEST_CASE("what recurrent networks over packed sequences cannot do is refused") {
  Random random(1);
  const nn::LSTM lstm({.input_size = 2, .hidden_size = 3}, random);
  Tape tape;
  const Var x = tape.constant(Tensor::zeros({4, 2})), wide = tape.constant(Tensor::zeros({4, 3}));
  CHECK(refusal([&] {
          lstm(wide, std::vector<Index>{0, 4});
        }).says("LSTM: x has 3 columns, expected input_size = 2"));
  CHECK(refusal([&] {
          lstm(x, std::vector<Index>{0, 3});
        }).says("LSTM: offsets from 0 to 3 for 4 rows, expected 0 to 4"));
  CHECK(refusal([&] { lstm(x, std::vector<Index>{}); }).says("for 4 rows"));
  CHECK(refusal([&] {
          lstm(x, std::vector<Index>{0, 3, 2, 4});
        }).says("LSTM: offsets fall from 3 to 2 at sequence 1"));
  const Var h = tape.constant(Tensor::zeros({2, 3})), hh = tape.constant(Tensor::zeros({9, 3})),
            sums = tape.constant(Tensor::zeros({4, 9}));
  CHECK(refusal([&] {
          gru_steps(sums, h, std::vector<Index>{1, 3}, {hh});
        }).says("gru_steps: 3 rows in step 1, expected 1 to 1"));
  CHECK(refusal([&] {
          gru_steps(sums, h, std::vector<Index>{2, 1}, {hh});
        }).says("gru_steps: 4 rows for steps of 3"));
  CHECK(refusal([&] {
          lstm_steps(sums, h, h, std::vector<Index>{2, 2}, hh);
        }).says("lstm_steps: sums of 9 columns and weights of 9 x 3 for states of 2 x 3"));
  CHECK(refusal([&] {
          nn::GRUCell({.input_size = 2, .hidden_size = 4}, random)
              .unroll(x, h, std::vector<Index>{2, 2});
        }).says("GRUCell: a state of 2 x 3, expected hidden_size = 4 columns"));
}
