#include <agate/core/error.hpp>
#include <agate/nn/sequence/neural_turing_machine.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/rows.hpp>
#include <agate/tensor/softmax.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "nn/attention/attend_pairs.hpp"
#include "nn/recurrent/packed_steps.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* neural_turing_machine = "NeuralTuringMachine";

NeuralTuringMachineOptions checked(NeuralTuringMachineOptions o) {
  check(o.input_size >= 1 && o.output_size >= 1 && o.controller_size >= 1 && o.memory_rows >= 1 &&
            o.memory_columns >= 1 && o.read_heads >= 1 && o.write_heads >= 1,
        ErrorCode::value, neural_turing_machine, ": input_size = ", o.input_size,
        ", output_size = ", o.output_size, ", controller_size = ", o.controller_size,
        ", memory_rows = ", o.memory_rows, ", memory_columns = ", o.memory_columns,
        ", read_heads = ", o.read_heads, ", write_heads = ", o.write_heads,
        ", expected at least 1");
  check(o.shifts >= 1 && o.shifts % 2 == 1 && o.shifts <= o.memory_rows, ErrorCode::value,
        neural_turing_machine, ": shifts = ", o.shifts,
        ", expected an odd number of at most memory_rows = ", o.memory_rows);
  return o;
}

std::vector<Index> first(Index count) {
  std::vector<Index> rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

// Heads that start spread over all rows stay so however they shift, and must find a row by content
// first. These start with 0.9 of their weight on the first row, and a little noise.
Tensor first_rows_of_heads(const MemoryHeads& heads, Random& random) {
  Tensor weights = kaiming_uniform({heads.all(), heads.rows}, heads.rows, random);
  if (heads.rows == 1) return weights;
  for (Index h = 0; h < heads.all(); ++h)
    weights.row(h)[0] += static_cast<Real>(std::log(9.0 * static_cast<double>(heads.rows - 1)));
  return weights;
}

// One row for all sequences.
Var for_all(const Var& x, Index sequences) {
  const Var row = reshape(x, {1, x.value().size()});
  return gather_rows(row, std::vector<Index>(static_cast<std::size_t>(sequences)));
}

// The columns of a tensor from `begin` on, as {rows, heads, width}.
Tensor of_heads(const Tensor& x, Index begin, Index heads, Index width) {
  Tensor part = Tensor::uninitialized({x.rows(), heads, width});
  for (Index r = 0; r < x.rows(); ++r)
    std::copy_n(x.row(r) + begin, heads * width, part.data() + r * heads * width);
  return part;
}

}  // namespace

NeuralTuringMachine::NeuralTuringMachine(const NeuralTuringMachineOptions& options, Random& random)
    : options_(checked(options)),
      layout_{.rows = options_.memory_rows,
              .columns = options_.memory_columns,
              .shifts = options_.shifts,
              .read = options_.read_heads,
              .write = options_.write_heads},
      controller_({.input_size = options_.input_size + layout_.read * layout_.columns,
                   .hidden_size = options_.controller_size},
                  random),
      heads_(
          {.in = options_.controller_size, .out = layout_.controls(), .init = WeightInit::glorot},
          random),
      output_({.in = options_.controller_size + layout_.read * layout_.columns,
               .out = options_.output_size,
               .init = WeightInit::glorot},
              random),
      h0_{kaiming_uniform({options_.controller_size}, options_.controller_size, random)},
      c0_{kaiming_uniform({options_.controller_size}, options_.controller_size, random)},
      read0_{kaiming_uniform({layout_.read, layout_.columns}, layout_.columns, random)},
      weights0_{first_rows_of_heads(layout_, random)} {
  if (options_.memory == MemoryInit::learned)
    memory_ = Parameter{
        kaiming_uniform({layout_.rows, layout_.columns}, layout_.rows + layout_.columns, random)};
}

NeuralTuringMachine::State NeuralTuringMachine::start(Tape& tape, Index sequences) const {
  check(sequences >= 0, ErrorCode::value, neural_turing_machine, ": ", sequences, " sequences");
  const Index cells = layout_.rows * layout_.columns;
  return {{for_all(tape.parameter(h0_), sequences), for_all(tape.parameter(c0_), sequences)},
          memory_ ? for_all(tanh(tape.parameter(*memory_)), sequences)
                  : tape.constant(Tensor::full({sequences, cells}, Real(1e-6), &tape.pool())),
          for_all(softmax(tape.parameter(weights0_)), sequences),
          for_all(tanh(tape.parameter(read0_)), sequences)};
}

Var NeuralTuringMachine::step(const Var& x, State& state, NtmAccess* access) const {
  check_columns(neural_turing_machine, "x", x, "input_size", options_.input_size);
  const Index rows = x.rows();
  check(rows <= state.memory.rows(), ErrorCode::shape, neural_turing_machine, ": x has ", rows,
        " rows for a state of ", state.memory.rows());
  if (rows < state.memory.rows()) state = select(state, first(rows));
  state.controller = controller_(concat({x, state.read}), state.controller);
  const Var& h = state.controller.h;
  const Var controls = heads_(h);
  state.weights = memory_address(controls, state.memory, state.weights, layout_);
  state.read = memory_read(state.memory, state.weights, layout_);
  state.memory = memory_write(state.memory, state.weights, controls, layout_);
  if (access) {
    const Tensor& w = state.weights.value();
    access->read = of_heads(w, 0, layout_.read, layout_.rows);
    access->write = of_heads(w, layout_.read * layout_.rows, layout_.write, layout_.rows);
  }
  return output_(concat({h, state.read}));
}

Var NeuralTuringMachine::operator()(const Var& x, std::span<const Index> offsets,
                                    NtmAccess* access) const {
  check_columns(neural_turing_machine, "x", x, "input_size", options_.input_size);
  const PackedSteps steps(neural_turing_machine, offsets, x.rows());
  Tape& tape = x.tape();
  if (access)
    *access = {Tensor::zeros({x.rows(), layout_.read, layout_.rows}),
               Tensor::zeros({x.rows(), layout_.write, layout_.rows})};
  if (x.rows() == 0) return tape.constant(Tensor::zeros({0, options_.output_size}));
  State state = start(tape, std::ssize(steps.order));
  std::vector<Var> outputs;
  const std::vector<Index> from = steps.rows();
  auto row = from.begin();
  for (const Index count : steps.counts) {
    const std::vector<Index> rows(row, row + count);
    row += count;
    NtmAccess now;
    outputs.push_back(step(gather_rows(x, rows), state, access ? &now : nullptr));
    for (std::size_t r = 0; access && r < rows.size(); ++r)
      for (auto [to, of] : {std::pair(&access->read, &now.read), {&access->write, &now.write}}) {
        const Index width = of->size() / count;
        std::copy_n(of->data() + static_cast<Index>(r) * width, width,
                    to->data() + rows[r] * width);
      }
  }
  return gather_rows(concat_rows(outputs), steps.places());
}

NeuralTuringMachine::State NeuralTuringMachine::select(const State& state,
                                                       std::span<const Index> rows) const {
  const auto of = [&](const Var& x) {
    return gather_rows(x, std::vector<Index>(rows.begin(), rows.end()));
  };
  return {{of(state.controller.h), of(state.controller.c)},
          of(state.memory),
          of(state.weights),
          of(state.read)};
}

void NeuralTuringMachine::visit_parameters(const std::string& prefix,
                                           const ParameterVisitor& visit) {
  controller_.RecurrentCell::visit_parameters(prefix + "controller.", visit);
  heads_.visit_parameters(prefix + "heads.", visit);
  output_.visit_parameters(prefix + "output.", visit);
  visit(prefix + "h0", h0_);
  visit(prefix + "c0", c0_);
  visit(prefix + "read0", read0_);
  visit(prefix + "weights0", weights0_);
  if (memory_) visit(prefix + "memory", *memory_);
}

}  // namespace AGATE_NAMESPACE::nn
