#include <agate/core/error.hpp>
#include <agate/nn/recurrent/gru.hpp>
#include <agate/nn/recurrent/lstm.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <type_traits>

namespace AGATE_NAMESPACE::nn {
namespace {

template <class Cell>
constexpr const char* name = std::is_same_v<Cell, GRUCell> ? "GRU" : "LSTM";

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

}  // namespace

template <class Cell>
Recurrent<Cell>::Recurrent(const RecurrentOptions& o, Random& random) : options_(o) {
  check(o.num_layers >= 1, ErrorCode::value, name<Cell>, ": num_layers = ", o.num_layers,
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
  check(!steps.empty(), ErrorCode::value, name<Cell>, ": 0 steps, expected at least 1");
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
void Recurrent<Cell>::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  const std::size_t directions = options_.bidirectional ? 2 : 1;
  for (std::size_t k = 0; k < cells_.size(); ++k)
    cells_[k].visit_parameters(
        prefix, "_l" + std::to_string(k / directions) + (k % directions ? "_reverse" : ""), visit);
}

template class Recurrent<GRUCell>;
template class Recurrent<LSTMCell>;

}  // namespace AGATE_NAMESPACE::nn
