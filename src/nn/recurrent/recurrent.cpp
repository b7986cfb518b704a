#include <agate/core/error.hpp>
#include <agate/nn/recurrent/gru.hpp>
#include <agate/nn/recurrent/lstm.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <type_traits>

#include "nn/recurrent/packed_steps.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

template <class Cell>
constexpr const char* recurrent_name = std::is_same_v<Cell, GRUCell> ? "GRU" : "LSTM";

template <class Cell>
std::vector<Var> run(const Cell& cell, const std::vector<Var>& steps) {
  typename Cell::State state = cell.zero_state(steps.front().tape(), steps.front().rows());
  std::vector<Var> outputs;
  for (const Var& x : steps) {
    state = cell(x, state);
    outputs.push_back(Cell::output(state));
  }
  return outputs;
}

std::vector<Var> reversed(std::vector<Var> steps) {
  std::reverse(steps.begin(), steps.end());
  return steps;
}

// The rows named, -1 being a row of zeros.
Var rows_or_zeros(const Var& x, std::vector<Index> rows) {
  if (std::find(rows.begin(), rows.end(), -1) == rows.end()) return gather_rows(x, rows);
  std::replace(rows.begin(), rows.end(), Index(-1), x.rows());
  const Var zeros = x.tape().constant(Tensor::zeros({1, x.cols()}, &x.tape().pool()));
  return gather_rows(concat_rows({x, zeros}), rows);
}

Var rows_of_state(const Var& state, const std::vector<Index>& rows) {
  return rows_or_zeros(state, rows);
}

LSTMState rows_of_state(const LSTMState& state, const std::vector<Index>& rows) {
  return {rows_or_zeros(state.h, rows), rows_or_zeros(state.c, rows)};
}

}  // namespace

template <class Cell>
Recurrent<Cell>::Recurrent(const RecurrentOptions& o, Random& random) : options_(o) {
  check(o.num_layers >= 1, ErrorCode::value, recurrent_name<Cell>, ": num_layers = ", o.num_layers,
        ", expected at least 1");
  for (Index l = 0; l < o.num_layers; ++l)
    for (int d = 0; d < (o.bidirectional ? 2 : 1); ++d)
      cells_.emplace_back(RecurrentCellOptions{.input_size = l == 0 ? o.input_size : out_channels(),
                                               .hidden_size = o.hidden_size,
                                               .bias = o.bias},
                          random);
}

template <class Cell>
std::vector<Var> Recurrent<Cell>::operator()(const std::vector<Var>& steps) const {
  check(!steps.empty(), ErrorCode::value, recurrent_name<Cell>, ": 0 steps, expected at least 1");
  std::vector<Var> h = steps;
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    std::vector<Var> forward = run(cells_[k], h);
    if (options_.bidirectional) {
      const std::vector<Var> backward = reversed(run(cells_[++k], reversed(h)));
      for (std::size_t t = 0; t < h.size(); ++t) forward[t] = concat({forward[t], backward[t]});
    }
    h = std::move(forward);
  }
  return h;
}

template <class Cell>
Var Recurrent<Cell>::operator()(const Var& x, std::span<const Index> offsets,
                                std::vector<State>* last) const {
  check(x.cols() == options_.input_size, ErrorCode::shape, recurrent_name<Cell>, ": x has ",
        x.cols(), " columns, expected input_size = ", options_.input_size);
  const PackedSteps steps(recurrent_name<Cell>, offsets, x.rows());
  const auto sequences = static_cast<Index>(steps.order.size());
  if (last) last->clear();
  Var h = x;
  for (std::size_t k = 0; k < cells_.size();) {
    std::vector<Var> directions;
    for (const bool from_the_end : {false, true}) {
      if (from_the_end && !options_.bidirectional) break;
      const Cell& cell = cells_[k++];
      const State states = cell.unroll(gather_rows(h, steps.rows(from_the_end)),
                                       cell.zero_state(x.tape(), sequences), steps.counts);
      if (last) last->push_back(rows_of_state(states, steps.last_places()));
      directions.push_back(gather_rows(Cell::output(states), steps.places(from_the_end)));
    }
    h = directions.size() == 1 ? directions.front() : concat(directions);
  }
  return h;
}

template <class Cell>
void Recurrent<Cell>::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  const std::size_t directions = options_.bidirectional ? 2 : 1;
  for (std::size_t k = 0; k < cells_.size(); ++k)
    cells_[k].visit_parameters(
        prefix, "_l" + std::to_string(k / directions) + (k % directions ? "_reverse" : ""), visit);
}

template class Recurrent<GRUCell>;
template class Recurrent<LSTMCell>;

}  // namespace AGATE_NAMESPACE::nn
