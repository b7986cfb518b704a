#include "kernels/gru.hpp"

#include <cmath>

#include "kernels/elementary.hpp"
#include "kernels/gates_scalar.hpp"
#include "kernels/highway.hpp"

namespace AGATE_NAMESPACE::kernels {

void scalar::gru_gates(const GRURows& g, const Real* bias, Real* y) {
  const Index width = g.hidden;
  for (Index i = 0; i < g.rows; ++i) {
    const Index state = g.state_of(i);
    for (Index c = 0; c < width; ++c) {
      Real* gate = g.gates + 4 * i * width + c;
      if (g.brought) {
        const Real* more = g.brought + 3 * state * width + c;
        gate[0] += more[0];
        gate[width] += more[width];
        gate[3 * width] = more[2 * width];
      }
      const Real reset = gate[0] = sigmoid(gate[0] + bias[c]);
      const Real update = gate[width] = sigmoid(gate[width] + bias[width + c]);
      const Real recurrent = gate[3 * width] += bias[3 * width + c];
      const Real candidate = gate[2 * width] =
          std::tanh(gate[2 * width] + bias[2 * width + c] + reset * recurrent);
      y[i * width + c] = candidate + update * (g.h[state * width + c] - candidate);
    }
  }
}

void scalar::gru_gates_backward(const GRURows& g, const Real* dy, Real* dh, Real* d_bias) {
  const Index width = g.hidden;
  for (Index i = 0; i < g.rows; ++i) {
    const Real* h = g.h + g.state_of(i) * width;
    for (Index c = 0; c < width; ++c) {
      const Index at = i * width + c;
      Real* gate = g.gates + 4 * i * width + c;
      const Real reset = gate[0], update = gate[width], candidate = gate[2 * width],
                 recurrent = gate[3 * width];
      const Real d_candidate = dy[at] * (1 - update) * (1 - candidate * candidate);
      const Real d[] = {d_candidate * recurrent * reset * (1 - reset),
                        dy[at] * (h[c] - candidate) * update * (1 - update), d_candidate,
                        d_candidate * reset};
      for (Index k = 0; k < 4; ++k) {
        gate[k * width] = d[k];
        d_bias[k * width + c] += d[k];
      }
      dh[at] = dy[at] * update;
    }
  }
}

void gru_gates(const GRURows& rows, const Real* bias, Real* y) {
  AGATE_KERNEL(gru_gates)(rows, bias, y);
}

void gru_gates_backward(const GRURows& rows, const Real* dy, Real* dh, Real* d_bias) {
  AGATE_KERNEL(gru_gates_backward)(rows, dy, dh, d_bias);
}

}  // namespace AGATE_NAMESPACE::kernels
