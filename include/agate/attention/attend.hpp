#pragma once
/// \file
/// attend: the one operation of the library. It scores pairs, normalises each query's scores, and
/// takes the weighted sum of the values.
///
///   s(i, j, h) = score of query i and key j in head h [+ bias(i, j, h)], for the pairs of the
///                support
///   a(i, j, h) = exp s(i, j, h) / sum over the pairs (i, j') of exp s(i, j', h)
///   out(i, h)  = sum over the pairs (i, j) of a(i, j, h) * (values(j, h) [+ edge_values(i, j, h)])
///
/// On the edges of a graph the queries are the targets and the keys the sources of messages; a term
/// of an edge is given per message of the graph (see edge_messages.hpp). One fused pass forward and
/// one backward; memory grows with nodes x heads x channels, never with edges x heads x channels,
/// and on dense supports with the length, never with its square (unless the caller brings terms of
/// that size, or asks for the weights). A query without keys gets zero. NaN comes out in exactly
/// the rows that see it. Bit-identical for any number of threads.

#include <agate/attention/random_features.hpp>
#include <agate/attention/score.hpp>
#include <agate/attention/support.hpp>

namespace AGATE_NAMESPACE {

/// What attend() takes beside the score, the support and the values.
struct AttendOptions {
  Real dropout = 0;             ///< on the normalised weights, in training; counted by edge id
  bool return_weights = false;  ///< Attended::weights is filled
  /// Added to the scores. On a graph messages x heads, on a dense support queries x keys (for all
  /// heads) or heads x queries x keys. An additive score takes its terms of pairs inside LeakyReLU,
  /// as AdditiveScore::edge.
  std::optional<Var> bias{};
  std::optional<Var> edge_values{};  ///< graphs: messages x (heads * channels), added to the values
  /// Graphs: messages x 1, what the normalised weights are multiplied by before the sum, with a
  /// gradient. These passes keep arrays of the size of messages x heads x channels, and there is no
  /// dropout in them: they are meant for the explanation of parts of a graph.
  std::optional<Var> message_weights{};
  /// On dense supports, linear in the length (see linear_attention.hpp): gaussian features
  /// approximate GaussianScore; arc-cosine ones put their kernel in the place of exp of DotScore or
  /// ScaledDotScore, whose scale then cancels. No weights are formed: none can be returned, dropped
  /// or given a bias.
  std::optional<RandomFeatures> random_features{};
};

/// What attend() gives.
struct Attended {
  Var output;  ///< queries x (heads * channels), heads side by side
  /// Before dropout. On a graph messages x heads in the order of the graph's messages, on a dense
  /// support heads x queries x keys, 0 where there is no pair.
  Tensor weights;
};

/// Attention over the pairs of `support`. `values` is keys x (heads * channels), where the channels
/// may be others than those of the score. Error(shape) when the rows, heads or columns of score,
/// values and support do not fit each other; Error(unsupported) for a combination without meaning,
/// such as terms of edges, channel by channel, on a dense support.
Attended attend(const Score& score, const Support& support, const Var& values,
                const AttendOptions& options = {});

}  // namespace AGATE_NAMESPACE
