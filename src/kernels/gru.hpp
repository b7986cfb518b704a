#pragma once
// The gates of a gated recurrent unit, row by row; see tensor/gru_step.hpp.

#include <agate/core/config.hpp>

namespace AGATE_NAMESPACE::kernels {

struct GRURows {
  Index rows, hidden;
  // rows x 4 hidden: of the sums before the gates, or of the gates, reset, update, candidate and
  // what the state brings to the candidate.
  Real* gates;
  const Real* h;  // rows x hidden, or states x hidden
  // Where rows share states: that of each row, and what each state brings to the sums of reset,
  // update and candidate (states x 3 hidden), which are not in `gates` then. Null otherwise.
  const Index* state = nullptr;
  const Real* brought = nullptr;

  Index state_of(Index i) const { return state ? state[i] : i; }
};

// The sums in `gates`, to which `bias` (4 hidden) is added, become gates: reset and update of
// sigmoid, candidate of tanh. y (rows x hidden): the next state.
void gru_gates(const GRURows& rows, const Real* bias, Real* y);

// The gates become the gradients of the sums, whose sums over the rows are added to d_bias (4
// hidden); dh (rows x hidden): that of h for itself. dy may not overlap with it.
void gru_gates_backward(const GRURows& rows, const Real* dy, Real* dh, Real* d_bias);

namespace scalar {
void gru_gates(const GRURows& rows, const Real* bias, Real* y);
void gru_gates_backward(const GRURows& rows, const Real* dy, Real* dh, Real* d_bias);
}  // namespace scalar
namespace vectorized {
void gru_gates(const GRURows& rows, const Real* bias, Real* y);
void gru_gates_backward(const GRURows& rows, const Real* dy, Real* dh, Real* d_bias);
}  // namespace vectorized

}  // namespace AGATE_NAMESPACE::kernels
