#pragma once
// One layer of a network on a few nodes of a large graph: the nodes, those that they receive
// messages from, and nothing else.

#include <agate/models/model.hpp>
#include <optional>
#include <span>
#include <vector>

#include "models/layer_stack.hpp"

namespace AGATE_NAMESPACE::models {

// Some nodes of a graph, called targets, and the sources of their messages.
struct GraphPart {
  Graph graph;                   // of them all; only targets receive
  std::vector<Index> nodes;      // of the whole, ascending: node k of the part is nodes[k]
  std::vector<Index> positions;  // of the targets among them
  std::vector<Index> edges;      // of the whole, for each edge of the part
};

// Takes parts out of one graph after the other of at most `nodes` nodes; its memory is as large as
// the nodes are many.
class PartMaker {
 public:
  using Receive = FunctionRef<void(NodeId source, Index edge)>;
  // messages(i, receive) calls receive for each message of node i, by ascending source; `loops`:
  // each target has a loop of the library's beside them.
  using Messages = FunctionRef<void(Index node, Receive receive)>;

  explicit PartMaker(Index nodes) : position_(static_cast<std::size_t>(nodes), -1) {}
  GraphPart part(std::span<const Index> targets, Messages messages, bool loops);

 private:
  std::vector<NodeId> position_;  // in the part that is being made; -1: not in it
  std::vector<Edge> list_;
};

// The parts of a pass of a model, on rows of nodes; without gradients. Of one thread at a time.
class LayerPass {
 public:
  // Error(unsupported) for a model whose layers see more than a node and its messages.
  // With keep_memory the memory of one call serves the next: fast for small parts, while large
  // parts of ever other sizes would leave too much of it behind.
  LayerPass(const Model& model, int threads, bool keep_memory);

  std::size_t num_layers() const { return stack_.num_layers(); }
  bool has_start() const { return stack_.has_start(); }
  bool joins() const { return stack_.joins(); }
  // Whether a message counts by how many messages its source receives, and loops among them.
  bool sees_degrees() const { return model_.config().model == "gcn"; }
  bool counts_loops() const { return model_.config().self_loops; }

  // `rows` as Model::prepare() would leave them.
  Tensor start(const FeatureMatrix& rows) const;
  // What layer `number` makes of the targets of a part, of whose nodes h has one row each;
  // edge_attr one for each edge of the part. `degrees`, of all nodes of the part, where they are
  // seen.
  Tensor layer(std::size_t number, const GraphPart& part, const FeatureMatrix& h,
               const Tensor& edge_attr, std::span<const double> degrees) const;
  // From the outputs of all layers (of the last one, unless joins()) to what is said of nodes.
  Tensor finish(const std::vector<Tensor>& outputs) const;

 private:
  const Model& model_;
  const LayerStack& stack_;
  bool keep_memory_;
  int threads_;
  mutable std::optional<Tape> tape_;
  Tape& fresh_tape() const;
};

// How prepare() treats all of x decides how it treats a few of its rows.
FeatureMatrix prepare_rows(const Model& model, const std::string& normalize,
                           const FeatureMatrix& rows);

// The rows of a tensor.
Tensor gather(const Tensor& from, std::span<const Index> rows);

}  // namespace AGATE_NAMESPACE::models
