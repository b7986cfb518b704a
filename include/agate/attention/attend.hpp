#pragma once
/// \file
/// attend: the one operation of the library. It scores pairs, normalises each query's scores, and
/// takes the weighted sum of the values.
///
///   s(i, j, h) = score of query i and key j in head h, for the pairs of the support
///   a(i, j, h) = exp s(i, j, h) / sum over the pairs (i, j') of exp s(i, j', h)
///   out(i, h)  = sum over the pairs (i, j) of a(i, j, h) * (values(j, h) [+ edge_values(i, j, h)])
///
/// On the edges of a graph the queries are the targets and the keys the sources of messages; a term
/// of an edge is given per message of the graph (see edge_messages of agate/graph/messages.hpp).
/// One fused pass forward and one backward; memory grows with nodes x heads x channels, never with
/// edges x heads x channels (unless the caller brings terms of that size). A node without
/// neighbours gets zero. NaN comes out in exactly the rows that see it. Bit-identical for any
/// number of threads.

#include <agate/graph/graph.hpp>
#include <agate/tensor/tape.hpp>
#include <optional>
#include <variant>

namespace AGATE_NAMESPACE {

/// s(i, j, h) = LeakyReLU(target(i, h) + source(j, h) [+ edge(i, j, h)]): the score of GAT
/// (Velickovic et al. 2018).
struct AdditiveScore {
  Var target;                       ///< targets x heads
  Var source;                       ///< sources x heads
  std::optional<Var> edge{};        ///< messages x heads
  Real negative_slope = Real(0.2);  ///< 0 or more
};

/// s(i, j, h) = sum over c of vector(h, c) * LeakyReLU(query(i, h, c) + key(j, h, c) [+ edge(i, j,
/// h, c)]): the score of GATv2 (Brody, Alon, Yahav 2022).
struct AdditiveMlpScore {
  Var query;                        ///< targets x (heads * channels)
  Var key;                          ///< sources x (heads * channels)
  Var vector;                       ///< heads * channels elements
  Index heads = 1;                  ///< which share the columns
  std::optional<Var> edge{};        ///< messages x (heads * channels)
  Real negative_slope = Real(0.2);  ///< 0 or more
};

/// s(i, j, h) = scale * sum over c of query(i, h, c) * (key(j, h, c) [+ edge(i, j, h, c)]): the
/// score of the Transformer (Vaswani et al. 2017), on a graph that of TransformerConv (Shi et al.
/// 2021).
struct ScaledDotScore {
  Var query;                    ///< targets x (heads * channels)
  Var key;                      ///< sources x (heads * channels)
  Index heads = 1;              ///< which share the columns
  std::optional<Var> edge{};    ///< messages x (heads * channels)
  std::optional<Real> scale{};  ///< 1 / sqrt(channels) unless given
};

using Score = std::variant<AdditiveScore, AdditiveMlpScore, ScaledDotScore>;

struct AttendOptions {
  Real dropout = 0;                  ///< on the normalised weights, in training; counted by edge id
  bool return_weights = false;       ///< Attended::weights is filled
  std::optional<Var> edge_values{};  ///< messages x (heads * channels), added to the values
};

struct Attended {
  Var output;      ///< targets x (heads * channels), heads side by side
  Tensor weights;  ///< messages x heads in the order of the graph's messages, before dropout
};

/// Attention over the edges of `support`. `values` is sources x (heads * channels), where the
/// channels may be others than those of the score. Error(shape) when the rows, heads or columns of
/// score, values and support do not fit each other.
Attended attend(const Score& score, const Graph& support, const Var& values,
                const AttendOptions& options = {});

}  // namespace AGATE_NAMESPACE
