#include <agate/models/model.hpp>

#include "models/repeated_atoms.hpp"
#include "nn/layer_gradients.hpp"
#include "nn/layer_with_inputs.hpp"

using namespace agate;

TEST_CASE("gradients of attentive_fp agree with central differences") {
  const Graph graph = table::example_graph(14, {.undirected = true});
  const SparseMatrix x = table::example_sparse(14, 6);
  const std::vector<Index> offsets{0, 14, 14};
  for (const char* task : {"graph", "node"}) {
    const auto model = models::make_model({.model = "attentive_fp",
                                           .in = 6,
                                           .out = 2,
                                           .task = task,
                                           .edge_dim = 3,
                                           .layers = 3,
                                           .hidden = 5,
                                           .dropout = 0.2,
                                           .attention_dropout = 0.3,
                                           .pre_linear = true,
                                           .post_linear = true,
                                           .readout = "attentive_fp",
                                           .timesteps = 3},
                                          1);
    LayerWithInputs with(*model, {table::example({graph.num_edges(), 3}, 2)});
    check_gradients(task, with, [&](Tape& tape) {
      return model->forward({.graph = graph,
                             .x = Features(tape, x),
                             .edge_attr = with.input(tape, 0),
                             .offsets = offsets});
    });
  }
}

TEST_CASE("attentive_fp says the same of atoms of few kinds as of each atom, in double") {
  repeated_atoms::compare([](const char* name, double difference) {
    INFO(name);
    CHECK(difference < 1e-10);
  });
}
