#pragma once
/// \file
/// Predictions that follow a graph as it changes, at the price of what can have changed; and those
/// of graphs whose passes do not fit in memory, layer by layer.
///
/// Both are for networks of task node whose layers see a node and the messages it receives and
/// nothing else (ModelInfo::local; without a virtual node or a norm over whole graphs). Results
/// agree with a full pass but for the order in which rows are grouped for products: to about 1e-6.

#include <agate/models/model.hpp>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::models {

/// The outputs of a model on a graph that changes: new and lost edges, new features. What each
/// layer made of each node is kept; update() runs layer l on the nodes within l messages of a
/// change alone. To be used by one thread at a time.
class IncrementalPredictor {
 public:
  /// One full pass. `edge_attr`: as Input, by edge id; empty: none. `threads` 0: all.
  /// Error(unsupported) for a model as above, Error(shape) when the parts do not fit.
  IncrementalPredictor(std::shared_ptr<const Model> model, const Graph& graph,
                       const FeatureMatrix& x, const Tensor& edge_attr = {}, int threads = 0);
  ~IncrementalPredictor();
  IncrementalPredictor(IncrementalPredictor&&) noexcept;
  IncrementalPredictor& operator=(IncrementalPredictor&&) noexcept;

  /// One edge more; of an undirected graph it runs both ways. `attr`: its features, where edges
  /// have any. Error(shape) for a node that does not exist or other columns.
  void add_edge(Edge edge, std::span<const Real> attr = {});
  /// One such edge less (of several the one that was added last); of an undirected graph it may be
  /// named either way. Error(not_found) where there is none.
  void remove_edge(Edge edge);
  /// What is known of a node from now on. Error(shape) for a node that does not exist or other
  /// columns, Error(value) for NaN or infinity.
  void set_features(Index node, std::span<const Real> row);

  /// Recomputes what the changes since the last call can have reached; the nodes whose outputs that
  /// are, ascending. When it throws, the changes still wait.
  std::vector<Index> update();
  /// Nodes x outputs, as of the last update(). The elements change with the next.
  const Tensor& outputs() const;
  Index num_nodes() const;
  Index num_edges() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How much predict_layerwise() holds at once, and where.
struct LayerwiseOptions {
  /// How many nodes a layer works on at once, at most. With them come those that send them
  /// messages, of which a portion of several nodes has up to 8 times as many: fewer at a time take
  /// less memory and more time.
  Index nodes_at_a_time = 1 << 13;
  /// A folder for what layers make, in files without a name that the system drops with the process;
  /// empty: it stays in memory.
  std::string folder{};
  int threads = 0;  ///< 0: all
};

/// What Model::predict() says, layer by layer over all nodes, some nodes at a time: in memory are
/// the outputs of two layers (with jumping knowledge, of all) and the pass of one portion; with
/// `folder` the outputs lie in files, and the system keeps of them what fits. Errors as above,
/// Error(io) for a folder that cannot be written.
Tensor predict_layerwise(const Model& model, const Graph& graph, const FeatureMatrix& x,
                         const LayerwiseOptions& options = {}, const Tensor& edge_attr = {});

}  // namespace AGATE_NAMESPACE::models
