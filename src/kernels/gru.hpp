#pragma once
// The gates of a gated recurrent unit, row by row; see tensor/gru_gates.hpp.

#include <agate/core/config.hpp>

namespace AGATE_NAMESPACE::kernels {

struct GRURows {
  Index rows, hidden;
  const Real *input, *state;  // rows x 3 hidden: reset, update, candidate
  const Real* h;              // rows x hidden
  // 4 hidden: of reset and update what is added to the sum of input and state, of the candidate
  // what is added to input, then what is added to state.
  const Real* bias;
};

// y: rows x hidden, which overlaps nothing of it.
void gru_gates(const GRURows& rows, Real* y);

// Overwrites d_input, d_state (rows x 3 hidden) and dh (rows x hidden), which overlap nothing.
// Adds the sums over the rows of what the gradients of `bias` are to d_bias (4 hidden).
struct GRUGradient {
  Real *d_input, *d_state, *dh, *d_bias;
};
void gru_gates_backward(const GRURows& rows, const Real* dy, const GRUGradient& to);

namespace scalar {
void gru_gates(const GRURows& rows, Real* y);
void gru_gates_backward(const GRURows& rows, const Real* dy, const GRUGradient& to);
}  // namespace scalar
namespace vectorized {
void gru_gates(const GRURows& rows, Real* y);
void gru_gates_backward(const GRURows& rows, const Real* dy, const GRUGradient& to);
}  // namespace vectorized

}  // namespace AGATE_NAMESPACE::kernels
