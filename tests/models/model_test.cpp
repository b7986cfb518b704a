#include <agate/models/model.hpp>
#include <agate/train/presets.hpp>
#include <cstring>
#include <numeric>
#include <thread>

#include "catch.hpp"
#include "planted.hpp"

using namespace agate;

namespace {

models::ModelConfig config(const std::string& name, const data::Dataset& d) {
  models::ModelConfig c;
  train::TrainOptions unused;
  c.model = name;
  train::apply_preset("default", c, unused);
  c.in = d.num_features();
  c.out = d.num_classes();
  return c;
}

}  // namespace

TEST_CASE("every model of the registry predicts, and has a default preset") {
  const auto d = planted(50);
  for (const auto& info : models::model_registry()) {
    const auto model = models::make_model(config(info.name, d), 1);
    const Tensor logits = model->predict(d.graph, d.x);
    CHECK(logits.shape() == Shape{50, 2});
    CHECK(model->num_parameters() > 0);
    for (Index layers : {1, 3}) {
      auto c = config(info.name, d);
      c.layers = layers;
      CHECK(models::make_model(c, 1)->predict(d.graph, d.x).shape() == Shape{50, 2});
    }
  }
}

TEST_CASE("Cora's GAT has the parameters of the paper, under PyTorch Geometric's names") {
  models::ModelConfig c;
  c.in = 1433;
  c.out = 7;
  const auto model = models::make_model(c, 0);
  CHECK(model->num_parameters() == 92373);
  std::vector<std::string> names;
  for (const auto& [name, parameter] : model->parameters()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"convs.0.att_src", "convs.0.att_dst", "convs.0.bias",
                                          "convs.0.lin.weight", "convs.1.att_src",
                                          "convs.1.att_dst", "convs.1.bias", "convs.1.lin.weight"});
}

TEST_CASE("one const model serves many threads with identical results") {
  const auto d = planted(60);
  const auto model = models::make_model(config("gat", d), 1);
  const Tensor expected = model->predict(d.graph, d.x, 1);
  std::vector<int> wrong(16, 0);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 16; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 60; ++i) {
          const Tensor got = model->predict(d.graph, d.x, 1);
          wrong[t] += std::memcmp(got.data(), expected.data(), sizeof(Real) * 120) != 0;
        }
      });
  }
  CHECK(std::accumulate(wrong.begin(), wrong.end(), 0) == 0);
}

TEST_CASE("the attention of each layer is given with the graph it ran on") {
  const auto d = planted(30);
  const auto model = models::make_model(config("gat", d), 1);
  Tape tape({.record = false});
  std::vector<models::LayerAttention> attention;
  model->forward({d.graph, Features(tape, d.x)}, &attention);
  REQUIRE(attention.size() == 2);
  CHECK(attention[0].weights.shape() == Shape{d.graph.num_messages() + 30, 8});
  CHECK(attention[1].weights.shape() == Shape{d.graph.num_messages() + 30, 1});
}

TEST_CASE("models of blocks stand between linear layers, each block as it is") {
  const auto d = planted(30);
  for (const char* name : {"agnn", "dense_transformer", "rfa", "gps"}) {
    INFO(name);
    auto c = config(name, d);
    c.pre_linear = false;
    CHECK(refusal([&] { models::make_model(c, 1); }).says("stand between two linear layers"));
    c.pre_linear = c.residual = true;
    CHECK(refusal([&] { models::make_model(c, 1); }).says("have their own residuals"));
  }
  auto agnn = config("agnn", d);
  agnn.norm = "batch";
  CHECK(refusal([&] { models::make_model(agnn, 1); }).says("agnn: norm = batch"));
  auto gps = config("gps", d);
  gps.layers = 1;
  gps.norm = "batch";
  std::string names;
  const auto model = models::make_model(gps, 1);
  for (const auto& [name, p] : model->parameters())
    if (p->trainable) names += name + " ";
  CHECK(names ==
        "lin_in.weight lin_in.bias convs.0.conv.bias convs.0.conv.lin.weight "
        "convs.0.attn.in_proj_weight convs.0.attn.in_proj_bias convs.0.attn.out_proj.weight "
        "convs.0.attn.out_proj.bias convs.0.mlp.0.weight convs.0.mlp.0.bias convs.0.mlp.3.weight "
        "convs.0.mlp.3.bias convs.0.norm1.module.weight convs.0.norm1.module.bias "
        "convs.0.norm2.module.weight convs.0.norm2.module.bias convs.0.norm3.module.weight "
        "convs.0.norm3.module.bias lin.weight lin.bias ");
}

TEST_CASE("layers that pay attention to messages say so, others do not") {
  const auto d = planted(30);
  auto layers_told_of = [&](const std::string& name, const std::string& local = "gcn") {
    auto c = config(name, d);
    c.local = local;
    Tape tape({.record = false});
    std::vector<models::LayerAttention> attention;
    models::make_model(c, 1)->forward({d.graph, Features(tape, d.x)}, &attention);
    for (const auto& [graph, weights] : attention) CHECK(weights.rows() == graph.num_messages());
    return attention.size();
  };
  for (const char* name : {"gat", "gatv2", "transformer_conv", "agnn", "supergat"})
    CHECK(layers_told_of(name) == 2);
  for (const char* name : {"gcn", "mlp", "dense_gat", "dense_transformer", "rfa", "gps"})
    CHECK(layers_told_of(name) == 0);
  CHECK(layers_told_of("gps", "gat") == 2);
}

TEST_CASE("models refuse what does not fit") {
  const auto d = planted(30);
  auto c = config("gat", d);
  c.in = 5;
  CHECK(refusal([&] {
          models::make_model(c, 1)->predict(d.graph, d.x);
        }).says("x has 4 columns, expected in = 5"));
  c.model = "gatt";
  const Refusal unknown = refusal([&] { models::make_model(c, 1); });
  CHECK(unknown.code == ErrorCode::usage);
  CHECK(unknown.says("did you mean \"gat\""));
}

TEST_CASE("configurations survive JSON, and damaged ones are refused") {
  models::ModelConfig c;
  c.model = "gcn";
  c.in = 3;
  c.out = 2;
  c.dropout = 0.25;
  c.bias = false;
  c.activation = "relu";
  CHECK(models::model_config_from_json(models::to_json(c)) == c);
  CHECK(refusal([] { models::model_config_from_json("[1]"); }).code == ErrorCode::format);
  CHECK(refusal([] {
          models::model_config_from_json("{\"hiden\": 3}");
        }).says("did you mean \"hidden\""));
  CHECK(refusal([] { models::model_config_from_json("{\"dropout\": 2}"); }).says("out of range"));
}

TEST_CASE("row normalisation is chosen for sparse counts alone") {
  CHECK(models::resolve_normalize("auto", Tensor::zeros({2, 2})) == "none");
  CHECK(models::resolve_normalize("auto", SparseMatrix(1, 2, {{0, 1}, {1}, {2}})) == "rows");
  CHECK(models::resolve_normalize("auto", SparseMatrix(1, 2, {{0, 1}, {1}, {-2}})) == "none");
  CHECK(models::resolve_normalize("rows", Tensor::zeros({2, 2})) == "rows");
}

TEST_CASE("encodings beside counts are not normalised with them") {
  const SparseMatrix x(2, 4, {{0, 4, 6}, {0, 1, 2, 3, 2, 3}, {1, 3, -2, 5, 7, -1}});
  CHECK(models::resolve_normalize("auto", SparseMatrix(1, 2, {{0, 1}, {1}, {2}}), 1) == "none");
  models::ModelConfig c;
  c.in = 4;
  c.out = 2;
  c.encodings = 2;
  c.normalize = "rows";
  CHECK(models::model_config_from_json(models::to_json(c)) == c);
  const auto model = models::make_model(c, 1);
  const Tensor expected = Tensor::from({2, 4}, {0.25, 0.75, -2, 5, 0, 0, 7, -1});
  const Tensor sparse = std::get<SparseMatrix>(model->prepare(x)).to_dense();
  const Tensor dense = std::get<Tensor>(model->prepare(x.to_dense()));
  for (Index i = 0; i < 8; ++i) {
    CHECK(sparse.data()[i] == expected.data()[i]);
    CHECK(dense.data()[i] == expected.data()[i]);
  }
  CHECK(refusal([] {
          models::model_config_from_json("{\"in\": 2, \"encodings\": 3}");
        }).says("encodings = 3 of in = 2"));
}
