#include <agate/attention/memory_access.hpp>
#include <agate/core/parallel.hpp>
#include <algorithm>
#include <vector>

#include "attention/memory_loops.hpp"

namespace AGATE_NAMESPACE {
namespace {

// What the heads that write say, after the activations: e and a of each, one behind the other.
std::vector<Real> strokes(const Real* controls, const MemoryHeads& h) {
  const Real* from = controls + h.all() * h.address_controls();
  std::vector<Real> strokes(static_cast<std::size_t>(2 * h.write * h.columns));
  for (Index k = 0; k < 2 * h.write; ++k)
    for (Index c = k * h.columns; c < (k + 1) * h.columns; ++c)
      strokes[c] = k % 2 == 0 ? sigmoid_of(from[c]) : std::tanh(from[c]);
  return strokes;
}

void write(const MemoryHeads& h, const Real* memory, const Real* weights, const Real* stroke,
           Real* y) {
  for (Index i = 0; i < h.rows; ++i, memory += h.columns, y += h.columns) {
    std::copy_n(memory, h.columns, y);
    for (Index k = 0; k < h.write; ++k) {
      const Real w = weights[k * h.rows + i], *e = stroke + 2 * k * h.columns;
      for (Index c = 0; c < h.columns; ++c) y[c] *= 1 - w * e[c];
    }
    for (Index k = 0; k < h.write; ++k)
      add_times(h.columns, weights[k * h.rows + i], stroke + (2 * k + 1) * h.columns, y);
  }
}

// kept: what the heads other than `but` leave of each column of row i.
void erase(const MemoryHeads& h, const Real* weights, const Real* stroke, Index i, Index but,
           Real* kept) {
  std::fill_n(kept, h.columns, Real(1));
  for (Index k = 0; k < h.write; ++k) {
    if (k == but) continue;
    const Real w = weights[k * h.rows + i], *e = stroke + 2 * k * h.columns;
    for (Index c = 0; c < h.columns; ++c) kept[c] *= 1 - w * e[c];
  }
}

// Adds to the gradients of the memory and of the weights that are not null, and of the strokes.
void write_backward(const MemoryHeads& h, const Real* memory, const Real* weights,
                    const Real* stroke, const Real* dy, std::vector<Real>& scratch, Real* d_memory,
                    Real* d_weights, Real* d_stroke) {
  const Index n = h.columns;
  scratch.resize(static_cast<std::size_t>(2 * n));
  Real *kept = scratch.data(), *erased = kept + n;
  for (Index i = 0; i < h.rows; ++i, memory += n, dy += n)
    for (Index k = 0; k < h.write; ++k) {
      const Real w = weights[k * h.rows + i], *e = stroke + 2 * k * n, *a = e + n;
      erase(h, weights, stroke, i, k, kept);
      if (k == 0 && d_memory)
        for (Index c = 0; c < n; ++c) d_memory[i * n + c] += dy[c] * kept[c] * (1 - w * e[c]);
      for (Index c = 0; c < n; ++c) erased[c] = dy[c] * memory[c] * kept[c];
      if (d_weights) d_weights[k * h.rows + i] += dot_of(n, dy, a) - dot_of(n, erased, e);
      add_times(n, -w, erased, d_stroke + 2 * k * n);
      add_times(n, w, dy, d_stroke + (2 * k + 1) * n);
    }
}

struct Writing {
  Var memory, weights, controls;
  MemoryHeads heads;

  const Real* weights_of(Index b) const { return weights.value().row(b) + heads.read * heads.rows; }
};

void backward(Tape& tape, const Writing& w, const Tensor& dy) {
  const MemoryHeads& h = w.heads;
  const auto sum = [](const Var& x) {
    return x.requires_grad() ? x.gradient().sum(x.shape()) : Tensor();
  };
  Tensor dm = sum(w.memory), dw = sum(w.weights), dc = sum(w.controls);
  parallel_for(tape.threads(), dy.rows(), sequence_grain(h), [&](Index begin, Index end) {
    std::vector<Real> scratch, d;
    for (Index b = begin; b < end; ++b) {
      const std::vector<Real> stroke = strokes(w.controls.value().row(b), h);
      d.assign(stroke.size(), 0);
      write_backward(h, w.memory.value().row(b), w.weights_of(b), stroke.data(), dy.row(b), scratch,
                     dm.empty() ? nullptr : dm.row(b),
                     dw.empty() ? nullptr : dw.row(b) + h.read * h.rows, d.data());
      if (dc.empty()) continue;
      Real* to = dc.row(b) + h.all() * h.address_controls();
      for (Index k = 0; k < 2 * h.write; ++k)
        for (Index c = k * h.columns; c < (k + 1) * h.columns; ++c)
          to[c] += d[c] * (k % 2 == 0 ? stroke[c] * (1 - stroke[c]) : 1 - stroke[c] * stroke[c]);
    }
  });
}

}  // namespace

Var memory_write(const Var& memory, const Var& weights, const Var& controls,
                 const MemoryHeads& heads) {
  constexpr const char* name = "memory_write";
  check_memory_heads(name, heads);
  const Index n = memory.rows();
  check_memory_input(name, "memory", memory, heads.rows * heads.columns, n);
  check_memory_input(name, "weights", weights, heads.all() * heads.rows, n);
  check_memory_input(name, "controls", controls, heads.controls(), n);
  Tape& tape = memory.tape();
  const Writing w{memory, weights, controls, heads};
  Tensor y = tape.make(memory.shape());
  parallel_for(tape.threads(), n, sequence_grain(heads), [&](Index begin, Index end) {
    for (Index b = begin; b < end; ++b)
      write(heads, memory.value().row(b), w.weights_of(b),
            strokes(controls.value().row(b), heads).data(), y.row(b));
  });
  return tape.record(std::move(y), {&memory, &weights, &controls},
                     [&] { return [&tape, w](const Tensor& dy) { backward(tape, w, dy); }; });
}

}  // namespace AGATE_NAMESPACE
