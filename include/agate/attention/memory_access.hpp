#pragma once
/// \file
/// How heads find, read and write the rows of a memory: Graves, Wayne, Danihelka, "Neural Turing
/// Machines", arXiv 1410.5401, 2014. One operation for each, and one record.
///
/// Each of n sequences has a memory of its own, N rows of C columns, row after row in a row of a
/// Var. What a controller says to its heads comes as one row of numbers as well, the controls, on
/// which the activations of Collier and Beel (ICANN 2018) are applied here:
///   of each head, those that read before those that write: k (C, tanh), beta (softplus), g
///   (sigmoid), s (shifts, softmax), gamma (1 + softplus);
///   then of each head that writes: e (C, sigmoid), a (C, tanh).
/// Bit-identical for any number of threads; NaN comes out in the sequences that see it.

#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// The sizes of a memory and of the heads that read and write it.
struct MemoryHeads {
  Index rows = 0, columns = 0;  ///< of each memory: N and C
  Index shifts = 3;             ///< odd, at most N: a head moves by -(shifts - 1) / 2 rows and more
  Index read = 1, write = 1;    ///< heads, at least 1 each

  Index all() const { return read + write; }
  Index address_controls() const { return columns + shifts + 3; }  ///< of each head
  Index controls() const { return all() * address_controls() + 2 * write * columns; }
};

/// Where the heads look, from controls (n x heads.controls()), memory (n x N C) and where they
/// looked before (n x all N) -> n x all N, of each head
///   c_i = softmax_i(beta cos(k, M_i)),   v = g c + (1 - g) before,
///   u_i = sum over d of v_(i - d) s_d, d from -(shifts - 1) / 2 on, i - d around the ends,
///   w_i = u_i^gamma / sum over j of u_j^gamma.
/// The cosine with a vector shorter than 1e-12 is that much smaller than it would be, as in
/// CosineScore. Error(value) for heads that no memory has, Error(shape) when the rest does not fit.
Var memory_address(const Var& controls, const Var& memory, const Var& before,
                   const MemoryHeads& heads);

/// What the heads that read get: r_h = sum over i of w_hi M_i; memory (n x N C), weights (n x all
/// N)
/// -> n x read C. Errors as above.
Var memory_read(const Var& memory, const Var& weights, const MemoryHeads& heads);

/// The memory (n x N C) after the heads that write have erased, and then added:
///   M_i <- M_i times the product over h of (1 - w_hi e_h) + sum over h of w_hi a_h.
/// Errors as above.
Var memory_write(const Var& memory, const Var& weights, const Var& controls,
                 const MemoryHeads& heads);

}  // namespace AGATE_NAMESPACE
