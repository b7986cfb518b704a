#include "explain/learned_mask.hpp"

#include "nn/golden.hpp"

using namespace agate;
using namespace agate::explain;

namespace {

void check_learned(const std::string& task) {
  INFO(task);
  const Golden golden("GNNExplainer_" + task);
  data::Dataset d{.name = "golden", .graph = golden.graph(), .x = golden.tensor("x")};
  const Index out = golden.tensor("out").cols(), node = golden.args["node"];
  d.regression = task == "regression";
  if (d.regression || task == "binary") {
    d.targets = Tensor::zeros({d.num_nodes(), 1});
    d.classes = {"it"};
  } else {
    d.y.assign(static_cast<std::size_t>(d.num_nodes()), 0);
    d.classes = {"a", "b", "c"};
  }
  const auto model = models::make_model({.model = "gcn",
                                         .in = d.num_features(),
                                         .out = out,
                                         .layers = 2,
                                         .hidden = golden.args["hidden"],
                                         .dropout = 0,
                                         .activation = "relu",
                                         .normalize = "none"},
                                        1);
  for (auto& [name, parameter] : model->parameters())
    parameter->value = golden.tensor("param." + name).reshape(parameter->value.shape());
  const ComputationGraph graph = computation_graph(*model, d, node);
  Tape tape({.record = false});
  const Tensor said =
      graph.answer(*model, graph.input(tape, Features(tape, graph.part.x))).value().clone();
  const Tensor row = golden.tensor("out");
  for (Index c = 0; c < out; ++c) CHECK(said.row(0)[c] == Approx(row.row(node)[c]).margin(1e-5));

  Masks start{Tensor::zeros({std::ssize(graph.counting()), 1}),
              golden.tensor("start_features").reshape({d.num_features()})};
  const Tensor start_edges = golden.tensor("start_edges"), edges = golden.tensor("edges");
  Index next = 0;
  for (Index e : graph.counting())
    start.edges.data()[next++] = start_edges.data()[graph.edges[static_cast<std::size_t>(e)]];
  const auto most = std::max_element(row.row(node), row.row(node) + out) - row.row(node);
  const Masks got = learn_masks(
      *model, graph, d, most, {.epochs = golden.args["epochs"], .lr = golden.args["lr"]}, start, 1);
  next = 0;
  std::vector<bool> seen(static_cast<std::size_t>(edges.size()));
  for (Index e : graph.counting()) {
    const Index id = graph.edges[static_cast<std::size_t>(e)];
    seen[static_cast<std::size_t>(id)] = true;
    CHECK(got.edges.data()[next++] == Approx(edges.data()[id]).margin(2e-5));
  }
  for (Index id = 0; id < edges.size(); ++id)
    if (!seen[static_cast<std::size_t>(id)]) CHECK(edges.data()[id] == 0);
  const Tensor features = golden.tensor("features");
  for (Index c = 0; c < d.num_features(); ++c)
    CHECK(got.features.data()[c] == Approx(features.data()[c]).margin(2e-5));
}

}  // namespace

TEST_CASE("masks become what PyTorch Geometric's GNNExplainer learns from the same start") {
  for (const char* task : {"multiclass", "binary", "regression"}) check_learned(task);
}
