#include <agate/nn/conv/gine_conv.hpp>
#include <agate/nn/jumping_knowledge.hpp>
#include <agate/nn/pool/attentional_aggregation.hpp>
#include <agate/nn/pool/graph_multiset_transformer.hpp>
#include <agate/nn/pool/readout.hpp>
#include <agate/nn/pool/set2set.hpp>
#include <agate/nn/recurrent/gru.hpp>
#include <agate/nn/recurrent/lstm.hpp>
#include <agate/nn/virtual_node.hpp>
#include <agate/tensor/rows.hpp>

#include "nn/layer_gradients.hpp"
#include "nn/layer_with_inputs.hpp"

using namespace agate;

TEST_CASE("gradients of the readouts agree with central differences") {
  Random random(4);
  const std::vector<Index> offsets{0, 5, 5, 14};
  const Tensor x = table::example({14, 4}, 1);
  auto check = [&](const std::string& name, nn::Readout& readout) {
    LayerWithInputs with(readout, {x});
    check_gradients(name, with, [&](Tape& tape) { return readout(with.input(tape, 0), offsets); });
  };
  for (const std::string& name : nn::readout_names())
    check(name, *nn::make_readout(name, 4, random));
  nn::AttentionalAggregation gated(nn::MLP({.channels = {4, 5, 3}, .activation = "elu"}, random),
                                   nn::Linear({.in = 4, .out = 3}, random));
  check("AttentionalAggregation of channels", gated);
  nn::GraphMultisetTransformer multiset(
      {.channels = 4, .k = 3, .num_encoder_blocks = 2, .heads = 2, .dropout = 0.3}, random);
  check("GraphMultisetTransformer with dropout", multiset);
}

TEST_CASE("gradients of LSTMs and GRUs agree with central differences") {
  Random random(4);
  nn::LSTMCell cell({.input_size = 4, .hidden_size = 3}, random);
  LayerWithInputs step(
      cell, {table::example({5, 4}, 1), table::example({5, 3}, 2), table::example({5, 3}, 3)});
  check_gradients("LSTMCell", step, [&](Tape& tape) {
    const nn::LSTMState next =
        cell(step.input(tape, 0), {step.input(tape, 1), step.input(tape, 2)});
    return concat({next.h, next.c});
  });
  nn::GRUCell gru_cell({.input_size = 4, .hidden_size = 3}, random);
  LayerWithInputs gru_step(gru_cell, {table::example({5, 4}, 1), table::example({5, 3}, 2)});
  check_gradients("GRUCell", gru_step, [&](Tape& tape) {
    return gru_cell(gru_step.input(tape, 0), gru_step.input(tape, 1));
  });
  const auto check_layers = [](const std::string& name, auto& layers) {
    LayerWithInputs with(
        layers, {table::example({5, 4}, 1), table::example({5, 4}, 2), table::example({5, 4}, 3)});
    check_gradients(name, with, [&](Tape& tape) {
      return concat(layers({with.input(tape, 0), with.input(tape, 1), with.input(tape, 2)}));
    });
  };
  for (const bool both : {false, true}) {
    const nn::RecurrentOptions options{
        .input_size = 4, .hidden_size = 3, .num_layers = 2, .bias = both, .bidirectional = both};
    nn::LSTM lstm(options, random);
    check_layers("LSTM", lstm);
    nn::GRU gru(options, random);
    check_layers("GRU", gru);
  }
}

TEST_CASE("gradients of GINEConv agree with central differences") {
  Random random(4);
  for (const bool undirected : {false, true}) {
    const Graph graph = table::example_graph(14, {.undirected = undirected});
    for (const Index edge_dim : {0, 2}) {
      nn::GINEConv gine({.eps = 0.2, .train_eps = true, .edge_dim = edge_dim},
                        nn::MLP({.channels = {4, 5, 3}, .activation = "elu"}, random), random);
      LayerWithInputs with(gine, {table::example({14, 4}, 1),
                                  table::example({graph.num_edges(), edge_dim ? edge_dim : 4}, 2)});
      check_gradients("GINEConv", with, [&](Tape& tape) {
        return gine(graph, with.input(tape, 0), {.edge_attr = with.input(tape, 1)});
      });
    }
  }
}

TEST_CASE("gradients across layers agree with central differences") {
  Random random(4);
  const std::vector<Tensor> xs{table::example({6, 4}, 1), table::example({6, 4}, 2),
                               table::example({6, 4}, 3)};
  for (const std::string& mode : nn::jumping_knowledge_modes()) {
    nn::JumpingKnowledge jump({.mode = mode, .channels = 4, .num_layers = 3}, random);
    LayerWithInputs with(jump, xs);
    check_gradients("JumpingKnowledge " + mode, with, [&](Tape& tape) {
      return jump({with.input(tape, 0), with.input(tape, 1), with.input(tape, 2)});
    });
  }
  const std::vector<Index> offsets{0, 2, 2, 3, 6};
  for (const bool residual : {false, true}) {
    nn::VirtualNode node({.channels = 4, .num_layers = 3, .dropout = 0.2, .residual = residual},
                         random);
    LayerWithInputs with(node, {xs[0]});
    check_gradients("VirtualNode", with, [&](Tape& tape) {
      Var h = with.input(tape, 0), v = node.start(tape, 4);
      for (Index l = 0; l < 3; ++l) {
        h = node.spread(h, v, offsets);
        if (l < 2) v = node.update(l, v, h, offsets);
      }
      return h;
    });
  }
}
