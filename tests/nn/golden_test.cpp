#include <agate/io/safetensors.hpp>
#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "catch.hpp"

using namespace agate;

namespace {

// One case of tests/golden: torch's inputs, parameters, outputs and gradients.
struct Golden {
  explicit Golden(const std::string& name)
      : file(io::read_safetensors(std::string(AGATE_SOURCE_DIR "/tests/golden/") + name +
                                  ".safetensors")),
        args(nlohmann::json::parse(file.metadata.at("args"))) {}

  Tensor tensor(const std::string& name) const { return file.find(name)->as_tensor(name); }
  std::vector<Edge> edges(const std::string& name) const {
    const auto flat = file.find(name)->as_indices(name);
    std::vector<Edge> list;
    for (std::size_t e = 0; e < flat.size() / 2; ++e)
      list.push_back(
          {static_cast<NodeId>(flat[e]), static_cast<NodeId>(flat[flat.size() / 2 + e])});
    return list;
  }
  Graph graph() const { return Graph::from_edges(tensor("x").rows(), edges("edge_index")); }

  io::SafeTensors file;
  nlohmann::json args;
};

void check_close(const Tensor& ours, const Tensor& golden, const std::string& what) {
  INFO(what << ": " << ours.shape().to_string() << ", expected " << golden.shape().to_string());
  REQUIRE(ours.size() == golden.size());
  double worst = 0;
  for (Index i = 0; i < ours.size(); ++i)
    worst = std::max(worst, std::abs(double(ours.data()[i]) - golden.data()[i]) /
                                std::max(1.0, std::abs(double(golden.data()[i]))));
  CHECK(worst < 1e-5);
}

template <class Layer, class Run>
void check_layer(const Golden& golden, Layer& layer, Run run) {
  for (auto& [name, parameter] : layer.parameters())
    parameter->value = golden.tensor("param." + name).reshape(parameter->value.shape());
  Tape tape;
  const Var x = tape.variable(golden.tensor("x"));
  const Var y = run(x);
  check_close(y.value(), golden.tensor("out"), "out");
  tape.backward(y, golden.tensor("grad_out"));
  check_close(tape.gradient(x), golden.tensor("grad.x"), "grad.x");
  for (auto& [name, parameter] : layer.parameters()) {
    REQUIRE(tape.gradient(*parameter) != nullptr);
    check_close(*tape.gradient(*parameter), golden.tensor("grad.param." + name), name);
  }
}

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
