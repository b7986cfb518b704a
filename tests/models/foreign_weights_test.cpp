// Weights from PyTorch Geometric and DGL, old names and new.
#include <agate/io/safetensors.hpp>
#include <agate/model.hpp>
#include <agate/models/weights.hpp>
#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/conv/gatv2_conv.hpp>
#include <agate/nn/conv/gcn_conv.hpp>
#include <agate/nn/conv/gps_conv.hpp>
#include <agate/nn/conv/sage_conv.hpp>
#include <agate/nn/transformer/transformer.hpp>
#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "nn/golden.hpp"
#include "temporary_folder.hpp"

using namespace agate;

namespace {

// The state_dict of a golden case.
io::SafeTensors state_dict(const Golden& golden) {
  io::SafeTensors file;
  for (const auto& [name, array] : golden.file.arrays)
    if (name.starts_with("param.")) file.arrays.emplace_back(name.substr(6), array);
  return file;
}

io::Array& tensor(io::SafeTensors& file, const std::string& name) {
  const auto found =
      std::ranges::find(file.arrays, name, [](const auto& entry) { return entry.first; });
  REQUIRE(found != file.arrays.end());
  return found->second;
}

void drop(io::SafeTensors& file, const std::string& name) {
  std::erase_if(file.arrays, [&](const auto& entry) { return entry.first == name; });
}

void rename(io::SafeTensors& file, const std::string& from, const std::string& to) {
  for (auto& [name, array] : file.arrays)
    if (const auto at = name.find(from); at != std::string::npos) name.replace(at, from.size(), to);
}

io::Array transposed(const io::Array& array) {
  const Tensor t = array.as_tensor("t");
  Tensor out = Tensor::uninitialized({t.cols(), t.rows()});
  for (Index i = 0; i < t.rows(); ++i)
    for (Index j = 0; j < t.cols(); ++j) out.row(j)[i] = t.row(i)[j];
  return io::Array::from(out);
}

// Row by row what a has and what b has: (1, heads, out) twice -> (1, heads, 2 out).
io::Array beside(const io::Array& first, const io::Array& second) {
  const Tensor a = first.as_tensor("a"), b = second.as_tensor("b");
  Tensor out = Tensor::uninitialized({1, a.rows(), a.cols() + b.cols()});
  for (Index i = 0; i < a.rows(); ++i) {
    std::copy_n(a.row(i), a.cols(), out.row(i));
    std::copy_n(b.row(i), b.cols(), out.row(i) + a.cols());
  }
  return io::Array::from(out);
}

nn::GATConv gat(const Golden& golden) {
  Random random(1);
  return {{.in = golden.tensor("x").cols(),
           .out = golden.args.at("out_channels"),
           .heads = golden.args.value("heads", 1),
           .concat = golden.args.value("concat", true)},
          random};
}

template <class Layer>
void check_layer_says(const Golden& golden, Layer& layer, const io::SafeTensors& file,
                      const models::ForeignNames& names = {}) {
  models::load_foreign_weights(file, "w", layer, names);
  Tape tape({.record = false});
  check_close(layer(golden.graph(), tape.constant(golden.tensor("x"))).value(),
              golden.tensor("out"), "out");
}

}  // namespace

TEST_CASE("PyTorch Geometric's models load as they are, and say the same") {
  const TemporaryFolder folder;
  for (const auto& [name, kind] : {std::pair("GAT", "gatv2"), std::pair("GCN", "gcn"),
                                   std::pair("GraphSAGE", "sage"), std::pair("GIN", "gin")}) {
    INFO(name);
    const Golden golden("BasicGNN_" + std::string(name));
    const std::string path = folder.path("w.safetensors");
    io::write_safetensors(path, state_dict(golden));
    const Model model = Model::from_state_dict(path);
    CHECK(model.config().model == kind);
    CHECK(model.config().layers == golden.args.at("num_layers"));
    CHECK(model.config().in == golden.args.at("in_channels"));
    CHECK(model.config().out == golden.args.at("out_channels"));
    CHECK(model.config().hidden * (name == std::string("GAT") ? 2 : 1) ==
          golden.args.at("hidden_channels"));
    check_close(model.predict(golden.graph(), golden.tensor("x")), golden.tensor("out"), name);

    // It is a model like any other from now on.
    model.save(folder.path("ours.safetensors"));
    check_close(
        Model::load(folder.path("ours.safetensors")).predict(golden.graph(), golden.tensor("x")),
        golden.tensor("out"), name);
    // Layers under names of somebody's own, counted from 1.
    io::SafeTensors own = state_dict(golden);
    for (auto& [key, array] : own.arrays)
      key = "net.conv" + std::to_string(1 + std::stoi(key.substr(6))) + key.substr(7);
    io::write_safetensors(path, own);
    check_close(Model::from_state_dict(path).predict(golden.graph(), golden.tensor("x")),
                golden.tensor("out"), name);
  }
}

TEST_CASE("AttentiveFP loads as it is") {
  const Golden golden("AttentiveFP");
  io::SafeTensors file = state_dict(golden);
  auto config = models::guess_config(file, "w");
  CHECK(config.model == "attentive_fp");
  CHECK(config.edge_dim == 2);
  CHECK(config.layers == 3);
  const auto model = models::model_of_state_dict(file, "w", config);
  CHECK(model->config().out == 3);
  rename(file, "atom_convs.0.lin.weight", "atom_convs.0.lin_src.weight");
  file.arrays.emplace_back("atom_convs.0.lin_dst.weight",
                           tensor(file, "atom_convs.0.lin_src.weight"));
  CHECK_NOTHROW(models::model_of_state_dict(file, "w", config));
}

TEST_CASE("GATConv by the names of every version of PyTorch Geometric") {
  const Golden golden("GATConv_0");
  const io::SafeTensors now = state_dict(golden);
  auto layer = gat(golden);
  check_layer_says(golden, layer, now);
  {
    auto file = now;  // 2.0 to 2.4
    rename(file, "lin.weight", "lin_src.weight");
    file.arrays.emplace_back("lin_dst.weight", tensor(file, "lin_src.weight"));
    check_layer_says(golden, layer, file);
    Tensor other = tensor(file, "lin_dst.weight").as_tensor("w");
    other.data()[0] += 1;
    tensor(file, "lin_dst.weight") = io::Array::from(other);
    CHECK(refusal([&] {
            models::load_foreign_weights(file, "w", layer);
          }).says("w: the tensors \"lin_src.weight\" and \"lin_dst.weight\" differ"));
  }
  {
    auto file = now;  // 1.6 and 1.7
    rename(file, "lin.weight", "lin_l.weight");
    file.arrays.emplace_back("lin_r.weight", tensor(file, "lin_l.weight"));
    rename(file, "att_src", "att_l");
    rename(file, "att_dst", "att_r");
    check_layer_says(golden, layer, file);
  }
  auto before = now;  // up to 1.5
  rename(before, "lin.weight", "weight");
  tensor(before, "weight") = transposed(tensor(before, "weight"));
  before.arrays.emplace_back("att", beside(tensor(before, "att_dst"), tensor(before, "att_src")));
  drop(before, "att_src");
  drop(before, "att_dst");
  check_layer_says(golden, layer, before);
  auto config = models::guess_config(before, "w");
  CHECK(config.model == "gat");
  CHECK(config.in == golden.tensor("x").cols());
}

TEST_CASE("layers by DGL's names") {
  {
    const Golden golden("GATConv_0");
    auto layer = gat(golden);
    auto file = state_dict(golden);
    rename(file, "lin.weight", "fc.weight");
    rename(file, "att_src", "attn_l");
    rename(file, "att_dst", "attn_r");
    check_layer_says(golden, layer, file);
    for (auto& [name, array] : file.arrays) name = "gat_layers.0." + name;
    auto names = models::ForeignNames{.prefix = "gat_layers.0."};
    check_layer_says(golden, layer, file, names);
    CHECK(models::guess_config(file, "w").model == "gat");
  }
  {
    const Golden golden("GCNConv_0");
    Random random(1);
    nn::GCNConv layer({.in = golden.tensor("x").cols(), .out = golden.args.at("out_channels")},
                      random);
    auto file = state_dict(golden);
    rename(file, "lin.weight", "weight");
    tensor(file, "weight") = transposed(tensor(file, "weight"));
    check_layer_says(golden, layer, file);
  }
  {
    const Golden golden("SAGEConv_0");
    Random random(1);
    nn::SAGEConv layer({.in = golden.tensor("x").cols(), .out = golden.args.at("out_channels")},
                       random);
    auto file = state_dict(golden);
    rename(file, "lin_l.weight", "fc_neigh.weight");
    rename(file, "lin_r.weight", "fc_self.weight");
    rename(file, "lin_l.bias", "fc_self.bias");
    check_layer_says(golden, layer, file);
    rename(file, "fc_self.bias", "bias");
    check_layer_says(golden, layer, file);
    CHECK(models::guess_config(file, "w").model == "sage");
  }
  {
    const Golden golden("GATv2Conv_0");
    Random random(1);
    nn::GATv2Conv layer({.in = golden.tensor("x").cols(),
                         .out = golden.args.at("out_channels"),
                         .heads = golden.args.value("heads", 1),
                         .concat = golden.args.value("concat", true)},
                        random);
    auto file = state_dict(golden);
    rename(file, "lin_l.", "fc_src.");
    rename(file, "lin_r.", "fc_dst.");
    tensor(file, "att");
    for (auto& [name, array] : file.arrays)
      if (name == "att") name = "attn";
    check_layer_says(golden, layer, file);
    drop(file, "bias");  // which DGL's has not
    models::load_foreign_weights(file, "w", layer);
    CHECK(std::ranges::all_of(layer.bias->value.values(), [](Real v) { return v == 0; }));
  }
}

TEST_CASE("one of two shared projections may be missing, or be there twice") {
  Random random(1);
  const nn::GATv2ConvOptions options{.in = 3, .out = 2, .share_weights = true};
  nn::GATv2Conv shared(options, random), both({.in = 3, .out = 2}, random);
  auto file = models::to_safetensors(shared);
  models::load_foreign_weights(file, "w", both);
  CHECK(std::ranges::equal(both.lin_r->weight.value.values(), shared.lin_l.weight.value.values()));
  for (const char* tail : {"weight", "bias"})
    file.arrays.emplace_back("lin_r." + std::string(tail),
                             tensor(file, "lin_l." + std::string(tail)));
  CHECK_NOTHROW(models::load_foreign_weights(file, "w", shared));
  Tensor other = tensor(file, "lin_r.weight").as_tensor("w");
  other.data()[0] += 1;
  tensor(file, "lin_r.weight") = io::Array::from(other);
  CHECK(refusal([&] {
          models::load_foreign_weights(file, "w", shared);
        }).says("\"lin_r.weight\" belongs to no part"));
}

TEST_CASE("perceptrons of GIN by the names of MLP, Sequential and DGL") {
  models::ModelConfig c{.model = "gin", .in = 3, .out = 2};
  c.hidden = 4;
  const auto model = models::make_model(c, 1);
  const auto ours = models::to_safetensors(*model);
  for (const auto& [first, second] :
       {std::pair("nn.lins.0", "nn.lins.1"), std::pair("nn.0", "nn.2"), std::pair("nn.0", "nn.1"),
        std::pair("apply_func.mlp.0", "apply_func.mlp.1")}) {
    INFO(first);
    auto file = ours;
    rename(file, "nn.2", second);
    rename(file, "nn.0", first);
    const auto again = models::model_of_state_dict(file, "w", c);
    for (std::size_t k = 0; k < model->parameters().size(); ++k)
      CHECK(std::ranges::equal(model->parameters()[k].second->value.values(),
                               again->parameters()[k].second->value.values()));
    CHECK(models::guess_config(file, "w").hidden == 4);
  }
}

TEST_CASE("GPS layers, with a counter of batches that has no extent") {
  Random random(1);
  const auto make = [&] {
    return nn::GPSConv({.channels = 4, .heads = 2, .norm = "batch"},
                       nn::graph_layer(nn::GCNConv({.in = 4, .out = 4}, random)), random);
  };
  auto layer = make(), other = make();
  auto file = models::to_safetensors(layer);
  for (auto& [name, array] : file.arrays)
    if (name.ends_with("num_batches_tracked")) array = {io::DType::i64, {}, std::string(8, '\0')};
  models::load_foreign_weights(file, "w", other);
  for (std::size_t k = 0; k < layer.parameters().size(); ++k)
    CHECK(std::ranges::equal(layer.parameters()[k].second->value.values(),
                             other.parameters()[k].second->value.values()));
}

TEST_CASE("heads that are averaged share the mean of their biases") {
  Random random(1);
  nn::GATConv layer({.in = 3, .out = 2, .heads = 2, .concat = false}, random);
  auto file = models::to_safetensors(layer);
  tensor(file, "bias") = io::Array::from(Tensor::from({4}, {1, 2, 3, 6}));
  models::load_foreign_weights(file, "w", layer);
  CHECK(layer.bias->value.data()[0] == 2);
  CHECK(layer.bias->value.data()[1] == 4);
}

TEST_CASE("what does not fit is named as the file names it, and nothing changes") {
  const Golden golden("BasicGNN_GCN");
  const auto whole = state_dict(golden);
  const auto config = models::guess_config(whole, "w");
  auto refused = [&](auto change) {
    auto file = whole;
    change(file);
    return refusal([&] { models::model_of_state_dict(file, "w", config); });
  };
  CHECK(refused([](auto& f) {
          drop(f, "convs.1.bias");
        }).says("w: the tensor \"convs.1.bias\" is missing"));
  CHECK(refused([](auto& f) {
          f.arrays.emplace_back("head.weight", io::Array::from(Tensor::zeros({2, 2})));
        }).says("the tensor \"head.weight\" belongs to no part"));
  CHECK(refused([](auto& f) {
          tensor(f, "convs.1.lin.weight") = io::Array::from(Tensor::zeros({8, 7}));
        }).says("the tensor \"convs.1.lin.weight\" is 8 x 7, expected 8 x 8"));
  CHECK(refused([](auto& f) {
          tensor(f, "convs.1.bias") = io::Array::from(Tensor::full({8}, NAN));
        }).says("holds nan"));
  auto fewer = config;
  fewer.layers = 2;
  auto own = whole;
  for (auto& [name, array] : own.arrays) name.replace(0, 6, "conv");
  CHECK(refusal([&] {
          models::model_of_state_dict(own, "w", fewer);
        }).says("it has 3 layers (from \"conv0.\" on), the model has 2"));
  io::SafeTensors nothing;
  nothing.arrays.emplace_back("embedding", io::Array::from(Tensor::zeros({2, 2})));
  CHECK(refusal([&] { models::guess_config(nothing, "w"); }).says("of no model"));
}
