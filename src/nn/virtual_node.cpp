#include <agate/core/error.hpp>
#include <agate/nn/virtual_node.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/dropout.hpp>
#include <agate/tensor/normalization.hpp>
#include <agate/tensor/rows.hpp>
#include <agate/tensor/segment_expand.hpp>
#include <agate/tensor/segment_sum.hpp>

namespace AGATE_NAMESPACE::nn {
namespace {

void check_columns(const char* what, const Var& x, Index channels) {
  check(x.cols() == channels, ErrorCode::shape, "VirtualNode: ", what, " has ", x.cols(),
        " columns, expected channels = ", channels);
}

// A last batch of one graph shall not end the training.
Var normalised(const BatchNorm& norm, const Var& x) {
  Tape& tape = x.tape();
  if (!tape.training() || x.rows() != 1) return norm(x);
  const ColumnStatistics given{norm.running_mean->value, norm.running_var->value};
  return batch_norm(x, tape.parameter(*norm.weight), tape.parameter(*norm.bias),
                    BatchNormOptions().eps, &given);
}

}  // namespace

VirtualNode::VirtualNode(const VirtualNodeOptions& o, Random& random) : options_(o) {
  check(o.channels >= 1 && o.num_layers >= 1, ErrorCode::value,
        "VirtualNode: channels = ", o.channels, ", num_layers = ", o.num_layers,
        ", expected at least 1");
  embedding.value = Tensor::zeros({1, o.channels});
  for (Index l = 0; l + 1 < o.num_layers; ++l)
    mlps_.push_back({Linear({.in = o.channels, .out = 2 * o.channels}, random),
                     Linear({.in = 2 * o.channels, .out = o.channels}, random),
                     BatchNorm({.in_channels = 2 * o.channels}),
                     BatchNorm({.in_channels = o.channels})});
}

Var VirtualNode::start(Tape& tape, Index graphs) const {
  check(graphs >= 0, ErrorCode::value, "VirtualNode: ", graphs, " graphs, expected 0 or more");
  return gather_rows(tape.parameter(embedding),
                     std::vector<Index>(static_cast<std::size_t>(graphs), 0));
}

Var VirtualNode::spread(const Var& h, const Var& v, std::span<const Index> offsets) const {
  check_columns("h", h, options_.channels);
  check_columns("v", v, options_.channels);
  return add(h, segment_expand(v, offsets));
}

Var VirtualNode::update(Index layer, const Var& v, const Var& h,
                        std::span<const Index> offsets) const {
  check(layer >= 0 && layer < std::ssize(mlps_), ErrorCode::value, "VirtualNode: layer ", layer,
        ", expected one before the last of num_layers = ", options_.num_layers);
  check_columns("h", h, options_.channels);
  check_columns("v", v, options_.channels);
  const Mlp& mlp = mlps_[static_cast<std::size_t>(layer)];
  const Var collected = add(v, segment_sum(h, offsets));
  const Var hidden = relu(normalised(mlp.norm1, mlp.widen(collected)));
  const Var found = dropout(relu(normalised(mlp.norm2, mlp.narrow(hidden))), options_.dropout);
  return options_.residual ? add(v, found) : found;
}

void VirtualNode::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "virtualnode_embedding.weight", embedding);
  for (std::size_t l = 0; l < mlps_.size(); ++l) {
    const std::string of = prefix + "mlp_virtualnode_list." + std::to_string(l) + ".";
    mlps_[l].widen.visit_parameters(of + "0.", visit);
    mlps_[l].norm1.visit_parameters(of + "1.", visit);
    mlps_[l].narrow.visit_parameters(of + "3.", visit);
    mlps_[l].norm2.visit_parameters(of + "4.", visit);
  }
}

}  // namespace AGATE_NAMESPACE::nn
