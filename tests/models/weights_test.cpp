#include <agate/models/weights.hpp>
#include <agate/nn/attention/multihead_attention.hpp>
#include <cmath>
#include <map>

#include "catch.hpp"
#include "operation_table.hpp"
#include "temporary_folder.hpp"

using namespace agate;

namespace {

nn::MultiheadAttention multihead(std::uint64_t seed) {
  Random random(seed);
  return {{.embed_dim = 4, .num_heads = 2}, random};
}

// As safetensors.torch.save_file writes the state_dict of torch.nn.MultiheadAttention(4, 2).
io::SafeTensors from_torch(const std::string& prefix = "") {
  io::SafeTensors file;
  auto add = [&](const std::string& name, const Shape& shape) {
    file.arrays.emplace_back(prefix + name,
                             io::Array::from(table::example(shape, file.arrays.size())));
  };
  add("in_proj_weight", {12, 4});
  add("in_proj_bias", {12});
  add("out_proj.weight", {4, 4});
  add("out_proj.bias", {4});
  return file;
}

}  // namespace

TEST_CASE("torch's weights load by name") {
  const TemporaryFolder folder;
  const std::string path = folder.path("w.safetensors");
  for (const std::string prefix : {"", "encoder.layers.0.self_attn."}) {
    io::SafeTensors file = from_torch(prefix);
    if (!prefix.empty())
      file.arrays.emplace_back("decoder.bias", io::Array::from(Tensor::zeros({3})));
    io::write_safetensors(path, file);
    auto layer = multihead(1);
    models::load_weights(path, layer, prefix);
    for (const auto& [name, parameter] : layer.parameters()) {
      const Tensor expected = file.find(prefix + name)->as_tensor(name);
      for (Index i = 0; i < expected.size(); ++i)
        CHECK(parameter->value.data()[i] == expected.data()[i]);
    }
  }
}

TEST_CASE("weights written are the weights read") {
  const TemporaryFolder folder;
  const std::string path = folder.path("w.safetensors");
  auto a = multihead(1), b = multihead(2);
  models::save_weights(path, a);
  models::load_weights(path, b);
  for (std::size_t k = 0; k < a.parameters().size(); ++k) {
    const Tensor &x = a.parameters()[k].second->value, &y = b.parameters()[k].second->value;
    CHECK(std::equal(x.values().begin(), x.values().end(), y.values().begin(), y.values().end()));
  }
}

TEST_CASE("weights that do not fit are refused and change nothing") {
  auto layer = multihead(1);
  std::map<std::string, Tensor> before;
  for (const auto& [name, parameter] : layer.parameters()) before[name] = parameter->value.clone();
  auto refused = [&](auto change) {
    io::SafeTensors file = from_torch();
    change(file.arrays);
    const Refusal r = refusal([&] { models::load_weights(file, "w.safetensors", layer); });
    CHECK(r.code == ErrorCode::format);
    CHECK(r.says("w.safetensors: "));
    for (const auto& [name, parameter] : layer.parameters())
      CHECK(std::equal(before[name].values().begin(), before[name].values().end(),
                       parameter->value.values().begin()));
    return r;
  };
  CHECK(refused([](auto& a) { a.pop_back(); }).says("the tensor \"out_proj.bias\" is missing"));
  CHECK(refused([](auto& a) {
          a.emplace_back("bias_k", io::Array::from(Tensor::zeros({1, 1, 4})));
        }).says("the tensor \"bias_k\" belongs to no part of the model"));
  CHECK(refused([](auto& a) {
          a[0].second = io::Array::from(Tensor::zeros({4, 12}));
        }).says("the tensor \"in_proj_weight\" is 4 x 12, expected 12 x 4"));
  CHECK(refused([](auto& a) {
          a[3].second = io::Array::from(Tensor::full({4}, std::nanf("")));
        }).says("the tensor \"out_proj.bias\" holds nan"));
  CHECK(refusal([&] {
          models::load_weights(from_torch(), "w", layer, "encoder.");
        }).says("w, under encoder.: the tensor \"in_proj_weight\" is missing"));
}
