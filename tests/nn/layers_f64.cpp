#include <agate/nn/attention/external_attention.hpp>
#include <agate/nn/attention/random_feature_attention.hpp>
#include <agate/nn/attention/squeeze_excitation.hpp>
#include <agate/nn/conv/agnn_conv.hpp>
#include <agate/nn/conv/dense_gat_conv.hpp>
#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/conv/gate_conv.hpp>
#include <agate/nn/conv/gatv2_conv.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/gin_conv.hpp>
#include <agate/nn/conv/gps_conv.hpp>
#include <agate/nn/conv/sage_conv.hpp>
#include <agate/nn/conv/supergat_conv.hpp>
#include <agate/nn/conv/transformer_conv.hpp>
#include <agate/nn/linear.hpp>
#include <agate/nn/norm/batch_norm.hpp>
#include <agate/nn/norm/graph_norm.hpp>
#include <agate/nn/norm/layer_norm.hpp>
#include <agate/nn/transformer/transformer.hpp>

#include "nn/layer_gradients.hpp"
#include "nn/layer_with_inputs.hpp"

using namespace agate;

TEST_CASE("gradients of every layer agree with central differences") {
  Random random(4);
  const Graph graph = table::example_graph(14, {.undirected = true});
  const Tensor dense = table::example({14, 11}, 1);
  const SparseMatrix sparse = table::example_sparse(14, 11);
  auto features = [&](Tape& tape, bool use_sparse) {
    return use_sparse ? Features(tape, sparse) : Features(tape.constant(dense));
  };
  for (bool is_sparse : {false, true}) {
    const std::string kind = is_sparse ? " on sparse features" : " on dense features";
    nn::Linear linear({.in = 11, .out = 3}, random);
    check_gradients("Linear" + kind, linear,
                    [&](Tape& tape) { return linear(features(tape, is_sparse)); });
    nn::GCNConv gcn({.in = 11, .out = is_sparse ? 4 : 17}, random);
    check_gradients("GCNConv" + kind, gcn,
                    [&](Tape& tape) { return gcn(graph, features(tape, is_sparse)); });
    for (const bool all : {false, true})
      for (const char* aggr : {"mean", "max", "sum"}) {
        if (is_sparse && !all && aggr == std::string("max")) continue;
        nn::SAGEConv sage({.in = 11,
                           .out = all ? 4 : 17,
                           .aggr = aggr,
                           .normalize = all,
                           .root_weight = !all,
                           .project = all},
                          random);
        check_gradients(std::string("SAGEConv ") + aggr + kind, sage,
                        [&](Tape& tape) { return sage(graph, features(tape, is_sparse)); });
      }
    for (const Index hidden : {4, 17}) {
      nn::GINConv gin(
          {.eps = 0.2, .train_eps = true},
          nn::MLP({.channels = {11, hidden, 5, 3}, .activation = "elu", .batch_norm = hidden == 4},
                  random));
      check_gradients("GINConv" + kind, gin,
                      [&](Tape& tape) { return gin(graph, features(tape, is_sparse)); });
    }
    for (const char* type : {"MX", "SD"}) {
      nn::SuperGATConv super({.in = 11,
                              .out = 3,
                              .heads = 2,
                              .dropout = 0.3,
                              .attention_type = type,
                              .edge_sample_ratio = 0.8},
                             random);
      check_gradients(std::string("SuperGATConv ") + type + kind, super,
                      [&](Tape& tape) { return super(graph, features(tape, is_sparse)); });
      check_gradients(std::string("edge loss of SuperGATConv ") + type + kind, super,
                      [&](Tape& tape) {
                        std::optional<Var> loss;
                        const Var y = super(graph, features(tape, is_sparse), {}, &loss);
                        return add(sum(y), reshape(*loss, {1}));
                      });
    }
    const Tensor edge_attr = table::example({graph.num_edges(), 2}, 5);
    for (bool edges : {false, true}) {
      auto args = [&](Tape& tape) {
        return nn::AttentionArgs{.edge_attr = edges ? std::optional(tape.constant(edge_attr))
                                                    : std::nullopt};
      };
      const std::string with = (edges ? " with edge features" : "") + kind;
      nn::GATConv gat({.in = 11, .out = 5, .heads = 3, .edge_dim = edges ? 2 : 0, .residual = true},
                      random);
      check_gradients("GATConv" + with, gat, [&](Tape& tape) {
        return gat(graph, features(tape, is_sparse), args(tape));
      });
      nn::GATv2Conv gatv2({.in = 11,
                           .out = 5,
                           .heads = 3,
                           .concat = edges,
                           .dropout = 0.4,
                           .edge_dim = edges ? 2 : 0,
                           .share_weights = edges},
                          random);
      check_gradients("GATv2Conv" + with, gatv2, [&](Tape& tape) {
        return gatv2(graph, features(tape, is_sparse), args(tape));
      });
      nn::TransformerConv transformer({.in = 11,
                                       .out = 5,
                                       .heads = 3,
                                       .concat = !edges,
                                       .beta = edges,
                                       .dropout = 0.4,
                                       .edge_dim = edges ? 2 : 0},
                                      random);
      check_gradients("TransformerConv" + with, transformer, [&](Tape& tape) {
        return transformer(graph, features(tape, is_sparse), args(tape));
      });
    }
    for (bool paper : {false, true})
      for (bool concat : {false, true}) {
        nn::GATConv gat({.in = 11,
                         .out = 5,
                         .heads = 3,
                         .concat = concat,
                         .dropout = paper ? 0.4 : 0,
                         .add_self_loops = concat,
                         .input_dropout = paper ? 0.3 : 0,
                         .value_dropout = paper ? 0.5 : 0,
                         .attention_bias = paper,
                         .init = paper ? nn::GatInit::paper : nn::GatInit::pyg},
                        random);
        check_gradients(std::string("GATConv") + (paper ? " as in the paper" : "") + kind, gat,
                        [&](Tape& tape) { return gat(graph, features(tape, is_sparse)); });
      }
  }
}

TEST_CASE("the gradient of AGNNConv agrees with central differences") {
  const Graph graph = table::example_graph(14, {.undirected = true});
  nn::AGNNConv agnn;
  check_gradients("AGNNConv", agnn, [&](Tape& tape) {
    return agnn(graph, tape.constant(table::example({14, 5}, 1)));
  });
}

TEST_CASE("the gradient of GATEConv agrees with central differences") {
  Random random(4);
  for (const bool undirected : {false, true}) {
    const Graph graph = table::example_graph(14, {.undirected = undirected});
    for (const Index edge_dim : {0, 3}) {
      nn::GATEConv gate({.channels = 5, .edge_dim = edge_dim, .dropout = 0.3}, random);
      LayerWithInputs with(gate, {table::example({14, 5}, 1)}),
          with_edges(with, {table::example({graph.num_edges(), std::max<Index>(1, edge_dim)}, 2)});
      check_gradients("GATEConv", edge_dim > 0 ? with_edges : with, [&](Tape& tape) {
        nn::AttentionArgs args;
        if (edge_dim > 0) args.edge_attr = with_edges.input(tape, 0);
        return gate(graph, with.input(tape, 0), args);
      });
    }
  }
}

TEST_CASE("gradients of layers over all nodes agree with central differences") {
  Random random(4);
  const Graph graph = table::example_graph(14, {.undirected = true});
  const Tensor x = table::example({14, 6}, 1);
  const std::vector<Index> offsets{0, 5, 14};
  nn::DenseGATConv gat({.in = 6, .out = 3, .heads = 2, .dropout = 0.3, .residual = true}, random);
  check_gradients("DenseGATConv", gat, [&](Tape& tape) { return gat(tape.constant(x), offsets); });
  for (const char* norm : {"none", "batch", "layer", "graph"})
    for (const char* local : {"none", "gcn", "gat"}) {
      std::unique_ptr<nn::GraphLayer> conv;
      if (local == std::string("gcn"))
        conv = nn::graph_layer(nn::GCNConv({.in = 6, .out = 6}, random));
      if (local == std::string("gat"))
        conv = nn::graph_layer(nn::GATConv({.in = 6, .out = 3, .heads = 2}, random));
      nn::GPSConv gps({.channels = 6,
                       .heads = 2,
                       .dropout = 0.3,
                       .attn_dropout = 0.2,
                       .act = "gelu",
                       .norm = norm},
                      std::move(conv), random);
      check_gradients(std::string("GPSConv ") + norm + " " + local, gps, [&](Tape& tape) {
        return gps(graph, tape.constant(x), {.offsets = offsets});
      });
    }
}

TEST_CASE("gradients of Transformers agree with central differences") {
  const Tensor source = table::example({7, 6}, 1), target = table::example({5, 6}, 2);
  const std::vector<Index> from{0, 3, 7}, to{0, 2, 5};
  for (const bool first : {false, true}) {
    Random random(5);
    nn::Transformer model({.layer = {.d_model = 6,
                                     .nhead = 2,
                                     .dim_feedforward = 10,
                                     .dropout = 0.2,
                                     .activation = "gelu",
                                     .norm_first = first},
                           .num_encoder_layers = 1,
                           .num_decoder_layers = 1},
                          random);
    check_gradients(first ? "Transformer, norms first" : "Transformer", model, [&](Tape& tape) {
      return model(tape.constant(source), from, tape.constant(target), to);
    });
  }
}

TEST_CASE("gradients of the norms agree with central differences") {
  const Tensor x = table::example({14, 5}, 1);
  nn::BatchNorm batch({.in_channels = 5});
  check_gradients("BatchNorm", batch, [&](Tape& tape) { return batch(tape.constant(x)); });
  nn::LayerNorm layer({.in_channels = 5});
  check_gradients("LayerNorm", layer, [&](Tape& tape) { return layer(tape.constant(x)); });
  nn::GraphNorm graphs({.in_channels = 5});
  const std::vector<Index> offsets{0, 4, 14};
  check_gradients("GraphNorm", graphs,
                  [&](Tape& tape) { return graphs(tape.constant(x), offsets); });
}

TEST_CASE("gradients of attention by random features, to memories and to channels agree") {
  Random random(4);
  const Tensor x = table::example({14, 6}, 1);
  const std::vector<Index> offsets{0, 5, 5, 14};
  for (const bool gated : {false, true})
    for (const FeatureKind kind : {FeatureKind::gaussian, FeatureKind::arc_cosine}) {
      nn::RandomFeatureAttention attention({.embed_dim = 6,
                                            .num_heads = 2,
                                            .num_features = 16,
                                            .kind = kind,
                                            .orthogonal = !gated,
                                            .gated = gated},
                                           random);
      check_gradients("RandomFeatureAttention", attention, [&](Tape& tape) {
        return attention(Support::segments(offsets, gated), tape.constant(x));
      });
    }
  nn::ExternalAttention external({.embed_dim = 6, .slots = 4}, random);
  check_gradients("ExternalAttention", external,
                  [&](Tape& tape) { return external(tape.constant(x), offsets); });
  nn::SqueezeExcitation squeeze({.channels = 6, .reduction = 2}, random);
  check_gradients("SqueezeExcitation", squeeze,
                  [&](Tape& tape) { return squeeze(tape.constant(x), offsets); });
}
