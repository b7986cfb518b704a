#include <agate/core/error.hpp>
#include <agate/tensor/gru_gates.hpp>
#include <vector>

#include "kernels/gru.hpp"
#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

void check_gates(const Var& input, const Var& state, const Var& h,
                 const std::optional<GRUBiases>& biases) {
  const Index gates = 3 * h.cols();
  for (const Var* part : {&input, &state})
    check(part->rows() == h.rows() && part->cols() == gates, ErrorCode::shape,
          "gru_gates: products of ", part->shape().to_string(), " for a state of ",
          h.shape().to_string());
  if (!biases) return;
  for (const Var* bias : {&biases->of_input, &biases->of_state})
    check(bias->value().size() == gates, ErrorCode::shape, "gru_gates: a bias of ",
          bias->shape().to_string(), " for ", gates, " gates");
}

// As the kernels want them.
Tensor joined(Tape& tape, const std::optional<GRUBiases>& biases, Index hidden) {
  Tensor bias = tape.make_zeros({4 * hidden});
  if (!biases) return bias;
  const Real *input = biases->of_input.value().data(), *state = biases->of_state.value().data();
  for (Index c = 0; c < 2 * hidden; ++c) bias.data()[c] = input[c] + state[c];
  std::copy_n(input + 2 * hidden, hidden, bias.data() + 2 * hidden);
  std::copy_n(state + 2 * hidden, hidden, bias.data() + 3 * hidden);
  return bias;
}

void add_bias_gradients(Tape& tape, const GRUBiases& biases, const std::vector<double>& sums,
                        Index hidden) {
  biases.of_input.gradient().add(as_tensor(tape, sums.data(), biases.of_input.shape()));
  Tensor of_state = as_tensor(tape, sums.data(), biases.of_state.shape());
  for (Index c = 0; c < hidden; ++c)
    of_state.data()[2 * hidden + c] = static_cast<Real>(sums[3 * hidden + c]);
  biases.of_state.gradient().add(std::move(of_state));
}

}  // namespace

Var gru_gates(const Var& input, const Var& state, const Var& h,
              const std::optional<GRUBiases>& biases) {
  check_gates(input, state, h, biases);
  Tape& tape = h.tape();
  const Index n = h.rows(), hidden = h.cols();
  const Tensor bias = joined(tape, biases, hidden);
  const auto rows = [input, state, h, bias, hidden](Index begin, Index count) {
    return kernels::GRURows{count,
                            hidden,
                            input.value().data() + begin * 3 * hidden,
                            state.value().data() + begin * 3 * hidden,
                            h.value().data() + begin * hidden,
                            bias.data()};
  };
  Tensor y = tape.make({n, hidden});
  parallel_for(tape.threads(), n, row_grain(hidden), [&](Index begin, Index end) {
    kernels::gru_gates(rows(begin, end - begin), y.data() + begin * hidden);
  });
  return tape.record(
      std::move(y),
      {&input, &state, &h, biases ? &biases->of_input : &h, biases ? &biases->of_state : &h}, [&] {
        return [&tape, input, state, h, biases, rows, n, hidden](const Tensor& dy) {
          Tensor d_input = tape.make(input.shape()), d_state = tape.make(state.shape()),
                 dh = tape.make(h.shape());
          const auto sums = sums_over_rows(
              tape, n, 4 * hidden, 4 * hidden, [&](Index begin, Index end, double* sum) {
                std::vector<Real> some(static_cast<std::size_t>(4 * hidden));
                for (Index at = begin; at < end; at += kernels::rows_at_a_time) {
                  std::fill(some.begin(), some.end(), Real(0));
                  kernels::gru_gates_backward(
                      rows(at, std::min(kernels::rows_at_a_time, end - at)),
                      dy.data() + at * hidden,
                      {d_input.data() + at * 3 * hidden, d_state.data() + at * 3 * hidden,
                       dh.data() + at * hidden, some.data()});
                  for (std::size_t c = 0; c < some.size(); ++c) sum[c] += some[c];
                }
              });
          input.gradient().add(std::move(d_input));
          state.gradient().add(std::move(d_state));
          h.gradient().add(std::move(dh));
          if (biases) add_bias_gradients(tape, *biases, sums, hidden);
        };
      });
}

}  // namespace AGATE_NAMESPACE
