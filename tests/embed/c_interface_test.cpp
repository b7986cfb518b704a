// The C interface says what the C++ one says, and refuses in words.
#include <agate/agate.h>
#include <agate/explain/attribution.hpp>
#include <agate/graph/edges.hpp>
#include <agate/model.hpp>
#include <cmath>
#include <cstring>
#include <thread>

#include "catch.hpp"
#include "planted.hpp"
#include "temporary_folder.hpp"

using namespace agate;

namespace {

struct Example {
  explicit Example(models::ModelConfig c, const std::string& name = "m.safetensors")
      : path(folder.path(name)) {
    c.in = 4;
    c.out = 2;
    models::save_model(path, {.model = models::make_model(c, 5),
                              .task = c.task,
                              .classes = {"even", "odd"},
                              .training = "{}"});
    for (const auto& [source, target] : edge_list(d.graph)) {
      sources.push_back(source);
      targets.push_back(target);
    }
    REQUIRE(agate_model_load(path.c_str(), &model) == AGATE_OK);
    REQUIRE(agate_graph_create(d.num_nodes(), d.graph.num_edges(), sources.data(), targets.data(),
                               1, &graph) == AGATE_OK);
    input.graph = graph;
    input.x = std::get<Tensor>(d.x).data();
    input.num_features = 4;
  }
  ~Example() {
    agate_model_free(model);
    agate_graph_free(graph);
  }

  data::Dataset d = planted(40);
  TemporaryFolder folder;
  std::string path;
  std::vector<int32_t> sources, targets;
  agate_model* model = nullptr;
  agate_graph* graph = nullptr;
  agate_input input = AGATE_INPUT;
};

bool says(const char* part) { return std::strstr(agate_error(), part) != nullptr; }

}  // namespace

TEST_CASE("C: a model is loaded and asked") {
  Example e({});
  CHECK(agate_version() == models::version());
  CHECK(std::string(agate_model_task(e.model)) == "node");
  CHECK(std::string(agate_model_outputs(e.model)) == "classes");
  CHECK(agate_model_num_features(e.model) == 4);
  CHECK(agate_model_num_edge_features(e.model) == 0);
  CHECK(agate_model_num_outputs(e.model) == 2);
  CHECK(std::string(agate_model_label(e.model, 1)) == "odd");
  CHECK(agate_model_label(e.model, 2) == nullptr);
  int64_t items = 0;
  REQUIRE(agate_num_items(e.model, &e.input, &items) == AGATE_OK);
  REQUIRE(items == 40);
  std::vector<float> said(80), likely(80), sparse(80);
  REQUIRE(agate_predict(e.model, &e.input, said.data(), 80) == AGATE_OK);
  const Model model = Model::load(e.path);
  const Tensor expected = model.predict(e.d.graph, e.d.x);
  CHECK(std::memcmp(said.data(), expected.data(), 80 * sizeof(float)) == 0);
  REQUIRE(agate_predict_probabilities(e.model, &e.input, likely.data(), 80) == AGATE_OK);
  CHECK(likely[0] + likely[1] == Approx(1));

  std::vector<int64_t> offsets;
  std::vector<int32_t> columns;
  for (int64_t i = 0; i <= 40; ++i) offsets.push_back(4 * i);
  for (int32_t k = 0; k < 160; ++k) columns.push_back(k % 4);
  agate_input in = e.input;
  in.x_offsets = offsets.data();
  in.x_columns = columns.data();
  REQUIRE(agate_predict(e.model, &in, sparse.data(), 80) == AGATE_OK);
  for (std::size_t k = 0; k < 80; ++k) CHECK(sparse[k] == Approx(said[k]).margin(1e-5));

  const std::string bytes = slurp(e.path);
  agate_model* parsed = nullptr;
  REQUIRE(agate_model_parse(bytes.data(), bytes.size(), &parsed) == AGATE_OK);
  CHECK(agate_model_num_outputs(parsed) == 2);
  agate_model_free(parsed);
}

TEST_CASE("C: where a model looked") {
  Example e({});
  agate_attention* attention = nullptr;
  REQUIRE(agate_attend(e.model, &e.input, &attention) == AGATE_OK);
  REQUIRE(agate_attention_num_layers(attention) == 2);
  agate_attention_layer layer;
  REQUIRE(agate_attention_get(attention, 0, &layer) == AGATE_OK);
  CHECK(layer.num_heads == 8);
  CHECK(layer.num_messages == 2 * e.d.graph.num_edges() + 40);
  std::vector<double> sums(40);
  for (int64_t m = 0; m < layer.num_messages; ++m) {
    sums[static_cast<std::size_t>(layer.targets[m])] += layer.weights[m * layer.num_heads];
    if (layer.edge_ids[m] < 0) {
      CHECK(layer.sources[m] == layer.targets[m]);
      continue;
    }
    const auto edge = static_cast<std::size_t>(layer.edge_ids[m]);
    CHECK(e.sources[edge] + e.targets[edge] == layer.sources[m] + layer.targets[m]);
  }
  for (double sum : sums) CHECK(sum == Approx(1).epsilon(1e-5));
  CHECK(agate_attention_get(attention, 2, &layer) == AGATE_SHAPE);
  agate_attention_free(attention);

  Example graphs({.model = "gin", .task = "graph", .post_linear = true});
  const auto edges = static_cast<std::size_t>(graphs.d.graph.num_edges());
  std::vector<double> nodes(40), of_edges(edges);
  REQUIRE(agate_attribute(graphs.model, &graphs.input, "gradient", 1, nodes.data(), 40,
                          of_edges.data(), std::ssize(of_edges)) == AGATE_OK);
  const Model model = Model::load(graphs.path);
  const auto expected = explain::attribute("gradient", *model.file().model,
                                           model.dataset(graphs.d.graph, graphs.d.x), 1);
  CHECK(nodes == expected.nodes);
  CHECK(agate_attribute(graphs.model, &graphs.input, "guess", 1, nodes.data(), 40, of_edges.data(),
                        std::ssize(of_edges)) == AGATE_USAGE);
  CHECK(says("guess"));
}

TEST_CASE("C: what is wrong is a status and a sentence, in the thread that asked") {
  Example e({});
  agate_model* model = e.model;
  CHECK(agate_model_load("none.safetensors", &model) == AGATE_NOT_FOUND);
  CHECK(model == nullptr);
  CHECK(says("none.safetensors"));
  std::thread([] { CHECK(agate_error() == std::string()); }).join();
  CHECK(agate_model_load(nullptr, &model) == AGATE_USAGE);
  CHECK(says("path is NULL"));
  CHECK(agate_model_load("x", nullptr) == AGATE_USAGE);
  CHECK(agate_model_parse("{}", 2, &model) == AGATE_FORMAT);
  agate_graph* graph = nullptr;
  const int32_t outside = 7;
  CHECK(agate_graph_create(3, 1, &outside, &outside, 0, &graph) == AGATE_SHAPE);
  CHECK(graph == nullptr);
  CHECK(agate_graph_create(3, -1, nullptr, nullptr, 0, &graph) == AGATE_SHAPE);
  std::vector<float> said(80);
  CHECK(agate_predict(e.model, &e.input, said.data(), 79) == AGATE_SHAPE);
  CHECK(says("room for 79"));
  CHECK(agate_predict(nullptr, &e.input, said.data(), 80) == AGATE_USAGE);
  CHECK(agate_predict(e.model, nullptr, said.data(), 80) == AGATE_USAGE);
  agate_input in = e.input;
  in.size = 0;
  CHECK(agate_predict(e.model, &in, said.data(), 80) == AGATE_USAGE);
  CHECK(says("begin with AGATE_INPUT"));
  in = e.input;
  in.num_features = 3;
  CHECK(agate_predict(e.model, &in, said.data(), 80) == AGATE_SHAPE);
  CHECK(says("expected in = 4"));
  in.num_features = INT64_MAX;
  CHECK(agate_predict(e.model, &in, said.data(), 80) == AGATE_LIMIT);
  in = e.input;
  std::vector<int64_t> offsets(41, 5);
  in.x_offsets = offsets.data();
  CHECK(agate_predict(e.model, &in, said.data(), 80) == AGATE_SHAPE);
  in = e.input;
  Tensor nan = std::get<Tensor>(e.d.x).clone();
  nan.data()[5] = std::nanf("");
  in.x = nan.data();
  CHECK(agate_predict(e.model, &in, said.data(), 80) == AGATE_VALUE);
  agate_model_free(nullptr);
  agate_graph_free(nullptr);
  agate_attention_free(nullptr);
  CHECK(agate_model_num_outputs(nullptr) == 0);
}
