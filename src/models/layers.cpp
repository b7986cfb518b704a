#include "models/layers.hpp"

#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/conv/gatv2_conv.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/gin_conv.hpp>
#include <agate/nn/conv/sage_conv.hpp>
#include <agate/nn/conv/transformer_conv.hpp>
#include <agate/nn/linear.hpp>

namespace AGATE_NAMESPACE::models {
namespace {

Real real(double value) { return static_cast<Real>(value); }

// How a layer of any class is run.
template <class Conv>
Var run(const Conv& conv, const Graph& graph, const Features& x,
        std::vector<LayerAttention>* attention) {
  if constexpr (requires(Tensor * w) { conv(graph, x, nn::AttentionArgs{.weights = w}); }) {
    Tensor weights;
    const Var y = conv(graph, x, {.edge_attr = {}, .weights = attention ? &weights : nullptr});
    if (attention) attention->push_back({conv.attended_graph(graph), std::move(weights)});
    return y;
  } else if constexpr (requires { conv(graph, x); }) {
    return conv(graph, x);
  } else {
    return conv(x);
  }
}

template <class Conv>
class LayerOf : public Layer {
 public:
  explicit LayerOf(Conv conv) : conv_(std::move(conv)) {}
  Var operator()(const Graph& graph, const Features& x,
                 std::vector<LayerAttention>* attention) const override {
    return run(conv_, graph, x, attention);
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    conv_.visit_parameters(prefix, visit);
  }

 private:
  Conv conv_;
};

template <class Conv, class Options, class Rest>
std::unique_ptr<Layer> layer(const Options& options, Rest&& random) {
  return std::make_unique<LayerOf<Conv>>(Conv(options, std::forward<Rest>(random)));
}

}  // namespace

std::unique_ptr<Layer> make_gat(const ModelConfig& c, const LayerShape& s, Random& random) {
  return layer<nn::GATConv>(
      nn::GATConvOptions{.in = s.in,
                         .out = s.out,
                         .heads = s.heads,
                         .concat = s.concat,
                         .negative_slope = real(c.negative_slope),
                         .dropout = real(c.attention_dropout),
                         .add_self_loops = c.self_loops,
                         .bias = c.bias,
                         .input_dropout = c.dropout_per_head ? real(c.dropout) : 0,
                         .value_dropout = real(c.value_dropout),
                         .attention_bias = c.attention_bias,
                         .init = c.init == "paper" ? nn::GatInit::paper : nn::GatInit::pyg},
      random);
}

std::unique_ptr<Layer> make_gatv2(const ModelConfig& c, const LayerShape& s, Random& random) {
  return layer<nn::GATv2Conv>(nn::GATv2ConvOptions{.in = s.in,
                                                   .out = s.out,
                                                   .heads = s.heads,
                                                   .concat = s.concat,
                                                   .negative_slope = real(c.negative_slope),
                                                   .dropout = real(c.attention_dropout),
                                                   .add_self_loops = c.self_loops,
                                                   .bias = c.bias,
                                                   .share_weights = c.share_weights},
                              random);
}

std::unique_ptr<Layer> make_transformer(const ModelConfig& c, const LayerShape& s, Random& random) {
  return layer<nn::TransformerConv>(nn::TransformerConvOptions{.in = s.in,
                                                               .out = s.out,
                                                               .heads = s.heads,
                                                               .concat = s.concat,
                                                               .beta = c.beta,
                                                               .dropout = real(c.attention_dropout),
                                                               .bias = c.bias},
                                    random);
}

std::unique_ptr<Layer> make_gcn(const ModelConfig& c, const LayerShape& s, Random& random) {
  return layer<nn::GCNConv>(
      nn::GCNConvOptions{.in = s.in, .out = s.out, .add_self_loops = c.self_loops, .bias = c.bias},
      random);
}

std::unique_ptr<Layer> make_sage(const ModelConfig& c, const LayerShape& s, Random& random) {
  return layer<nn::SAGEConv>(
      nn::SAGEConvOptions{.in = s.in, .out = s.out, .aggr = c.aggr, .bias = c.bias}, random);
}

std::unique_ptr<Layer> make_gin(const ModelConfig& c, const LayerShape& s, Random& random) {
  return layer<nn::GINConv>(nn::GINConvOptions{.train_eps = c.train_eps},
                            nn::MLP({.channels = {s.in, s.out, s.out},
                                     .activation = c.activation,
                                     .batch_norm = c.norm == "batch"},
                                    random));
}

std::unique_ptr<Layer> make_linear(const ModelConfig& c, const LayerShape& s, Random& random) {
  return layer<nn::Linear>(nn::LinearOptions{.in = s.in, .out = s.out, .bias = c.bias}, random);
}

}  // namespace AGATE_NAMESPACE::models
