#include <agate/core/error.hpp>
#include <agate/nn/pool/attentive_fp_readout.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/dropout.hpp>
#include <agate/tensor/segment_sum.hpp>

#include "nn/pool/seeds_support.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

const AttentiveFPReadoutOptions& checked(const AttentiveFPReadoutOptions& o) {
  check(o.channels >= 1 && o.num_timesteps >= 1, ErrorCode::value,
        "AttentiveFPReadout: channels = ", o.channels, ", num_timesteps = ", o.num_timesteps,
        ", expected at least 1");
  return o;
}

}  // namespace

AttentiveFPReadout::AttentiveFPReadout(const AttentiveFPReadoutOptions& o, Random& random)
    : mol_conv({.in = checked(o).channels,
                .out = o.channels,
                .negative_slope = Real(0.01),
                .dropout = o.attention_dropout,
                .add_self_loops = false},
               random),
      mol_gru({.input_size = o.channels, .hidden_size = o.channels}, random),
      options_(o) {}

Var AttentiveFPReadout::with_weights(const Var& x, std::span<const Index> offsets,
                                     Tensor* weights) const {
  check(x.cols() == options_.channels, ErrorCode::shape, "AttentiveFPReadout: x has ", x.cols(),
        " columns, expected channels = ", options_.channels);
  // A graph rather than a dense support, whose weights would be graphs x nodes.
  const Graph of_graphs = seeds_support("AttentiveFPReadout", x.rows(), offsets, 1).to_graph();
  const GATConv::Sources sources = mol_conv.sources(x);
  Var g = relu(segment_sum(x, offsets));
  for (Index t = 0; t < options_.num_timesteps; ++t) {
    const bool last = t + 1 == options_.num_timesteps;
    const Var c = elu(mol_conv.on_support(of_graphs, sources, g, last ? weights : nullptr));
    g = relu(mol_gru(dropout(c, options_.dropout), g));
  }
  return g;
}

void AttentiveFPReadout::visit_parameters(const std::string& prefix,
                                          const ParameterVisitor& visit) {
  mol_conv.visit_parameters(prefix + "mol_conv.", visit);
  mol_gru.visit_parameters(prefix + "mol_gru.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
