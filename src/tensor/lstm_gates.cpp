#include <agate/core/error.hpp>
#include <agate/tensor/lstm_gates.hpp>

#include "kernels/lstm.hpp"
#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {

Var lstm_gates(const Var& gates, const Var& cell) {
  check(gates.rows() == cell.rows() && gates.cols() == 4 * cell.cols(), ErrorCode::shape,
        "lstm_gates: gates of ", gates.shape().to_string(), " for cells of ",
        cell.shape().to_string());
  Tape& tape = gates.tape();
  const Index n = cell.rows(), hidden = cell.cols(), grain = row_grain(16 * hidden);
  Tensor active = gates.value().clone(&tape.pool()), y = tape.make({n, 2 * hidden});
  // The gates, which the way back turns into their gradients.
  const auto rows = [active, cell, hidden](Index begin, Index end) {
    Tensor kept = active;
    return kernels::LSTMRows{end - begin, hidden, kept.row(begin), cell.value().row(begin), hidden};
  };
  parallel_for(tape.threads(), n, grain, [&](Index begin, Index end) {
    kernels::lstm_gates(rows(begin, end), y.row(begin));
  });
  return tape.record(y, {&gates, &cell}, [&] {
    return [&tape, d_gates = gates.gradient(), cell, active, rows, y, n, hidden,
            grain](const Tensor& dy) {
      Tensor d_cell = tape.make({n, hidden});
      parallel_for(tape.threads(), n, grain, [&](Index begin, Index end) {
        kernels::lstm_gates_backward(rows(begin, end), y.row(begin), dy.row(begin),
                                     d_cell.row(begin), hidden);
      });
      d_gates.add(active);
      cell.gradient().add(std::move(d_cell));
    };
  });
}

}  // namespace AGATE_NAMESPACE
