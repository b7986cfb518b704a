#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/conv/gatv2_conv.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/transformer_conv.hpp>

#include "golden.hpp"
#include "kernels/elementary.hpp"

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

// Inputs, outputs, weights and all gradients of an attention layer, with its options as PyG names
// them; one set of nodes or two.
template <class Layer>
void check_attention(const Golden& golden, Layer& layer, bool loops_added) {
  for (auto& [name, parameter] : layer.parameters())
    parameter->value = golden.tensor("param." + name).reshape(parameter->value.shape());
  Tape tape;
  const bool two_sets = golden.file.find("x_src") != nullptr;
  std::vector<std::pair<std::string, Var>> inputs;
  for (const char* name : {"x", "x_src", "x_dst", "edge_attr"})
    if (golden.file.find(name)) inputs.emplace_back(name, tape.variable(golden.tensor(name)));
  const auto edges = golden.edges("edge_index");
  const Graph graph =
      two_sets ? Graph::bipartite(inputs[0].second.rows(), inputs[1].second.rows(), edges)
               : golden.graph();
  Tensor weights;
  nn::AttentionArgs args{.edge_attr = {}, .weights = &weights};
  if (inputs.back().first == "edge_attr") args.edge_attr = inputs.back().second;
  const Var y = two_sets ? layer(graph, inputs[0].second, inputs[1].second, args)
                         : layer(graph, inputs[0].second, args);
  check_close(y.value(), golden.tensor("out"), "out");
  check_close(in_pyg_order(layer.attended_graph(graph), weights, edges, loops_added),
              golden.tensor("alpha"), "alpha");
  tape.backward(y, golden.tensor("grad_out"));
  for (const auto& [name, input] : inputs)
    check_close(tape.gradient(input), golden.tensor("grad." + name), "grad." + name);
  for (auto& [name, parameter] : layer.parameters()) {
    REQUIRE(tape.gradient(*parameter) != nullptr);
    check_close(*tape.gradient(*parameter), golden.tensor("grad.param." + name), name);
  }
}

// The options that the attention layers share, as the case names them.
template <class Options>
Options attention_options(const nlohmann::json& args) {
  const auto& in = args["in_channels"];
  Options o{};
  o.in = in.is_array() ? in[0] : in;
  o.in_dst = in.is_array() ? Index{in[1]} : 0;
  o.out = args["out_channels"];
  o.heads = args.value("heads", 1);
  o.concat = args.value("concat", true);
  o.edge_dim = args.value("edge_dim", 0);
  o.bias = args.value("bias", true);
  return o;
}

template <class Options>
Options gat_options(const nlohmann::json& args) {
  auto o = attention_options<Options>(args);
  o.negative_slope = args.value("negative_slope", Real(0.2));
  o.add_self_loops = args.value("add_self_loops", true);
  o.fill_value = args.value("fill_value", "mean");
  o.residual = args.value("residual", false);
  return o;
}

std::vector<std::string> cases(const std::string& layer, int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back(layer + "_" + std::to_string(i));
  return names;
}

// Scalar kernels, SIMD kernels.
std::vector<bool> kernel_sets() {
  return kernels::simd() ? std::vector<bool>{false, true} : std::vector<bool>{false};
}

}  // namespace

TEST_CASE("GATConv agrees with PyTorch Geometric") {
  auto names = cases("GATConv", 8);
  names.push_back("GATConv_bipartite");
  for (const bool simd : kernel_sets())
    for (const std::string& name : names) {
      INFO(name << (simd ? ", SIMD" : ", scalar"));
      kernels::set_simd(simd);
      const Golden golden(name);
      Random random(1);
      nn::GATConv layer(gat_options<nn::GATConvOptions>(golden.args), random);
      check_attention(golden, layer, layer.options().add_self_loops);
    }
}

TEST_CASE("GATv2Conv agrees with PyTorch Geometric") {
  auto names = cases("GATv2Conv", 9);
  names.push_back("GATv2Conv_bipartite");
  for (const bool simd : kernel_sets())
    for (const std::string& name : names) {
      INFO(name << (simd ? ", SIMD" : ", scalar"));
      kernels::set_simd(simd);
      const Golden golden(name);
      auto options = gat_options<nn::GATv2ConvOptions>(golden.args);
      options.share_weights = golden.args.value("share_weights", false);
      Random random(1);
      nn::GATv2Conv layer(options, random);
      check_attention(golden, layer, options.add_self_loops);
    }
}

TEST_CASE("TransformerConv agrees with PyTorch Geometric") {
  for (const bool simd : kernel_sets())
    for (const std::string& name : cases("TransformerConv", 6)) {
      INFO(name << (simd ? ", SIMD" : ", scalar"));
      kernels::set_simd(simd);
      const Golden golden(name);
      auto options = attention_options<nn::TransformerConvOptions>(golden.args);
      options.beta = golden.args.value("beta", false);
      options.root_weight = golden.args.value("root_weight", true);
      Random random(1);
      nn::TransformerConv layer(options, random);
      check_attention(golden, layer, false);
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
