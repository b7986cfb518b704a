#include <agate/nn/sequence/neural_turing_machine.hpp>
#include <agate/tensor/rows.hpp>

#include "golden.hpp"
#include "tensors.hpp"

using namespace agate;

namespace {

nn::NeuralTuringMachineOptions machine_options(const Golden& golden) {
  return {.input_size = golden.args["input_size"],
          .output_size = golden.args["output_size"],
          .controller_size = golden.args["controller_size"],
          .memory_rows = golden.args["memory_rows"],
          .memory_columns = golden.args["memory_columns"],
          .read_heads = golden.args["read_heads"],
          .write_heads = golden.args["write_heads"],
          .shifts = golden.args["shifts"],
          .memory = golden.args["learned"] ? nn::MemoryInit::learned : nn::MemoryInit::constant};
}

// Of each row, those that read and behind them those that write.
Tensor side_by_side(const nn::NtmAccess& access) {
  const Index n = access.read.shape()[0], reads = access.read.size() / n,
              writes = access.write.size() / n;
  Tensor both = Tensor::uninitialized({n, reads + writes});
  for (Index r = 0; r < n; ++r) {
    std::copy_n(access.read.data() + r * reads, reads, both.row(r));
    std::copy_n(access.write.data() + r * writes, writes, both.row(r) + reads);
  }
  return both;
}

}  // namespace

TEST_CASE("NeuralTuringMachine agrees with an implementation in torch, access included") {
  for (const std::string which : {"constant", "learned"}) {
    INFO(which);
    const Golden golden("NeuralTuringMachine_" + which);
    Random random(1);
    nn::NeuralTuringMachine machine(machine_options(golden), random);
    const auto offsets = golden.file.find("offsets")->as_indices("offsets");
    nn::NtmAccess access;
    check_layer(golden, machine, [&](const Var& x) { return machine(x, offsets, &access); });
    check_close(side_by_side(access), golden.tensor("weights"), "weights");
  }
}

TEST_CASE("NeuralTuringMachine has the parameters of the paper's copy task") {
  Random random(1);
  const nn::NeuralTuringMachine machine({.input_size = 9, .output_size = 8}, random);
  // LSTM of 9 + 20 inputs, 2 x 26 + 40 numbers for the heads, outputs from 100 + 20.
  const Index controller = 4 * 100 * (29 + 100 + 2), heads = 92 * 101, output = 8 * 121,
              first = 2 * 100 + 20 + 2 * 128;
  CHECK(machine.num_parameters() == controller + heads + output + first);
}

TEST_CASE("NeuralTuringMachine step by step gives what it gives at once, a shrinking batch too") {
  Random random(1);
  const nn::NeuralTuringMachine machine({.input_size = 3,
                                         .output_size = 2,
                                         .controller_size = 20,
                                         .memory_rows = 9,
                                         .memory_columns = 6,
                                         .read_heads = 2},
                                        random);
  Tape tape({.record = false});
  const Var x = tape.constant(random_rows(6, 3, random));
  const std::vector<Index> offsets{0, 1, 1, 4, 6};
  nn::NtmAccess all, now;
  const Tensor at_once = machine(x, offsets, &all).value();
  CHECK(all.read.shape() == Shape{6, 2, 9});
  CHECK(all.write.shape() == Shape{6, 1, 9});
  auto state = machine.start(tape, 4);
  for (const std::vector<Index>& rows : {std::vector<Index>{1, 4, 0}, {2, 5}, {3}}) {
    const Tensor y = machine.step(gather_rows(x, rows), state, &now).value();
    CHECK(state.memory.rows() == std::ssize(rows));
    check_close(y, select_rows(at_once, rows), "outputs");
    check_close(side_by_side(now), select_rows(side_by_side(all), rows), "weights");
  }
  const auto copies = machine.select(state, std::vector<Index>{0, 0});
  CHECK(copies.memory.rows() == 2);
  for (Index r = 0; r < 6; ++r)
    for (Index h = 0; h < 3; ++h) {
      double paid = 0;
      for (Index i = 0; i < 9; ++i) paid += double(side_by_side(all).row(r)[9 * h + i]);
      CHECK(paid == Approx(1));
    }
}

TEST_CASE("heads start at the first row of a memory of 1e-6, whatever its size") {
  for (const Index rows : {1, 2, 16, 128}) {
    Random random(1);
    const nn::NeuralTuringMachine machine(
        {.input_size = 3, .output_size = 2, .memory_rows = rows, .shifts = 1}, random);
    Tape tape;
    auto state = machine.start(tape, 2);
    for (const Real v : state.memory.value().values()) CHECK(v == Real(1e-6));
    for (Index r = 0; r < 2; ++r)
      for (Index h = 0; h < 2; ++h) {
        const Real paid = state.weights.value().row(r)[h * rows];
        CHECK(paid >= Real(0.8));
        CHECK((rows == 1 || paid <= Real(0.97)));
      }
    const Var y = machine.step(tape.constant(random_rows(2, 3, random)), state);
    for (const Real v : y.value().values()) CHECK(std::isfinite(v));
  }
}

TEST_CASE("NaN passes through NeuralTuringMachine in the sequences that see it") {
  Random random(1);
  const nn::NeuralTuringMachine machine(
      {.input_size = 3, .output_size = 2, .memory_rows = 9, .memory_columns = 6}, random);
  Tensor x = random_rows(6, 3, random);
  x.row(4)[1] = std::nanf("");
  Tape tape;
  const Tensor y = machine(tape.constant(x), std::vector<Index>{0, 3, 6}).value();
  for (Index r = 0; r < 6; ++r) CHECK(std::isnan(y.row(r)[0]) == (r >= 4));
}

TEST_CASE("heads that are told far out numbers still pay sums of 1") {
  const MemoryHeads heads{.rows = 5, .columns = 3};
  Random random(1);
  for (const Real far : {Real(30), Real(300), Real(1e4)}) {
    Tape tape;
    Tensor told = random_rows(2, heads.controls(), random), before = Tensor::zeros({2, 10});
    for (Real& v : told.values()) v *= far;
    for (Index b = 0; b < 2; ++b) before.row(b)[1] = before.row(b)[7] = 1;
    const Var controls = tape.variable(told),
              w = memory_address(controls, tape.constant(random_rows(2, 15, random)),
                                 tape.constant(before), heads);
    for (Index b = 0; b < 2; ++b)
      for (Index h = 0; h < 2; ++h) {
        double paid = 0;
        for (Index i = 0; i < 5; ++i) paid += double(w.value().row(b)[5 * h + i]);
        CHECK(paid == Approx(1));
      }
    tape.backward(w, random_rows(2, 10, random));
    for (const Real d : tape.gradient(controls).values()) CHECK(std::isfinite(d));
  }
}

TEST_CASE("what NeuralTuringMachine cannot do is refused") {
  Random random(1);
  const auto make = [&](nn::NeuralTuringMachineOptions o) {
    return nn::NeuralTuringMachine(o, random);
  };
  CHECK(refusal([&] { make({.input_size = 0, .output_size = 1}); }).says("input_size = 0"));
  CHECK(refusal([&] {
          make({.input_size = 1, .output_size = 1, .read_heads = 0});
        }).says("read_heads = 0"));
  CHECK(refusal([&] {
          make({.input_size = 1, .output_size = 1, .shifts = 2});
        }).says("shifts = 2, expected an odd number of at most memory_rows = 128"));
  CHECK(refusal([&] {
          make({.input_size = 1, .output_size = 1, .memory_rows = 2});
        }).says("shifts = 3"));
  const auto machine = make({.input_size = 2, .output_size = 1});
  Tape tape;
  const auto rows = [&](Index n, Index c) { return tape.constant(Tensor::zeros({n, c})); };
  auto state = machine.start(tape, 2);
  CHECK(refusal([&] {
          machine.step(rows(2, 3), state);
        }).says("NeuralTuringMachine: x has 3 columns, expected input_size = 2"));
  CHECK(refusal([&] { machine.step(rows(3, 2), state); }).says("3 rows for a state of 2"));
  CHECK(refusal([&] {
          machine(rows(3, 2), std::vector<Index>{0, 2});
        }).says("offsets from 0 to 2 for 3 rows"));
  CHECK(refusal([&] { machine.select(state, std::vector<Index>{2}); }).says("row 2 of 2"));
  const MemoryHeads heads{.rows = 4, .columns = 2};
  CHECK(refusal([&] {
          memory_read(rows(2, 8), rows(2, 7), heads);
        }).says("memory_read: weights of 2 x 7, expected 2 x 8"));
  CHECK(refusal([&] {
          memory_address(rows(2, 20), rows(3, 8), rows(3, 8), heads);
        }).says("memory_address: controls of 2 x 20, expected 3 x 20"));
  CHECK(refusal([&] {
          memory_write(rows(2, 8), rows(2, 8), rows(2, 20), {.rows = 4, .columns = 2, .shifts = 4});
        }).says("memory_write: 1 and 1 heads, 4 shifts for a memory of 4 x 2"));
}
