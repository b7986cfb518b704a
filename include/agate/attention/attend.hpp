#pragma once
/// \file
/// attend: the one operation of the library. It scores pairs, normalises each query's scores, and
/// takes the weighted sum of the values.
///
///   s(i, j, h) = score of query i and key j in head h, for the pairs of the support
///   a(i, j, h) = exp s(i, j, h) / sum over the pairs (i, j') of exp s(i, j', h)
///   out(i, h)  = sum over the pairs (i, j) of a(i, j, h) * values(j, h)
///
/// On the edges of a graph the queries are the targets and the keys the sources of messages. One
/// fused pass forward and one backward; memory grows with nodes x heads x channels and with
/// edges x heads, never with edges x heads x channels. A node without neighbours gets zero. NaN
/// comes out in exactly the rows that see it. Bit-identical for any number of threads.

#include <agate/graph/graph.hpp>
#include <agate/tensor/tape.hpp>

namespace AGATE_NAMESPACE {

/// s(i, j, h) = LeakyReLU(target(i, h) + source(j, h)): the score of GAT (Velickovic et al. 2018).
struct AdditiveScore {
  Var target;                       ///< targets x heads
  Var source;                       ///< sources x heads
  Real negative_slope = Real(0.2);  ///< 0 or more
};

struct AttendOptions {
  Real dropout = 0;             ///< on the normalised weights, in training; counted by edge id
  bool return_weights = false;  ///< Attended::weights is filled
};

struct Attended {
  Var output;      ///< targets x (heads * channels), heads side by side
  Tensor weights;  ///< messages x heads in the order of the graph's messages, before dropout
};

/// Attention over the edges of `support`. `values` is sources x (heads * channels). Error(shape)
/// when the rows or heads of score, values and support do not fit each other.
Attended attend(const AdditiveScore& score, const Graph& support, const Var& values,
                const AttendOptions& options = {});

}  // namespace AGATE_NAMESPACE
