#include <agate/io/file.hpp>
#include <agate/io/safetensors.hpp>
#include <agate/models/model_file.hpp>
#include <agate/train/presets.hpp>
#include <cmath>
#include <cstring>

#include "catch.hpp"
#include "planted.hpp"
#include "temporary_folder.hpp"

using namespace agate;

namespace {

models::ModelFile example(const data::Dataset& d) {
  models::ModelConfig c;
  c.in = d.num_features();
  c.out = d.num_classes();
  return {
      .model = models::make_model(c, 5), .classes = d.classes, .data = d.name, .training = "{}"};
}

}  // namespace

TEST_CASE("a saved model predicts the same bits") {
  const TemporaryFolder folder;
  const auto d = planted(40);
  const auto file = example(d);
  const std::string path = folder.path("m.safetensors");
  models::save_model(path, file);
  const auto loaded = models::load_model(path);
  CHECK(loaded.classes == d.classes);
  CHECK(loaded.data == "planted");
  CHECK(loaded.version == models::version());
  CHECK(loaded.model->config() == file.model->config());
  const Tensor a = file.model->predict(d.graph, d.x), b = loaded.model->predict(d.graph, d.x);
  CHECK(std::memcmp(a.data(), b.data(), sizeof(Real) * std::size_t(a.size())) == 0);
}

TEST_CASE("every model of the registry is saved and loaded again") {
  const TemporaryFolder folder;
  const auto d = planted(40);
  for (const auto& info : models::model_registry()) {
    INFO(info.name);
    models::ModelConfig c;
    train::TrainOptions unused;
    c.model = info.name;
    train::apply_preset("default", c, unused);
    c.in = d.num_features();
    c.out = d.num_classes();
    const std::string path = folder.path(info.name + ".safetensors");
    models::ModelFile file = example(d);
    file.model = models::make_model(c, 5);
    models::save_model(path, file);
    const auto loaded = models::load_model(path);
    CHECK(loaded.model->config() == c);
    const Tensor a = file.model->predict(d.graph, d.x), b = loaded.model->predict(d.graph, d.x);
    CHECK(std::memcmp(a.data(), b.data(), sizeof(Real) * std::size_t(a.size())) == 0);
  }
}

TEST_CASE("files that are not models of this version are refused by name") {
  const TemporaryFolder folder;
  const auto d = planted(40);
  const std::string path = folder.path("m.safetensors");
  models::save_model(path, example(d));
  const io::SafeTensors whole = io::read_safetensors(path);
  auto refused = [&](auto change) {
    io::SafeTensors changed = whole;
    change(changed);
    io::write_safetensors(path, changed);
    const Refusal r = refusal([&] { models::load_model(path); });
    CHECK(r.code == ErrorCode::format);
    CHECK(r.says(path));
    return r;
  };
  CHECK(refused([](auto& f) { f.metadata["agate_format"] = "2"; }).says("reads up to 1"));
  CHECK(refused([](auto& f) { f.metadata.clear(); }).says("not a model saved by agate"));
  CHECK(refused([](auto& f) { f.metadata["config"] = "{"; }).says("not a JSON object"));
  CHECK(refused([](auto& f) {
          f.metadata["config"] =
              R"({"model":"gat","in":1000000000,"out":2,"hidden":65536,"heads":1024})";
        }).says("layer 0 of its configuration"));
  CHECK(refused([](auto& f) {
          f.metadata["config"] =
              R"({"model":"agnn","in":1000000000,"out":2,"hidden":65536,"pre_linear":true})";
        }).says("the first linear layer of its configuration"));
  CHECK(refused([](auto& f) { f.metadata["classes"] = "[\"a\"]"; }).says("1 class names for 2"));
  CHECK(refused([](auto& f) { f.arrays.pop_back(); }).says("is missing"));
  CHECK(refused([](auto& f) {
          f.arrays.push_back({"more", io::Array::from(Tensor::zeros({1}))});
        }).says("\"more\" belongs to no part"));
  CHECK(refused([](auto& f) {
          f.arrays[0].second = io::Array::from(Tensor::zeros({1, 2}));
        }).says("expected"));
  CHECK(refused([](auto& f) {
          Tensor t = f.arrays[0].second.as_tensor("t");
          t.data()[0] = NAN;
          f.arrays[0].second = io::Array::from(t);
        }).says("holds nan"));
  CHECK(refusal([&] { models::load_model(folder.path("none")); }).code == ErrorCode::not_found);
}

TEST_CASE("a model cut anywhere is refused") {
  const TemporaryFolder folder;
  const auto d = planted(40);
  const std::string path = folder.path("m.safetensors");
  models::save_model(path, example(d));
  const std::string bytes = io::read_file(path);
  for (std::size_t n = 0; n < bytes.size(); n += 97) {
    io::write_file(path, bytes.substr(0, n));
    CHECK(refusal([&] { models::load_model(path); }).code == ErrorCode::format);
  }
}
