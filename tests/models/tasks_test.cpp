// Networks for edges, links and whole graphs.
#include <agate/data/packed.hpp>
#include <agate/data/reverse_edges.hpp>
#include <agate/models/label_input.hpp>
#include <agate/models/predict.hpp>
#include <agate/nn/link/pair_decoder.hpp>
#include <agate/nn/pool/readout.hpp>
#include <agate/train/presets.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "catch.hpp"

using namespace agate;

namespace {

/// Graphs of 0 to 12 nodes, one of them of a single node, with features of nodes and edges.
data::Dataset some_graphs(Index count) {
  Random random(3);
  data::Dataset d{.name = "some graphs", .graph_offsets = {0}, .task = data::Task::graph};
  std::vector<Edge> edges;
  for (Index g = 0; g < count; ++g) {
    const Index first = d.graph_offsets.back(), nodes = g == 0 ? 0 : g == 1 ? 1 : 2 + g % 11;
    for (Index i = 1; i < nodes; ++i)
      for (int k = 0; k < 2; ++k)
        edges.push_back({static_cast<NodeId>(first + i),
                         static_cast<NodeId>(first + static_cast<Index>(random.below(i)))});
    d.graph_offsets.push_back(first + nodes);
    d.y.push_back(static_cast<int>(g % 2));
  }
  const auto noise = [&](Index rows, Index cols) {
    Tensor t = Tensor::uninitialized({rows, cols});
    for (Real& v : t.values()) v = static_cast<Real>(random.normal());
    return t;
  };
  d.graph = Graph::from_edges(d.graph_offsets.back(), edges, {.undirected = true});
  d.x = noise(d.num_nodes(), 5);
  d.edge_attr = noise(d.graph.num_edges(), 3);
  d.classes = {"even", "odd"};
  return d;
}

models::ModelConfig config_for(const data::Dataset& d, const std::string& model,
                               const std::string& preset) {
  models::ModelConfig c{.model = model};
  train::TrainOptions unused;
  train::apply_preset(preset, c, unused);
  c.task = to_string(d.task);
  c.in = d.num_features();
  c.out = d.num_classes();
  c.regression = d.regression;
  c.label_input = false;
  if (sees_edge_features(c)) c.edge_dim = d.num_edge_features();
  if (d.task == data::Task::edge) c.pair_dim = d.num_edge_features();
  return c;
}

double furthest(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  double most = 0;
  for (Index i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(double(a.data()[i]) - double(b.data()[i])));
  return most;
}

/// The edges of one graph, to be predicted.
data::Dataset some_edges() {
  const auto graphs = some_graphs(12);
  data::Dataset d = data::select_graphs(graphs, std::vector<Index>{11}).dataset;
  d.graph_offsets = {};
  d.task = data::Task::edge;
  Random random(5);
  for (Index e = 0; e < 30; ++e)
    d.pairs.push_back({static_cast<NodeId>(random.below(d.num_nodes())),
                       static_cast<NodeId>(random.below(d.num_nodes()))});
  d.graph = Graph::from_edges(d.num_nodes(), d.pairs);
  d.edge_attr = Tensor::full({30, 2}, Real(0.5));
  d.y.clear();
  for (int e = 0; e < 30; ++e) d.y.push_back(e % 3 - 1);
  d.name = "some edges";
  return d;
}

}  // namespace

TEST_CASE("a batch of 64 graphs is what the graphs are one by one") {
  const auto d = some_graphs(64);
  for (const auto& info : models::model_registry()) {
    INFO(info.name);
    const auto model = models::make_model(config_for(d, info.name, "graph"), 1);
    Tape tape({.record = false});
    const Tensor batch = model->forward(models::input_of(tape, d)).value();
    REQUIRE(batch.shape() == Shape{64, 2});
    double scale = 1;
    for (Real v : batch.values()) scale = std::max(scale, std::abs(double(v)));
    for (Index g = 0; g < 64; ++g) {
      const auto one = data::select_graphs(d, std::vector<Index>{g});
      Tape alone({.record = false});
      const Tensor y = model->forward(models::input_of(alone, one.dataset)).value();
      for (Index c = 0; c < 2; ++c) {
        INFO("graph " << g);
        CHECK(std::isfinite(y.row(0)[c]));
        CHECK(std::abs(y.row(0)[c] - batch.row(g)[c]) <= 1e-6 * scale);
      }
    }
  }
}

TEST_CASE("the gradient of a batch of 64 graphs is the sum of theirs") {
  const auto d = some_graphs(64);
  for (const char* name : {"gin", "gine", "gat", "transformer_conv", "gps", "attentive_fp"}) {
    INFO(name);
    auto config = config_for(d, name, "graph");
    config.norm = "layer";  // statistics of a batch are no sum over graphs
    if (config.model == "gin" || config.model == "gine" || config.model == "attentive_fp")
      config.norm = "none";
    const auto model = models::make_model(config, 1);
    std::map<std::string, Tensor> sums;
    auto collect = [&](const data::Dataset& part) {
      Tape tape;
      const Var y = model->forward(models::input_of(tape, part));
      tape.backward(y, Tensor::full(y.shape(), 1));
      std::map<std::string, Tensor> gradients;
      for (const auto& [key, parameter] : model->parameters())
        if (const Tensor* g = tape.gradient(*parameter)) gradients[key] = g->clone();
      return gradients;
    };
    const auto batch = collect(d);
    for (Index g = 0; g < 64; ++g)
      for (const auto& [key, gradient] :
           collect(data::select_graphs(d, std::vector<Index>{g}).dataset)) {
        auto& sum = sums[key];
        if (sum.size() == 0)
          sum = gradient.clone();
        else
          for (Index i = 0; i < sum.size(); ++i) sum.data()[i] += gradient.data()[i];
      }
    for (const auto& [key, gradient] : batch) {
      INFO(key);
      double scale = 1;
      for (Real v : gradient.values()) scale = std::max(scale, std::abs(double(v)));
      CHECK(furthest(gradient, sums[key]) <= 1e-5 * scale);
    }
  }
}

TEST_CASE("every readout, jumping knowledge and the virtual node make graphs of nodes") {
  const auto d = some_graphs(20);
  auto shape_of = [&](const models::ModelConfig& c) {
    Tape tape({.training = true, .seed = 1});
    return models::make_model(c, 1)->forward(models::input_of(tape, d)).shape();
  };
  for (const std::string& readout : nn::readout_names()) {
    INFO(readout);
    auto c = config_for(d, "gin", "graph");
    c.readout = readout;
    CHECK(shape_of(c) == Shape{20, 2});
  }
  for (const char* jk : {"last", "cat", "max", "lstm"}) {
    INFO(jk);
    auto c = config_for(d, "gatv2", "graph");
    c.jk = jk;
    CHECK(shape_of(c) == Shape{20, 2});
  }
  auto c = config_for(d, "gine", "graph");
  c.virtual_node = true;
  CHECK(shape_of(c) == Shape{20, 2});
  c = config_for(d, "gin", "graph");
  c.virtual_node = true;
  c.pre_linear = false;
  CHECK(refusal([&] { models::make_model(c, 1); }).says("without pre_linear"));
  c = config_for(d, "gcn", "default");
  c.task = "node";
  c.jk = "cat";
  CHECK(refusal([&] { models::make_model(c, 1); }).says("jk = cat"));
}

TEST_CASE("edges are predicted by both ends and what is known of them") {
  const auto plain = some_edges();
  const auto d = data::add_reverse_edges(plain);
  CHECK(d.graph.num_edges() == 60);
  CHECK(d.num_edge_features() == 3);
  CHECK(d.edge_attr.row(31)[2] == 1);
  CHECK(d.num_items() == 30);
  for (const auto& info : models::model_registry()) {
    INFO(info.name);
    const auto model = models::make_model(config_for(d, info.name, "edge"), 1);
    const Tensor y = models::predict(*model, d);
    CHECK(y.shape() == Shape{30, 2});
  }
  const auto model = models::make_model(config_for(d, "gat", "edge"), 1);
  auto other = d;
  other.edge_attr = d.edge_attr.clone();
  other.edge_attr.row(4)[0] = 9;
  const Tensor before = models::predict(*model, d), after = models::predict(*model, other);
  CHECK(before.row(4)[0] != after.row(4)[0]);
}

TEST_CASE("labels of edges are shown to messages and never to the edge itself") {
  const auto d = data::add_reverse_edges(some_edges());
  auto c = config_for(d, "gat", "edge");
  c.label_input = true;
  c.edge_dim = d.num_edge_features() + models::label_columns(d);
  const auto model = models::make_model(c, 1);
  std::vector<bool> shown(30, false);
  shown[2] = shown[5] = true;
  const Tensor attr = models::edge_attr_with_labels(d, shown, *model);
  CHECK(attr.shape() == Shape{60, 5});
  for (Index e = 0; e < 60; ++e) {
    const Index item = e % 30;
    const int label = d.y[static_cast<std::size_t>(item)];
    for (int k = 0; k < 2; ++k)
      CHECK(attr.row(e)[3 + k] == (shown[static_cast<std::size_t>(item)] && label == k ? 1 : 0));
  }
  // Told from the labels of the others.
  auto turned = d;
  turned.y[4] = 1 - turned.y[4];
  const Tensor before = models::predict(*model, d), after = models::predict(*model, turned);
  CHECK(before.row(4)[0] == after.row(4)[0]);
  CHECK(!std::ranges::equal(before.values(), after.values()));
  const Tensor unknown = models::predict(*model, data::without_labels(d, std::vector<Index>{4}));
  CHECK(unknown.shape() == Shape{30, 2});
  CHECK(!std::ranges::equal(before.values(), unknown.values()));
}

TEST_CASE("every decoder scores pairs, the symmetric ones either way alike") {
  const auto graphs = some_graphs(12);
  auto d = data::select_graphs(graphs, std::vector<Index>{11}).dataset;
  d.graph_offsets = {};
  d.edge_attr = {};
  d.task = data::Task::link;
  d.y.clear();
  d.classes = {"link"};
  for (NodeId i = 0; i < d.num_nodes(); ++i)
    for (NodeId j = 0; j < d.num_nodes(); ++j) d.pairs.push_back({i, j});
  d.targets = Tensor::zeros({std::ssize(d.pairs), 1});
  const Index n = d.num_nodes();
  for (const std::string& decoder : nn::pair_decoder_names()) {
    INFO(decoder);
    auto c = config_for(d, "gcn", "gae");
    c.decoder = decoder;
    const Tensor y = models::predict(*models::make_model(c, 1), d);
    REQUIRE(y.shape() == Shape{n * n, 1});
    bool alike = true;
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j)
        alike = alike && std::abs(*y.row(i * n + j) - *y.row(j * n + i)) < 1e-5;
    CHECK(alike == (decoder != "bilinear"));
  }
  auto c = config_for(d, "gcn", "vgae");
  const auto model = models::make_model(c, 1);
  Tape first({.training = true, .seed = 1}), second({.training = true, .seed = 1});
  const Tensor a = model->embed(models::input_of(first, d)).value();
  CHECK(furthest(a, model->embed(models::input_of(second, d)).value()) == 0);
  CHECK(first.added_losses().size() == 1);
  Tape evaluation({.record = false});
  CHECK(furthest(a, model->embed(models::input_of(evaluation, d)).value()) > 0);
}

TEST_CASE("numbers come in the units of the targets") {
  auto d = some_graphs(10);
  d.regression = true;
  d.y.clear();
  d.classes = {"a"};
  d.targets = Tensor::full({10, 1}, 5);
  auto model = models::make_model(config_for(d, "gin", "graph"), 1);
  const Tensor plain = models::predict(*model, d);
  model->output_scale.value.fill(2);
  model->output_shift.value.fill(7);
  const Tensor scaled = models::predict(*model, d);
  for (Index i = 0; i < 10; ++i)
    CHECK(double(*scaled.row(i)) == Approx(2 * double(*plain.row(i)) + 7));
}

TEST_CASE("nodes that are alike go through the layers once, and every graph is told the same") {
  Random random(9);
  data::Dataset d{.name = "repeating", .graph_offsets = {0}, .task = data::Task::graph};
  std::vector<Edge> edges;
  for (int g = 0; g < 40; ++g) {
    const auto first = static_cast<NodeId>(d.graph_offsets.back());
    const auto n = static_cast<NodeId>(3 + random.below(4));
    for (NodeId i = 1; i < n; ++i) {
      edges.push_back({first + i - 1, first + i});
      edges.push_back({first + i, first + i - 1});
    }
    d.graph_offsets.push_back(first + n);
    d.y.push_back(static_cast<int>(g % 2));
  }
  d.graph = Graph::from_edges(d.graph_offsets.back(), edges);
  Tensor x = Tensor::zeros({d.num_nodes(), 4}), attr = Tensor::zeros({d.graph.num_edges(), 3});
  for (Index i = 0; i < x.rows(); ++i) x.row(i)[random.below(3)] = 1;
  for (Index e = 0; e < attr.rows(); ++e) attr.row(e)[e / 2 % 3] = 1;
  d.x = x;
  d.edge_attr = attr;
  d.classes = {"a", "b"};
  for (const auto& info : models::model_registry()) {
    INFO(info.name);
    models::ModelConfig config{.model = info.name};
    train::TrainOptions unused;
    train::apply_preset("graph", config, unused);
    config.task = "graph";
    config.in = 4;
    config.out = 2;
    if (sees_edge_features(config)) config.edge_dim = 3;
    const auto model = models::make_model(config, 3);
    const Tensor all = models::predict(*model, d);
    Tape tape({.record = false});
    auto prepared = d;
    prepared.x = model->prepare(d.x);
    const Tensor plain = model->forward(models::input_of(tape, prepared)).value();
    for (Index k = 0; k < all.size(); ++k)
      CHECK(all.data()[k] == Approx(plain.data()[k]).epsilon(1e-4).margin(1e-5));
  }
}
