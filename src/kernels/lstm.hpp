#pragma once
// The gates of a long short-term memory, row by row; see tensor/lstm_gates.hpp.

#include <agate/core/config.hpp>

namespace AGATE_NAMESPACE::kernels {

struct LSTMRows {
  Index rows, hidden;
  // rows x 4 hidden: of the sums before the gates, or of the gates, input, forget, candidate and
  // output.
  Real* gates;
  const Real* cell;  // rows x hidden, `cell_stride` apart: before the step
  Index cell_stride;
};

// The sums in `gates` become gates. state (rows x 2 hidden): h and c after the step.
void lstm_gates(const LSTMRows& rows, Real* state);

// The gates become the gradients of the sums; d_cell (rows x hidden, `stride` apart): that of the
// cells before the step. state as lstm_gates left it, d_state (rows x 2 hidden) its gradient, of
// which d_cell may be no part.
void lstm_gates_backward(const LSTMRows& rows, const Real* state, const Real* d_state, Real* d_cell,
                         Index stride);

namespace scalar {
void lstm_gates(const LSTMRows& rows, Real* state);
void lstm_gates_backward(const LSTMRows& rows, const Real* state, const Real* d_state, Real* d_cell,
                         Index stride);
}  // namespace scalar
namespace vectorized {
void lstm_gates(const LSTMRows& rows, Real* state);
void lstm_gates_backward(const LSTMRows& rows, const Real* state, const Real* d_state, Real* d_cell,
                         Index stride);
}  // namespace vectorized

}  // namespace AGATE_NAMESPACE::kernels
