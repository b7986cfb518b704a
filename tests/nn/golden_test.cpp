#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/conv/gcn_conv.hpp>

#include "golden.hpp"

using namespace agate;

namespace {

// Our weights in PyG's order: the edges without loops as they were given, then a loop per node.
Tensor in_pyg_order(const Graph& attended, const Tensor& weights, const std::vector<Edge>& given,
                    bool loops_added) {
  std::vector<Index> row_of_edge(given.size(), -1);
  Index rows = 0;
  for (std::size_t e = 0; e < given.size(); ++e)
    if (!loops_added || given[e].source != given[e].target) row_of_edge[e] = rows++;
  Tensor ordered = Tensor::zeros({rows + (loops_added ? attended.num_nodes() : 0), weights.cols()});
  for (Index k = 0; k < attended.num_messages(); ++k) {
    const Index id = attended.edge_ids()[k];
    const Index row = id >= 0 ? row_of_edge[id] : rows + attended.sources()[k];
    std::copy_n(weights.row(k), weights.cols(), ordered.row(row));
  }
  return ordered;
}

}  // namespace

TEST_CASE("GATConv agrees with PyTorch Geometric") {
  for (const char* name : {"GATConv_0", "GATConv_1", "GATConv_4", "GATConv_6"}) {
    INFO(name);
    const Golden golden(name);
    Random random(1);
    nn::GATConv layer({.in = golden.args["in_channels"],
                       .out = golden.args["out_channels"],
                       .heads = golden.args["heads"],
                       .concat = golden.args.value("concat", true),
                       .add_self_loops = golden.args.value("add_self_loops", true),
                       .bias = golden.args.value("bias", true)},
                      random);
    const Graph graph = golden.graph();
    Tensor weights;
    check_layer(golden, layer, [&](const Var& x) { return layer(graph, x, weights); });
    check_close(in_pyg_order(layer.attended_graph(graph), weights, golden.edges("edge_index"),
                             layer.options().add_self_loops),
                golden.tensor("alpha"), "alpha");
  }
}

TEST_CASE("GCNConv agrees with PyTorch Geometric") {
  // PyTorch Geometric's `improved` (GCNConv_1) changes nothing where edges carry no weights.
  for (const char* name : {"GCNConv_0", "GCNConv_1", "GCNConv_2", "GCNConv_3"}) {
    INFO(name);
    const Golden golden(name);
    Random random(1);
    nn::GCNConv layer({.in = golden.args["in_channels"],
                       .out = golden.args["out_channels"],
                       .add_self_loops = golden.args.value("add_self_loops", true),
                       .normalize = golden.args.value("normalize", true),
                       .bias = golden.args.value("bias", true)},
                      random);
    const Graph graph = golden.graph();
    check_layer(golden, layer, [&](const Var& x) { return layer(graph, x); });
  }
}
