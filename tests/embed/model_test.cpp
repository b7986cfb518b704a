// Model as a value: what a program that embeds the library asks.
#include <agate/data/link_fold.hpp>
#include <agate/io/file.hpp>
#include <agate/model.hpp>
#include <agate/models/predict.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/presets.hpp>
#include <atomic>
#include <cmath>
#include <cstring>
#include <thread>

#include "catch.hpp"
#include "planted.hpp"
#include "temporary_folder.hpp"

using namespace agate;

namespace {

bool same_bits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() &&
         std::memcmp(a.data(), b.data(), sizeof(Real) * std::size_t(a.size())) == 0;
}

models::ModelFile file_of(const data::Dataset& d, models::ModelConfig c, std::uint64_t seed = 5) {
  c.in = d.num_features();
  c.out = d.num_classes();
  return {.model = models::make_model(c, seed),
          .task = c.task,
          .classes = d.classes,
          .data = d.name,
          .training = "{}"};
}

// Paths of 5, 6, 7, 5, ... nodes, packed.
data::Dataset paths(int graphs) {
  data::Dataset d{.name = "paths", .graph_offsets = {0}, .task = data::Task::graph};
  std::vector<Edge> edges;
  for (int g = 0; g < graphs; ++g) {
    const auto first = static_cast<NodeId>(d.graph_offsets.back());
    const auto nodes = static_cast<NodeId>(5 + g % 3);
    for (NodeId i = 1; i < nodes; ++i) edges.push_back({first + i - 1, first + i});
    d.graph_offsets.push_back(first + nodes);
    d.y.push_back(g % 2);
  }
  d.graph = Graph::from_edges(d.graph_offsets.back(), edges, {.undirected = true});
  Tensor x = Tensor::uninitialized({d.num_nodes(), 4});
  Random random(3);
  for (Real& v : x.values()) v = static_cast<Real>(random.normal());
  d.x = x;
  d.classes = {"a", "b"};
  return d;
}

}  // namespace

TEST_CASE("a model is a value: loaded, copied, asked, saved") {
  const TemporaryFolder folder;
  const auto d = planted(40);
  const auto file = file_of(d, {});
  const std::string path = folder.path("m.safetensors");
  models::save_model(path, file);
  const Model m = Model::load(path);
  const Tensor expected = file.model->predict(d.graph, d.x);
  CHECK(same_bits(m.predict(d.graph, d.x), expected));
  Model copy = m;
  CHECK(&copy.file() == &m.file());
  copy.save(folder.path("again.safetensors"));
  const Model again = Model::parse(io::read_file(folder.path("again.safetensors")), "again");
  CHECK(same_bits(again.predict(d), expected));
  CHECK(m.task() == data::Task::node);
  CHECK(m.outputs() == Model::Outputs::classes);
  CHECK(m.labels() == d.classes);
  CHECK(m.num_features() == 4);
  CHECK(m.num_edge_features() == 0);
  CHECK(m.schema() == nullptr);
  CHECK(same_bits(m.probabilities(expected), softmax(expected)));
  CHECK_THROWS_AS(Model::load(folder.path("none")), Error);
  CHECK(refusal([&] { Model::parse("{}", "bytes"); }).says("bytes"));
  CHECK(refusal([&] { m.read_tables({.edges = "e.csv"}); }).code == ErrorCode::unsupported);
}

TEST_CASE("one model, many threads: the same bits") {
  const auto d = planted(60);
  const auto graphs = paths(12);
  models::ModelConfig config{.task = "graph", .post_linear = true};
  config.readout = "attention";
  const Model nodes(file_of(d, {})), whole(file_of(graphs, config));
  const Tensor nodes_say = nodes.predict(d.graph, d.x), graphs_say = whole.predict(graphs);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t)
    threads.emplace_back([&, t] {
      const Model copy = t % 2 ? nodes : whole;
      for (int k = 0; k < 1000; ++k) {
        const int asked = k % 3;  // 0: all threads
        if (!same_bits(nodes.predict(d.graph, d.x, {.threads = asked}), nodes_say)) ++wrong;
        if (k % 10 == 0 && !same_bits(whole.predict(graphs, asked), graphs_say)) ++wrong;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("graphs that are packed, links and edges are asked about") {
  const auto graphs = paths(7);
  const Model whole(file_of(graphs, {.model = "gin", .task = "graph", .post_linear = true}));
  const Tensor said = whole.predict(graphs.graph, graphs.x, {.offsets = graphs.graph_offsets});
  CHECK(said.rows() == 7);
  CHECK(same_bits(said, whole.predict(graphs)));
  CHECK(whole.predict(graphs.graph, graphs.x).rows() == 1);

  auto friends = data::as_links(planted(40));
  models::ModelConfig links{.model = "gcn", .task = "link"};
  const Model linked(file_of(friends, links));
  CHECK(linked.outputs() == Model::Outputs::labels);
  const std::vector<Edge> pairs{{0, 2}, {1, 2}, {5, 9}};
  const Tensor likely = linked.predict(friends.graph, friends.x, {.pairs = pairs});
  CHECK(likely.shape() == Shape{3, 1});
  friends.pairs = pairs;
  friends.targets = Tensor::full({3, 1}, NAN);
  CHECK(same_bits(likely, models::predict(*linked.file().model, friends)));
  CHECK(linked.probabilities(likely).row(0)[0] == Approx(1 / (1 + std::exp(-likely.row(0)[0]))));

  // Of a directed graph messages run both ways, and one more feature tells them apart.
  const std::vector<Edge> ratings{{0, 1}, {1, 2}, {3, 0}, {2, 0}};
  data::Dataset d{.name = "ratings",
                  .graph = Graph::from_edges(4, ratings),
                  .x = Tensor::full({4, 3}, 1),
                  .task = data::Task::edge,
                  .classes = {"no", "yes"}};
  models::ModelConfig edges{.model = "transformer_conv", .task = "edge"};
  edges.edge_dim = edges.pair_dim = 3;
  const Model rated(file_of(d, edges));
  CHECK(rated.num_edge_features() == 2);
  const Tensor attr = Tensor::from({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(rated.predict(d.graph, d.x, {.edge_attr = attr}).shape() == Shape{4, 2});
}

TEST_CASE("several models answer together, labels each by itself") {
  auto d = planted(30);
  auto file = file_of(d, {});
  file.others = {models::make_model(file.model->config(), 6)};
  file.multi_label = true;
  const Model m(file);
  CHECK(m.outputs() == Model::Outputs::labels);
  const Tensor a = file.model->predict(d.graph, d.x), b = file.others[0]->predict(d.graph, d.x);
  const Tensor p = m.probabilities(m.predict(d.graph, d.x));
  for (Index k = 0; k < p.size(); ++k)
    CHECK(p.data()[k] ==
          Approx((1 / (1 + std::exp(-a.data()[k])) + 1 / (1 + std::exp(-b.data()[k]))) / 2));
  CHECK(m.predict_with_spread(m.dataset(d.graph, d.x)).spread.shape() == p.shape());
}

TEST_CASE("where a model looked") {
  const auto d = planted(30);
  const Model m(file_of(d, {.model = "gat"}));
  const auto layers = m.attention(d.graph, d.x);
  REQUIRE(layers.size() == 2);
  for (const auto& layer : layers) {
    REQUIRE(layer.weights.rows() == layer.graph.num_messages());
    for (Index i = 0; i < layer.graph.num_nodes(); ++i)
      for (Index h = 0; h < layer.weights.cols(); ++h) {
        double sum = 0;
        for (Index p = layer.graph.offsets()[i]; p < layer.graph.offsets()[i + 1]; ++p)
          sum += layer.weights.row(p)[h];
        CHECK(sum == Approx(1).epsilon(1e-5));
      }
  }
  CHECK(Model(file_of(d, {.model = "gcn"})).attention(d.graph, d.x).empty());
}

TEST_CASE("what does not fit a model is refused with both sides") {
  const auto d = planted(30);
  const Model m(file_of(d, {}));
  const auto wide = refusal([&] { m.predict(d.graph, Tensor::zeros({30, 5})); });
  CHECK(wide.code == ErrorCode::shape);
  CHECK(wide.says("5 columns, expected in = 4"));
  CHECK(refusal([&] { m.predict(d.graph, Tensor::zeros({29, 4})); }).says("29 rows"));
  Tensor x = std::get<Tensor>(d.x).clone();
  x.row(3)[1] = NAN;
  CHECK(refusal([&] { m.predict(d.graph, x); }).code == ErrorCode::value);
  const std::vector<Edge> pairs{{0, 1}};
  CHECK(refusal([&] { m.predict(d.graph, d.x, {.pairs = pairs}); }).says("about nodes"));
  CHECK(refusal([&] { m.predict(paths(3)); }).says("asked about are graphs"));
  auto file = file_of(d, {});
  file.classes.pop_back();
  CHECK(refusal([&] { Model{file}; }).says("1 labels for 2 outputs"));
  CHECK(refusal([&] { Model{models::ModelFile{}}; }).code == ErrorCode::value);
}
