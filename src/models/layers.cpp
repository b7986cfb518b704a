#include "models/layers.hpp"

#include <agate/core/error.hpp>
#include <agate/nn/conv/agnn_conv.hpp>
#include <agate/nn/conv/dense_gat_conv.hpp>
#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/conv/gatv2_conv.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/gin_conv.hpp>
#include <agate/nn/conv/gine_conv.hpp>
#include <agate/nn/conv/gps_conv.hpp>
#include <agate/nn/conv/sage_conv.hpp>
#include <agate/nn/conv/supergat_conv.hpp>
#include <agate/nn/conv/transformer_conv.hpp>
#include <agate/nn/linear.hpp>
#include <agate/tensor/arithmetic.hpp>

namespace AGATE_NAMESPACE::models {
namespace {

Real real(double value) { return static_cast<Real>(value); }

template <class Conv, class Options, class Rest>
std::unique_ptr<Layer> layer(const Options& options, Rest&& random) {
  return nn::graph_layer(Conv(options, std::forward<Rest>(random)));
}

nn::GATConvOptions gat_options(const ModelConfig& c, const LayerShape& s) {
  return {.in = s.in,
          .out = s.out,
          .heads = s.heads,
          .concat = s.concat,
          .negative_slope = real(c.negative_slope),
          .dropout = real(c.attention_dropout),
          .add_self_loops = c.self_loops,
          .edge_dim = c.edge_dim,
          .bias = c.bias,
          .input_dropout = c.dropout_per_head ? real(c.dropout) : 0,
          .value_dropout = real(c.value_dropout),
          .attention_bias = c.attention_bias,
          .init = c.init == "paper" ? nn::GatInit::paper : nn::GatInit::pyg};
}

// In training each layer adds its edge loss to the pass.
class SuperGATLayer : public Layer {
 public:
  SuperGATLayer(nn::SuperGATConv conv, Real edge_loss)
      : conv_(std::move(conv)), edge_loss_(edge_loss) {}
  Var operator()(const Graph& graph, const Features& x,
                 const nn::AttentionArgs& args) const override {
    if (!x.tape().training() || edge_loss_ == 0) return conv_(graph, x, args);
    std::optional<Var> loss;
    const Var y = conv_(graph, x, args, &loss);
    x.tape().add_loss(scale(*loss, edge_loss_));
    return y;
  }
  const Graph& attended_graph(const Graph& graph) const override {
    return conv_.attended_graph(graph);
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    conv_.visit_parameters(prefix, visit);
  }

 private:
  nn::SuperGATConv conv_;
  Real edge_loss_;
};

std::unique_ptr<Layer> gine(const ModelConfig& c, const LayerShape& s, Random& random) {
  nn::MLP mlp({.channels = {s.in, s.out, s.out},
               .activation = c.activation,
               .batch_norm = c.norm == "batch"},
              random);
  return nn::graph_layer(
      nn::GINEConv({.train_eps = c.train_eps, .edge_dim = c.edge_dim}, std::move(mlp), random));
}

std::unique_ptr<Layer> gps_block(const ModelConfig& c, const LayerShape& s,
                                 const std::string& attn_type,
                                 std::unique_ptr<nn::GraphLayer> local, Random& random) {
  return nn::graph_layer(nn::GPSConv({.channels = s.in,
                                      .heads = s.heads,
                                      .dropout = real(c.dropout),
                                      .attn_dropout = real(c.attention_dropout),
                                      .act = c.activation,
                                      .norm = c.norm,
                                      .attn_type = attn_type},
                                     std::move(local), random));
}

}  // namespace

std::unique_ptr<Layer> make_gat(const ModelConfig& c, const LayerShape& s, Random& random) {
  return layer<nn::GATConv>(gat_options(c, s), random);
}

std::unique_ptr<Layer> make_dense_gat(const ModelConfig& c, const LayerShape& s, Random& random) {
  return layer<nn::DenseGATConv>(gat_options(c, s), random);
}

std::unique_ptr<Layer> make_gatv2(const ModelConfig& c, const LayerShape& s, Random& random) {
  return layer<nn::GATv2Conv>(nn::GATv2ConvOptions{.in = s.in,
                                                   .out = s.out,
                                                   .heads = s.heads,
                                                   .concat = s.concat,
                                                   .negative_slope = real(c.negative_slope),
                                                   .dropout = real(c.attention_dropout),
                                                   .add_self_loops = c.self_loops,
                                                   .edge_dim = c.edge_dim,
                                                   .bias = c.bias,
                                                   .share_weights = c.share_weights},
                              random);
}

std::unique_ptr<Layer> make_transformer_conv(const ModelConfig& c, const LayerShape& s,
                                             Random& random) {
  return layer<nn::TransformerConv>(nn::TransformerConvOptions{.in = s.in,
                                                               .out = s.out,
                                                               .heads = s.heads,
                                                               .concat = s.concat,
                                                               .beta = c.beta,
                                                               .dropout = real(c.attention_dropout),
                                                               .edge_dim = c.edge_dim,
                                                               .bias = c.bias},
                                    random);
}

std::unique_ptr<Layer> make_agnn(const ModelConfig& c, const LayerShape& s, Random&) {
  check(c.norm == "none", ErrorCode::value, "agnn: norm = ", c.norm,
        ", expected none: its layers only move what the first linear layer made");
  // As in PyTorch Geometric's example the first layer's beta stays 1.
  return nn::graph_layer(
      nn::AGNNConv({.requires_grad = s.number > 0, .add_self_loops = c.self_loops}));
}

std::unique_ptr<Layer> make_supergat(const ModelConfig& c, const LayerShape& s, Random& random) {
  return std::make_unique<SuperGATLayer>(
      nn::SuperGATConv({.in = s.in,
                        .out = s.out,
                        .heads = s.heads,
                        .concat = s.concat,
                        .negative_slope = real(c.negative_slope),
                        .dropout = real(c.attention_dropout),
                        .add_self_loops = c.self_loops,
                        .bias = c.bias,
                        .attention_type = c.attention_type,
                        .neg_sample_ratio = real(c.neg_sample_ratio),
                        .edge_sample_ratio = real(c.edge_sample_ratio)},
                       random),
      real(c.edge_loss));
}

std::unique_ptr<Layer> make_dense_transformer(const ModelConfig& c, const LayerShape& s,
                                              Random& random) {
  return gps_block(c, s, "multihead", nullptr, random);
}

std::unique_ptr<Layer> make_rfa(const ModelConfig& c, const LayerShape& s, Random& random) {
  return gps_block(c, s, "rfa", nullptr, random);
}

std::unique_ptr<Layer> make_gps(const ModelConfig& c, const LayerShape& s, Random& random) {
  auto local = [&] {
    if (c.local == "gat") return make_gat(c, s, random);
    LayerShape whole = s;
    whole.out = s.in;  // no heads
    return c.local == "gine" ? gine(c, whole, random) : make_gcn(c, whole, random);
  }();
  return gps_block(c, s, c.attn_type, std::move(local), random);
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

std::unique_ptr<Layer> make_gine(const ModelConfig& c, const LayerShape& s, Random& random) {
  check(c.pre_linear || s.number > 0, ErrorCode::value,
        "gine: pre_linear = 0; the features of edges are added to nodes as wide as the layers");
  return gine(c, s, random);
}

std::unique_ptr<Layer> make_linear(const ModelConfig& c, const LayerShape& s, Random& random) {
  return layer<nn::Linear>(nn::LinearOptions{.in = s.in, .out = s.out, .bias = c.bias}, random);
}

}  // namespace AGATE_NAMESPACE::models
