#pragma once
/// \file
/// Readout: one row for each graph of a packed batch from the rows of its nodes; any of them chosen
/// by name.

#include <agate/nn/module.hpp>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::nn {

/// The order of the nodes of a graph does not matter, and no graph sees another.
class Readout : public Module {
 public:
  /// x (nodes x channels), graph b being the rows offsets[b] to offsets[b + 1] - 1 -> graphs x
  /// out_channels(). Error(shape) when x has other columns or the graphs are not all the rows,
  /// Error(value) when offsets fall.
  virtual Var operator()(const Var& x, std::span<const Index> offsets) const = 0;
  /// The same. Readouts that weigh the nodes of a graph fill `weights`, where given, with a row for
  /// each node, whose columns sum to 1 over the nodes of a graph; others leave it as it is.
  virtual Var with_weights(const Var& x, std::span<const Index> offsets, Tensor* weights) const;
  /// Whether each column is read by itself: then of_part() reads some columns of x as they come,
  /// and what it makes of all of them side by side is the readout. Error(unsupported) elsewhere.
  virtual bool by_column() const { return false; }
  /// Some columns of x; see by_column().
  virtual Var of_part(const Var& columns, std::span<const Index> offsets) const;
  virtual Index out_channels() const = 0;
};

/// What counts for some readouts.
struct ReadoutOptions {
  Index timesteps = 2;                      ///< attentive_fp
  Real dropout = 0, attention_dropout = 0;  ///< attentive_fp
};

/// sum, mean, max (see basic_aggregation.hpp), attention (AttentionalAggregation with a Linear for
/// the gate), set2set (Set2Set of 3 steps), multihead (GraphMultisetTransformer of 8 seeds with
/// norms, and 4 heads where they can share the channels), attentive_fp (AttentiveFPReadout).
const std::vector<std::string>& readout_names();

/// The readout of that name of rows of `channels` columns. Error(usage) for another name, with the
/// nearest known.
std::unique_ptr<Readout> make_readout(const std::string& name, Index channels, Random& random,
                                      const ReadoutOptions& options = {});

}  // namespace AGATE_NAMESPACE::nn
