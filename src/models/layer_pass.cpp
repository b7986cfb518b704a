#include "models/layer_pass.hpp"

#include <agate/core/error.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>

#include "models/network.hpp"
#include "nn/conv/part_norm.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

const LayerStack& local_stack(const Model& model) {
  const ModelConfig& c = model.config();
  const auto& infos = model_registry();
  const auto info = std::ranges::find(infos, c.model, &ModelInfo::name);
  const auto* network = dynamic_cast<const Network*>(&model);
  const auto* stack = network ? dynamic_cast<const LayerStack*>(&network->encoder()) : nullptr;
  check(stack && info != infos.end() && info->local && !c.virtual_node && c.norm != "graph" &&
            c.task == "node",
        ErrorCode::unsupported, c.model, " (task ", c.task, ", norm ", c.norm, ", virtual_node ",
        c.virtual_node, "): what its layers make of a node is not of its messages alone; ",
        "layer by layer run models of nodes whose layers are local");
  return *stack;
}

}  // namespace

GraphPart PartMaker::part(std::span<const Index> targets, Messages messages, bool loops) {
  GraphPart part;
  part.nodes.assign(targets.begin(), targets.end());
  for (Index i : targets) position_[static_cast<std::size_t>(i)] = 0;
  for (Index i : targets)
    messages(i, [&](NodeId source, Index) {
      auto& position = position_[static_cast<std::size_t>(source)];
      if (position >= 0) return;
      position = 0;
      part.nodes.push_back(source);
    });
  // In the order of the whole, in which a node's messages stay then.
  std::ranges::sort(part.nodes);
  for (std::size_t k = 0; k < part.nodes.size(); ++k)
    position_[static_cast<std::size_t>(part.nodes[k])] = static_cast<NodeId>(k);
  list_.clear();
  part.positions.reserve(targets.size());
  for (Index i : targets) {
    const NodeId target = position_[static_cast<std::size_t>(i)];
    part.positions.push_back(target);
    messages(i, [&](NodeId source, Index edge) {
      list_.push_back({position_[static_cast<std::size_t>(source)], target});
      part.edges.push_back(edge);
    });
  }
  for (Index i : part.nodes) position_[static_cast<std::size_t>(i)] = -1;
  part.graph = Graph::from_edges(std::ssize(part.nodes), list_, {.self_loops = loops});
  return part;
}

Tape& LayerPass::fresh_tape() const {
  if (tape_ && keep_memory_)
    tape_->reset();
  else
    tape_.emplace(TapeOptions{.record = false, .threads = threads_});
  return *tape_;
}

LayerPass::LayerPass(const Model& model, int threads, bool keep_memory)
    : model_(model), stack_(local_stack(model)), keep_memory_(keep_memory), threads_(threads) {}

Tensor LayerPass::start(const FeatureMatrix& rows) const {
  Tape& tape = fresh_tape();
  return stack_.start(Features(tape, rows)).dense().value().clone();
}

Tensor LayerPass::layer(std::size_t number, const GraphPart& part, const FeatureMatrix& h,
                        const Tensor& edge_attr, std::span<const double> degrees) const {
  if (sees_degrees()) nn::set_gcn_norm(part.graph, counts_loops(), degrees);
  Tape& tape = fresh_tape();
  const Features x(tape, h);
  Input input{part.graph, x};
  if (!edge_attr.empty()) input.edge_attr = tape.constant(edge_attr);
  return gather(stack_.layer(number, input, x).value(), part.positions);
}

Tensor LayerPass::finish(const std::vector<Tensor>& outputs) const {
  Tape& tape = fresh_tape();
  std::vector<Var> layers;
  for (const Tensor& y : outputs) layers.push_back(tape.constant(y));
  const Var h = stack_.join(layers);
  return model_.decode(h, {Graph(), Features(h)}).value().clone();
}

FeatureMatrix prepare_rows(const Model& model, const std::string& normalize,
                           const FeatureMatrix& rows) {
  if (normalize != "none") return model.prepare(rows);
  check(cols(rows) == model.config().in, ErrorCode::shape, model.config().model, ": x has ",
        cols(rows), " columns, expected in = ", model.config().in);
  return rows;
}

Tensor gather(const Tensor& from, std::span<const Index> rows) {
  Tensor to = Tensor::uninitialized({std::ssize(rows), from.cols()});
  for (std::size_t k = 0; k < rows.size(); ++k)
    std::copy_n(from.row(rows[k]), from.cols(), to.row(static_cast<Index>(k)));
  return to;
}

}  // namespace AGATE_NAMESPACE::models
