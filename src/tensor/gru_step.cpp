#include <agate/core/error.hpp>
#include <agate/tensor/gru_step.hpp>
#include <algorithm>
#include <array>
#include <vector>

#include "kernels/gemm.hpp"
#include "kernels/gru.hpp"
#include "tensor/add_rows.hpp"
#include "tensor/turned.hpp"

namespace AGATE_NAMESPACE {
namespace {

using kernels::Matrix;

void check_step(const Var& x, const Var& h, const RowClasses* shared, const GRUWeights& w) {
  const Index gates = 3 * h.cols(), rows = shared ? shared->rows() : h.rows();
  check(x.rows() == rows, ErrorCode::shape, "gru_step: x of ", x.rows(), " rows for a state of ",
        rows);
  check(!shared || h.rows() == shared->count(), ErrorCode::shape, "gru_step: ", h.rows(),
        " states for ", shared ? shared->count() : 0, " classes of rows");
  check(w.ih.shape() == Shape{gates, x.cols()} && w.hh.shape() == Shape{gates, h.cols()},
        ErrorCode::shape, "gru_step: weights of ", w.ih.shape().to_string(), " and ",
        w.hh.shape().to_string(), " for x of ", x.cols(), " columns and a state of ",
        h.shape().to_string());
  check(w.bias_ih.has_value() == w.bias_hh.has_value(), ErrorCode::shape,
        "gru_step: one bias without the other");
  for (const auto& bias : {w.bias_ih, w.bias_hh})
    check(!bias || bias->value().size() == gates, ErrorCode::shape, "gru_step: a bias of ",
          bias ? bias->shape().to_string() : "", " for ", gates, " gates");
}

// Of reset and update for the sum of both products, of the candidate for each.
Tensor joined_biases(Tape& tape, const GRUWeights& w, Index hidden) {
  Tensor bias = tape.make_zeros({4 * hidden});
  if (!w.bias_ih) return bias;
  const Real *input = w.bias_ih->value().data(), *state = w.bias_hh->value().data();
  for (Index c = 0; c < 2 * hidden; ++c) bias.data()[c] = input[c] + state[c];
  std::copy_n(input + 2 * hidden, hidden, bias.data() + 2 * hidden);
  std::copy_n(state + 2 * hidden, hidden, bias.data() + 3 * hidden);
  return bias;
}

void add_bias_gradients(Tape& tape, const GRUWeights& w, const std::vector<double>& sums,
                        Index hidden) {
  if (!w.bias_ih) return;
  Tensor of_state = as_tensor(tape, sums.data(), w.bias_hh->shape());
  for (Index c = 0; c < hidden; ++c)
    of_state.data()[2 * hidden + c] = static_cast<Real>(sums[3 * hidden + c]);
  w.bias_ih->gradient().add(as_tensor(tape, sums.data(), w.bias_ih->shape()));
  w.bias_hh->gradient().add(std::move(of_state));
}

// Rows whose gates stay in the cache of a core from the products to the gates and back.
Index block_of(Index hidden) {
  return std::clamp<Index>((1 << 16) / (4 * hidden) / 16 * 16, 16, 1 << 10);
}

// What a step and its way back are made of. `gates` holds the gates, then their gradients.
struct Step {
  Var x, h;
  std::shared_ptr<const RowClasses> shared;  // null: a row of h for each of x
  GRUWeights weights;
  Tensor gates, brought;  // by the states that rows share
  Index n, in, hidden;

  // With their gates at `at`.
  kernels::GRURows rows(Index begin, Index end, Real* at) const {
    if (!shared) return {end - begin, hidden, at, h.value().row(begin)};
    return {.rows = end - begin,
            .hidden = hidden,
            .gates = at,
            .h = h.value().data(),
            .state = shared->of.data() + begin,
            .brought = brought.data()};
  }
  void forward(const kernels::GRURows& block, Index begin, const TurnedWeight& ih,
               const TurnedWeight& hh, const Real* bias, Real* y) const;
  // dx or dh null: not wanted.
  void backward_products(Index begin, Index end, Real* dx, Real* dh) const;
  void add_weight_gradients(Tape& tape) const;
  void add_shared_gradients(Tape& tape, const Tensor& dh) const;
};

void Step::forward(const kernels::GRURows& block, Index begin, const TurnedWeight& ih,
                   const TurnedWeight& hh, const Real* bias, Real* y) const {
  const Index m = block.rows, width = 4 * hidden;
  kernels::serial_gemm(m, 3 * hidden, in, {x.value().row(begin), in}, ih.from(0), false,
                       block.gates, width);
  if (!shared) {
    const Matrix state{block.h, hidden};
    kernels::serial_gemm(m, 2 * hidden, hidden, state, hh.from(0), true, block.gates, width);
    kernels::serial_gemm(m, hidden, hidden, state, hh.from(2 * hidden), false,
                         block.gates + 3 * hidden, width);
  }
  kernels::gru_gates(block, bias, y);
}

void Step::backward_products(Index begin, Index end, Real* dx, Real* dh) const {
  const Index m = end - begin, width = 4 * hidden;
  const Real* d = gates.row(begin);
  const Tensor &ih = weights.ih.value(), &hh = weights.hh.value();
  if (dx) kernels::serial_gemm(m, in, 3 * hidden, {d, width}, {ih.data(), in}, false, dx, in);
  if (!dh) return;
  kernels::serial_gemm(m, hidden, 2 * hidden, {d, width}, {hh.data(), hidden}, true, dh, hidden);
  kernels::serial_gemm(m, hidden, hidden, {d + 3 * hidden, width}, {hh.row(2 * hidden), hidden},
                       true, dh, hidden);
}

void Step::add_weight_gradients(Tape& tape) const {
  const Index width = 4 * hidden;
  // The rows of `of` that belong to the gates from `first` on, of the columns of d from `at` on.
  const auto product = [&](Index gate_count, Index at, const Tensor& with, Real* to) {
    kernels::gemm_tall(tape.threads(), tape.pool(), gate_count * hidden, with.cols(), n,
                       {gates.data() + at * hidden, width}, {with.data(), with.cols()}, to,
                       with.cols());
  };
  if (weights.ih.requires_grad()) {
    Tensor d = tape.make(weights.ih.shape());
    product(3, 0, x.value(), d.data());
    weights.ih.gradient().add(std::move(d));
  }
  if (!shared && weights.hh.requires_grad()) {
    Tensor d = tape.make(weights.hh.shape());
    product(2, 0, h.value(), d.data());
    product(1, 3, h.value(), d.row(2 * hidden));
    weights.hh.gradient().add(std::move(d));
  }
}

// dh: what each row passes on to its state beside the products.
void Step::add_shared_gradients(Tape& tape, const Tensor& dh) const {
  const Index width = 4 * hidden, states = h.rows();
  Tensor d = tape.make_zeros({states, 3 * hidden});
  add_rows(tape, shared->of, 2 * hidden, gates.data(), width, d.data(), 3 * hidden);
  add_rows(tape, shared->of, hidden, gates.data() + 3 * hidden, width, d.data() + 2 * hidden,
           3 * hidden);
  const Matrix gradients{d.data(), 3 * hidden};
  if (weights.hh.requires_grad()) {
    Tensor dw = tape.make(weights.hh.shape());
    kernels::gemm_tall(tape.threads(), tape.pool(), 3 * hidden, hidden, states, gradients,
                       {h.value().data(), hidden}, dw.data(), hidden);
    weights.hh.gradient().add(std::move(dw));
  }
  if (!h.requires_grad()) return;
  Tensor sum = h.gradient().sum(h.shape());
  add_rows(tape, shared->of, hidden, dh.data(), hidden, sum.data(), hidden);
  kernels::gemm(tape.threads(), states, hidden, 3 * hidden, gradients,
                {weights.hh.value().data(), hidden}, true, sum.data(), hidden);
}

void backward(Tape& tape, const Step& step, const Tensor& dy) {
  const Index n = step.n, hidden = step.hidden, block = block_of(hidden);
  Tensor dx = step.x.requires_grad() ? tape.make(step.x.shape()) : Tensor();
  Tensor dh = tape.make({n, hidden});
  const bool products = step.h.requires_grad() && !step.shared;
  std::vector<std::vector<Real>> sums(static_cast<std::size_t>(chunk_count(n, block)));
  parallel_for(tape.threads(), n, block, [&](Index begin, Index end) {
    auto& sum = sums[static_cast<std::size_t>(begin / block)];
    sum.resize(static_cast<std::size_t>(4 * hidden));
    Tensor gates = step.gates;
    kernels::gru_gates_backward(step.rows(begin, end, gates.row(begin)), dy.row(begin),
                                dh.row(begin), sum.data());
    step.backward_products(begin, end, dx.empty() ? nullptr : dx.row(begin),
                           products ? dh.row(begin) : nullptr);
  });
  std::vector<double> total(static_cast<std::size_t>(4 * hidden));
  for (const auto& sum : sums)
    for (std::size_t c = 0; c < sum.size(); ++c) total[c] += sum[c];
  step.add_weight_gradients(tape);
  add_bias_gradients(tape, step.weights, total, hidden);
  if (step.x.requires_grad()) step.x.gradient().add(std::move(dx));
  if (step.shared)
    step.add_shared_gradients(tape, dh);
  else
    step.h.gradient().add(std::move(dh));
}

Var run(const Var& x, const Var& h, std::shared_ptr<const RowClasses> shared,
        const GRUWeights& weights) {
  check_step(x, h, shared.get(), weights);
  Tape& tape = h.tape();
  const Index n = x.rows(), hidden = h.cols();
  const std::array inputs{&x,
                          &h,
                          &weights.ih,
                          &weights.hh,
                          weights.bias_ih ? &*weights.bias_ih : &h,
                          weights.bias_hh ? &*weights.bias_hh : &h};
  const bool kept = std::ranges::any_of(inputs, &Var::requires_grad);
  Step step{x, h, shared, weights, {}, {}, n, x.cols(), hidden};
  if (kept) step.gates = tape.make({n, 4 * hidden});
  if (shared) {
    step.brought = tape.make({h.rows(), 3 * hidden});
    kernels::gemm(tape.threads(), h.rows(), 3 * hidden, hidden, {h.value().data(), hidden},
                  {weights.hh.value().data(), hidden, true}, false, step.brought.data(),
                  3 * hidden);
  }
  const TurnedWeight ih(tape, weights.ih.value(), n), hh(tape, weights.hh.value(), shared ? 0 : n);
  const Tensor bias = joined_biases(tape, weights, hidden);
  Tensor y = tape.make({n, hidden});
  parallel_for(tape.threads(), n, block_of(hidden), [&](Index begin, Index end) {
    // Gates that no way back asks for stay in the cache.
    Tensor gates = kept ? step.gates : tape.make({end - begin, 4 * hidden});
    step.forward(step.rows(begin, end, gates.row(kept ? begin : 0)), begin, ih, hh, bias.data(),
                 y.row(begin));
  });
  return tape.record(std::move(y), inputs,
                     [&] { return [&tape, step](const Tensor& dy) { backward(tape, step, dy); }; });
}

}  // namespace

Var gru_step(const Var& x, const Var& h, const GRUWeights& weights) {
  return run(x, h, nullptr, weights);
}

Var gru_step(const Var& x, const RepeatedRows& h, const GRUWeights& weights) {
  return run(x, h.distinct, h.classes, weights);
}

}  // namespace AGATE_NAMESPACE
