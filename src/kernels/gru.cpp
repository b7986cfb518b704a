#include "kernels/gru.hpp"

#include <cmath>

#include "kernels/elementary.hpp"
#include "kernels/highway.hpp"

namespace AGATE_NAMESPACE::kernels {
namespace {

Real sigmoid(Real v) { return 1 / (1 + std::exp(-v)); }

struct Gates {
  Real reset, update, candidate, recurrent;
};

// Column c of row i.
Gates gates_of(const GRURows& g, Index i, Index c) {
  const Index width = g.hidden;
  const Real *input = g.input + 3 * i * width + c, *state = g.state + 3 * i * width + c,
             *bias = g.bias + c;
  const Real reset = sigmoid(input[0] + state[0] + bias[0]);
  const Real update = sigmoid(input[width] + state[width] + bias[width]);
  const Real recurrent = state[2 * width] + bias[3 * width];
  return {reset, update, std::tanh(input[2 * width] + bias[2 * width] + reset * recurrent),
          recurrent};
}

}  // namespace

void scalar::gru_gates(const GRURows& g, Real* y) {
  for (Index i = 0; i < g.rows; ++i)
    for (Index c = 0; c < g.hidden; ++c) {
      const auto [reset, update, candidate, recurrent] = gates_of(g, i, c);
      y[i * g.hidden + c] = candidate + update * (g.h[i * g.hidden + c] - candidate);
    }
}

void scalar::gru_gates_backward(const GRURows& g, const Real* dy, const GRUGradient& to) {
  const Index width = g.hidden;
  for (Index i = 0; i < g.rows; ++i)
    for (Index c = 0; c < width; ++c) {
      const Index at = i * width + c;
      const auto [reset, update, candidate, recurrent] = gates_of(g, i, c);
      const Real d_candidate = dy[at] * (1 - update) * (1 - candidate * candidate);
      const Real d_reset = d_candidate * recurrent * reset * (1 - reset);
      const Real d_update = dy[at] * (g.h[at] - candidate) * update * (1 - update);
      const Real d_recurrent = d_candidate * reset;
      Real *input = to.d_input + 3 * i * width + c, *state = to.d_state + 3 * i * width + c;
      input[0] = state[0] = d_reset;
      input[width] = state[width] = d_update;
      input[2 * width] = d_candidate;
      state[2 * width] = d_recurrent;
      to.dh[at] = dy[at] * update;
      to.d_bias[c] += d_reset;
      to.d_bias[width + c] += d_update;
      to.d_bias[2 * width + c] += d_candidate;
      to.d_bias[3 * width + c] += d_recurrent;
    }
}

void gru_gates(const GRURows& rows, Real* y) { AGATE_KERNEL(gru_gates)(rows, y); }

void gru_gates_backward(const GRURows& rows, const Real* dy, const GRUGradient& to) {
  AGATE_KERNEL(gru_gates_backward)(rows, dy, to);
}

}  // namespace AGATE_NAMESPACE::kernels
