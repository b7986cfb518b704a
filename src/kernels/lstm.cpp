#include "kernels/lstm.hpp"

#include <cmath>

#include "kernels/elementary.hpp"
#include "kernels/gates_scalar.hpp"
#include "kernels/highway.hpp"

namespace AGATE_NAMESPACE::kernels {

void scalar::lstm_gates(const LSTMRows& r, Real* state) {
  const Index width = r.hidden;
  for (Index row = 0; row < r.rows; ++row) {
    Real *gates = r.gates + 4 * row * width, *next = state + 2 * row * width;
    for (Index c = 0; c < width; ++c) {
      const Real i = gates[c] = sigmoid(gates[c]);
      const Real f = gates[width + c] = sigmoid(gates[width + c]);
      const Real g = gates[2 * width + c] = std::tanh(gates[2 * width + c]);
      const Real o = gates[3 * width + c] = sigmoid(gates[3 * width + c]);
      next[width + c] = f * r.cell[row * r.cell_stride + c] + i * g;
      next[c] = o * std::tanh(next[width + c]);
    }
  }
}

void scalar::lstm_gates_backward(const LSTMRows& r, const Real* state, const Real* d_state,
                                 Real* d_cell, Index stride) {
  const Index width = r.hidden;
  for (Index row = 0; row < r.rows; ++row) {
    Real* gates = r.gates + 4 * row * width;
    const Real *next = state + 2 * row * width, *dy = d_state + 2 * row * width;
    for (Index c = 0; c < width; ++c) {
      const Real i = gates[c], f = gates[width + c], g = gates[2 * width + c],
                 o = gates[3 * width + c], t = std::tanh(next[width + c]);
      const Real d_next = dy[width + c] + dy[c] * o * (1 - t * t);
      gates[c] = d_next * g * i * (1 - i);
      gates[width + c] = d_next * r.cell[row * r.cell_stride + c] * f * (1 - f);
      gates[2 * width + c] = d_next * i * (1 - g * g);
      gates[3 * width + c] = dy[c] * t * o * (1 - o);
      d_cell[row * stride + c] = d_next * f;
    }
  }
}

void lstm_gates(const LSTMRows& rows, Real* state) { AGATE_KERNEL(lstm_gates)(rows, state); }

void lstm_gates_backward(const LSTMRows& rows, const Real* state, const Real* d_state, Real* d_cell,
                         Index stride) {
  AGATE_KERNEL(lstm_gates_backward)(rows, state, d_state, d_cell, stride);
}

}  // namespace AGATE_NAMESPACE::kernels
