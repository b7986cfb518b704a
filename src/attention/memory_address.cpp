#include <agate/attention/memory_access.hpp>
#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <algorithm>
#include <vector>

#include "attention/memory_loops.hpp"

namespace AGATE_NAMESPACE {

void check_memory_heads(const char* name, const MemoryHeads& h) {
  check(h.rows >= 1 && h.columns >= 1 && h.read >= 1 && h.write >= 1 && h.shifts >= 1 &&
            h.shifts % 2 == 1 && h.shifts <= h.rows,
        ErrorCode::value, name, ": ", h.read, " and ", h.write, " heads, ", h.shifts,
        " shifts for a memory of ", h.rows, " x ", h.columns,
        ", expected some of each, and an odd number of shifts, at most one for each row");
}

void check_memory_input(const char* name, const char* what, const Var& x, Index columns,
                        Index rows) {
  check(x.cols() == columns && x.rows() == rows, ErrorCode::shape, name, ": ", what, " of ",
        x.shape().to_string(), ", expected ", rows, " x ", columns);
}

namespace {

constexpr Real shortest = Real(1e-12);

// What a head is told, after the activations, and its gradients on the way back.
struct Head {
  explicit Head(const MemoryHeads& h)
      : key(static_cast<std::size_t>(h.columns)), shift(static_cast<std::size_t>(h.shifts)) {}
  std::vector<Real> key, shift;
  Real beta = 0, gate = 0, gamma = 0;

  void read(const Real* p, const MemoryHeads& h) {
    for (Index c = 0; c < h.columns; ++c) key[c] = std::tanh(p[c]);
    p += h.columns;
    beta = softplus_of(p[0]);
    gate = sigmoid_of(p[1]);
    const Real* s = p + 2;
    const Real high = *std::max_element(s, s + h.shifts);
    Real sum = 0;
    for (Index q = 0; q < h.shifts; ++q) sum += shift[q] = std::exp(s[q] - high);
    for (Real& q : shift) q /= sum;
    gamma = 1 + softplus_of(s[h.shifts]);
  }
};

// Adds the gradients of what the head is told, taken back through the activations.
void add_controls(const Head& head, const Head& d, const Real* p, const MemoryHeads& h, Real* dp) {
  for (Index c = 0; c < h.columns; ++c) dp[c] += d.key[c] * (1 - head.key[c] * head.key[c]);
  p += h.columns, dp += h.columns;
  dp[0] += d.beta * sigmoid_of(p[0]);
  dp[1] += d.gate * head.gate * (1 - head.gate);
  Real along = 0;
  for (Index q = 0; q < h.shifts; ++q) along += d.shift[q] * head.shift[q];
  for (Index q = 0; q < h.shifts; ++q) dp[2 + q] += head.shift[q] * (d.shift[q] - along);
  dp[2 + h.shifts] += d.gamma * sigmoid_of(p[2 + h.shifts]);
}

// What the way back needs of one head, N numbers each.
struct Trail {
  Trail(Real* at, Index n) : cosine(at), content(at + n), shifted(at + 2 * n), log(at + 3 * n) {}
  static constexpr Index parts = 4;
  Real *cosine, *content, *shifted, *log;  // log: of shifted, less the greatest of them
};

void content(const MemoryHeads& h, const Head& head, const Real* memory, const Real* inverse,
             const Trail& to) {
  const Real length = std::sqrt(dot_of(h.columns, head.key.data(), head.key.data()));
  const Real shrink = 1 / std::max(length, shortest);
  for (Index i = 0; i < h.rows; ++i)
    to.cosine[i] = dot_of(h.columns, head.key.data(), memory + i * h.columns) * shrink * inverse[i];
  const Real high = *std::max_element(to.cosine, to.cosine + h.rows);
  Real sum = 0;
  for (Index i = 0; i < h.rows; ++i)
    sum += to.content[i] = std::exp(head.beta * (to.cosine[i] - high));
  for (Index i = 0; i < h.rows; ++i) to.content[i] /= sum;
}

// The interpolated weights, circled: row -half to row rows + half - 1.
void interpolate(const MemoryHeads& h, const Head& head, const Real* content, const Real* before,
                 Real* circle) {
  const Index half = h.shifts / 2;
  for (Index i = 0; i < h.rows; ++i)
    circle[half + i] = head.gate * content[i] + (1 - head.gate) * before[i];
  for (Index i = 0; i < half; ++i) {
    circle[i] = circle[h.rows + i];
    circle[half + h.rows + i] = circle[half + i];
  }
}

void address(const MemoryHeads& h, const Head& head, const Real* memory, const Real* inverse,
             const Real* before, const Trail& to, Real* circle, Real* w) {
  content(h, head, memory, inverse, to);
  interpolate(h, head, to.content, before, circle);
  std::fill_n(to.shifted, h.rows, Real(0));
  // Shift q moves by q - half: the row i gets what the row i + half - q had.
  for (Index q = 0; q < h.shifts; ++q)
    add_times(h.rows, head.shift[q], circle + h.shifts - 1 - q, to.shifted);
  Real high = 0;
  for (Index i = 0; i < h.rows; ++i) high = std::max(high, to.shifted[i]);
  Real sum = 0;
  for (Index i = 0; i < h.rows; ++i) {
    to.log[i] = std::log(to.shifted[i] / high);
    sum += w[i] = std::exp(head.gamma * to.log[i]);
  }
  for (Index i = 0; i < h.rows; ++i) w[i] /= sum;
}

// The gradient of `shifted` from that of w.
void sharpen_backward(const MemoryHeads& h, const Head& head, const Trail& trail, const Real* w,
                      const Real* dw, Head& d, Real* d_shifted) {
  const Real along = dot_of(h.rows, w, dw);
  for (Index i = 0; i < h.rows; ++i) {
    // Where nothing arrives, log is infinite and its part has the limit 0.
    const Real d_exponent = w[i] * (dw[i] - along);
    const bool nothing = w[i] == 0;
    d.gamma += nothing ? 0 : d_exponent * trail.log[i];
    d_shifted[i] = nothing ? 0 : head.gamma * d_exponent / trail.shifted[i];
  }
}

// From the gradient of w: those of what was before, of the head and of the memory are added to.
void address_backward(const MemoryHeads& h, const Head& head, const Real* memory,
                      const Real* inverse, const Real* before, const Trail& trail, const Real* w,
                      const Real* dw, std::vector<Real>& scratch, Head& d, Real* d_before,
                      Real* d_memory) {
  const Index half = h.shifts / 2, n = h.rows, wide = n + 2 * half;
  scratch.assign(static_cast<std::size_t>(2 * wide + n), 0);
  Real *circle = scratch.data(), *d_circle = circle + wide, *d_shifted = d_circle + wide;
  interpolate(h, head, trail.content, before, circle);
  sharpen_backward(h, head, trail, w, dw, d, d_shifted);
  for (Index q = 0; q < h.shifts; ++q) {
    const Index from = h.shifts - 1 - q;
    d.shift[q] += dot_of(n, d_shifted, circle + from);
    add_times(n, head.shift[q], d_shifted, d_circle + from);
  }
  for (Index i = 0; i < half; ++i) {
    d_circle[n + i] += d_circle[i];
    d_circle[half + i] += d_circle[half + n + i];
  }
  const Real* d_mixed = d_circle + half;
  d.gate += dot_of(n, d_mixed, trail.content) - dot_of(n, d_mixed, before);
  if (d_before) add_times(n, 1 - head.gate, d_mixed, d_before);

  const Real along = head.gate * dot_of(n, d_mixed, trail.content);
  const Real length = std::sqrt(dot_of(h.columns, head.key.data(), head.key.data()));
  const Real shrink = 1 / std::max(length, shortest);
  for (Index i = 0; i < n; ++i) {
    const Real d_score = trail.content[i] * (head.gate * d_mixed[i] - along);
    d.beta += d_score * trail.cosine[i];
    // The cosine is key . row, both made unit vectors.
    const Real d_product = head.beta * d_score * shrink * inverse[i];
    const Real* row = memory + i * h.columns;
    add_times(h.columns, d_product, row, d.key.data());
    if (!d_memory) continue;
    Real* to = d_memory + i * h.columns;
    add_times(h.columns, d_product, head.key.data(), to);
    if (inverse[i] < 1 / shortest)
      add_times(h.columns, -head.beta * d_score * trail.cosine[i] * inverse[i] * inverse[i], row,
                to);
  }
  if (length > shortest)
    add_times(h.columns, -dot_of(h.columns, head.key.data(), d.key.data()) * shrink * shrink,
              head.key.data(), d.key.data());
}

// All that the way back needs again.
struct Addressing {
  Var controls, memory, before;
  MemoryHeads heads;
  Tensor weights, trail, inverse;  // inverse: 1 / length of each row of each memory

  Trail trail_of(Index sequence, Index head) const {
    Tensor kept = trail;
    return {kept.row(sequence) + head * Trail::parts * heads.rows, heads.rows};
  }
  void forward(Index sequence, Head& head, Real* circle);
  void backward(Index sequence, const Tensor& dw, Real* d_controls, Real* d_memory,
                Real* d_before) const;
};

void Addressing::forward(Index b, Head& head, Real* circle) {
  const Real* rows = memory.value().row(b);
  for (Index i = 0; i < heads.rows; ++i) {
    const Real* row = rows + i * heads.columns;
    inverse.row(b)[i] = 1 / std::max(std::sqrt(dot_of(heads.columns, row, row)), shortest);
  }
  for (Index k = 0; k < heads.all(); ++k) {
    head.read(controls.value().row(b) + k * heads.address_controls(), heads);
    address(heads, head, rows, inverse.row(b), before.value().row(b) + k * heads.rows,
            trail_of(b, k), circle, weights.row(b) + k * heads.rows);
  }
}

void Addressing::backward(Index b, const Tensor& dw, Real* d_controls, Real* d_memory,
                          Real* d_before) const {
  std::vector<Real> scratch;
  Head head(heads);
  for (Index k = 0; k < heads.all(); ++k) {
    const Index at = k * heads.rows, from = k * heads.address_controls();
    const Real* told = controls.value().row(b) + from;
    head.read(told, heads);
    Head d(heads);
    address_backward(heads, head, memory.value().row(b), inverse.row(b), before.value().row(b) + at,
                     trail_of(b, k), weights.row(b) + at, dw.row(b) + at, scratch, d,
                     d_before ? d_before + at : nullptr, d_memory);
    if (d_controls) add_controls(head, d, told, heads, d_controls + from);
  }
}

void backward(Tape& tape, const Addressing& a, const Tensor& dw) {
  const auto sum = [](const Var& x) {
    return x.requires_grad() ? x.gradient().sum(x.shape()) : Tensor();
  };
  Tensor d_controls = sum(a.controls), d_memory = sum(a.memory), d_before = sum(a.before);
  parallel_for(tape.threads(), dw.rows(), sequence_grain(a.heads), [&](Index begin, Index end) {
    for (Index b = begin; b < end; ++b)
      a.backward(b, dw, d_controls.empty() ? nullptr : d_controls.row(b),
                 d_memory.empty() ? nullptr : d_memory.row(b),
                 d_before.empty() ? nullptr : d_before.row(b));
  });
}

}  // namespace

Var memory_address(const Var& controls, const Var& memory, const Var& before,
                   const MemoryHeads& heads) {
  constexpr const char* name = "memory_address";
  check_memory_heads(name, heads);
  const Index n = memory.rows();
  check_memory_input(name, "memory", memory, heads.rows * heads.columns, n);
  check_memory_input(name, "controls", controls, heads.controls(), n);
  check_memory_input(name, "weights", before, heads.all() * heads.rows, n);
  Tape& tape = memory.tape();
  Addressing a{controls,
               memory,
               before,
               heads,
               tape.make(before.shape()),
               tape.make({n, Trail::parts * heads.all() * heads.rows}),
               tape.make({n, heads.rows})};
  parallel_for(tape.threads(), n, sequence_grain(heads), [&](Index begin, Index end) {
    Head head(heads);
    std::vector<Real> circle(static_cast<std::size_t>(heads.rows + heads.shifts));
    for (Index b = begin; b < end; ++b) a.forward(b, head, circle.data());
  });
  return tape.record(a.weights, {&controls, &memory, &before},
                     [&] { return [&tape, a](const Tensor& dw) { backward(tape, a, dw); }; });
}

}  // namespace AGATE_NAMESPACE
