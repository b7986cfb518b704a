// AttentiveFP beside PyTorch Geometric's.
#include <agate/models/model.hpp>
#include <agate/nn/conv/gate_conv.hpp>
#include <agate/train/presets.hpp>

#include "models/repeated_atoms.hpp"
#include "nn/golden.hpp"
#include "operation_table.hpp"

using namespace agate;

namespace {

// Where the graphs of `batch`, the graph of each node, begin and end.
std::vector<Index> offsets_of(const Golden& golden) {
  std::vector<Index> ends(static_cast<std::size_t>(golden.tensor("out").rows()) + 1, 0);
  for (const auto b : golden.file.find("batch")->as_indices("batch"))
    ++ends[static_cast<std::size_t>(b) + 1];
  for (std::size_t b = 1; b < ends.size(); ++b) ends[b] += ends[b - 1];
  return ends;
}

models::ModelConfig config_of(const std::string& preset, Index in, Index out) {
  models::ModelConfig c{.model = "attentive_fp"};
  train::TrainOptions unused;
  train::apply_preset(preset, c, unused);
  c.task = "graph";
  c.in = in;
  c.out = out;
  return c;
}

}  // namespace

TEST_CASE("attentive_fp agrees with PyTorch Geometric, parameters by its names") {
  const Golden golden("AttentiveFP");
  auto c = config_of("molecule", golden.args["in_channels"], golden.args["out_channels"]);
  c.hidden = golden.args["hidden_channels"];
  c.edge_dim = golden.args["edge_dim"];
  c.layers = golden.args["num_layers"];
  c.timesteps = golden.args["num_timesteps"];
  const auto model = models::make_model(c, 1);
  std::vector<std::pair<std::string, Tensor>> values;
  for (const auto& [name, array] : golden.file.arrays)
    if (name.starts_with("param.")) values.emplace_back(name.substr(6), array.as_tensor(name));
  model->load_parameters(values, "golden");
  const Graph graph = golden.graph();
  const std::vector<Index> offsets = offsets_of(golden);
  check_layer(golden, *model, {"x", "edge_attr"}, [&](const std::vector<Var>& v) {
    return model->forward({.graph = graph, .x = v[0], .edge_attr = v[1], .offsets = offsets});
  });
}

TEST_CASE("attentive_fp tells what edges and atoms weigh, and the weights of graphs sum to 1") {
  const Graph graph = table::example_graph(12, {.undirected = true});
  const Tensor x = table::example({12, 4}, 1), attr = table::example({graph.num_edges(), 3}, 2);
  const std::vector<Index> offsets{0, 12};
  auto c = config_of("molecule", 4, 2);
  c.edge_dim = 3;
  for (const char* readout : {"attentive_fp", "attention", "mean"}) {
    INFO(readout);
    c.readout = readout;
    const auto model = models::make_model(c, 1);
    Tape tape({.record = false});
    const models::Input input{graph, tape.constant(x), tape.constant(attr), offsets};
    std::vector<models::LayerAttention> layers;
    Tensor weights;
    const Tensor y = model->forward(input, &layers, &weights).value();
    CHECK(y.shape() == Shape{1, 2});
    REQUIRE(layers.size() == 2);
    for (const auto& layer : layers) {
      REQUIRE(layer.weights.shape() == Shape{graph.num_messages(), 1});
      double sum = 0;
      for (Index k = graph.offsets()[0]; k < graph.offsets()[1]; ++k) sum += *layer.weights.row(k);
      CHECK(sum == Approx(1));
    }
    CHECK(weights.empty() == (readout == std::string("mean")));
    if (weights.empty()) continue;
    REQUIRE(weights.shape() == Shape{12, 1});
    double sum = 0;
    for (Real w : weights.values()) sum += w;
    CHECK(sum == Approx(1));
    const Tensor again = model->decode(model->embed(input), input).value();
    CHECK(again.row(0)[0] == y.row(0)[0]);
  }
}

TEST_CASE("attentive_fp works on atoms of a kind once, and says the same") {
  repeated_atoms::compare([](const char* name, double difference) {
    INFO(name);
    CHECK(difference < 1e-5);
  });
  const auto model = repeated_atoms::model(3);
  const repeated_atoms::Batch batch;
  const auto one = batch.said(*model, false);
  for (int threads : {2, 3, 8})
    CHECK(repeated_atoms::difference(one, batch.said(*model, false, threads)) == 0);
}

TEST_CASE("GATEConv sees an undirected edge as one each way") {
  Random random(1);
  const nn::GATEConv conv({.channels = 19, .edge_dim = 2}, random);
  const std::vector<Edge> edges{{0, 1}, {1, 2}, {2, 0}, {3, 1}},
      both{{0, 1}, {1, 2}, {2, 0}, {3, 1}, {1, 0}, {2, 1}, {0, 2}, {1, 3}};
  const Tensor x = table::example({5, 19}, 1), once = table::example({4, 2}, 2);
  Tensor twice = Tensor::zeros({8, 2});
  for (Index e = 0; e < 8; ++e) std::copy_n(once.row(e % 4), 2, twice.row(e));
  Tape tape({.record = false});
  const Tensor y = conv(Graph::from_edges(5, edges, {.undirected = true}), tape.constant(x),
                        {.edge_attr = tape.constant(once)})
                       .value();
  check_close(
      y,
      conv(Graph::from_edges(5, both), tape.constant(x), {.edge_attr = tape.constant(twice)})
          .value(),
      "y");
  // A node without neighbours has the bias alone.
  for (Index c = 0; c < 19; ++c) CHECK(y.row(4)[c] == 0);
}

TEST_CASE("attentive_fp and GATEConv refuse what they cannot be") {
  auto c = config_of("molecule", 4, 2);
  c.norm = "batch";
  CHECK(refusal([&] { models::make_model(c, 1); }).says("norm = batch"));
  c.norm = "none";
  c.residual = true;
  CHECK(refusal([&] { models::make_model(c, 1); }).says("residual = 1"));
  c = config_of("molecule", 4, 2);
  c.edge_dim = 3;
  const Graph graph = table::example_graph(5);
  Tape tape({.record = false});
  const Var x = tape.constant(table::example({5, 4}, 1));
  CHECK(refusal([&] {
          models::make_model(c, 1)->forward({.graph = graph, .x = x});
        }).says("edge_attr has 0 columns, expected edge_dim = 3"));
  Random random(1);
  const nn::GATEConv conv({.channels = 4, .edge_dim = 3}, random);
  CHECK(refusal([&] { conv(graph, x); }).says("GATEConv: edge_attr is missing"));
  CHECK(refusal([&] { conv(graph, x, {.edge_attr = x}); }).says("edge_attr has 4 columns"));
  CHECK(refusal([&] {
          conv(graph, Features(tape, table::example_sparse(5, 4)),
               {.edge_attr = tape.constant(Tensor::zeros({graph.num_edges(), 3}))});
        }).says("x is sparse"));
  CHECK(refusal([&] { nn::GATEConv({.channels = 0}, random); }).says("GATEConv: in = 0"));
}
