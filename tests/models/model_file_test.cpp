#include <agate/io/file.hpp>
#include <agate/io/safetensors.hpp>
#include <agate/models/ensemble.hpp>
#include <agate/models/model_file.hpp>
#include <agate/tensor/losses.hpp>
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
  CHECK(refused([](auto& f) {
          f.metadata["config"] =
              R"({"model":"gat","in":4,"out":2,"layers":100,"hidden":1,"heads":8})";
        }).says("its configuration is of"));
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

TEST_CASE("several models in one file answer together, and say by how much they differ") {
  const TemporaryFolder folder;
  const auto d = planted(40);
  auto file = example(d);
  auto config = file.model->config();
  config.hidden = 4;  // a grid may have chosen another size
  file.others = {models::make_model(file.model->config(), 6), models::make_model(config, 7)};
  const std::string path = folder.path("m.safetensors");
  models::save_model(path, file);
  const auto loaded = models::load_model(path);
  REQUIRE(loaded.members().size() == 3);
  CHECK(loaded.others[1]->config() == config);
  const auto said = models::predict(loaded.members(), d);
  REQUIRE(said.spread.shape() == said.outputs.shape());
  std::vector<Tensor> answers;
  for (const auto& member : file.members())
    answers.push_back(softmax(member->predict(d.graph, d.x)));
  const Tensor together = softmax(said.outputs);
  for (Index i = 0; i < d.num_nodes(); ++i) {
    const double a = answers[0].row(i)[1], b = answers[1].row(i)[1], c = answers[2].row(i)[1];
    const double mean = (a + b + c) / 3;
    CHECK(together.row(i)[1] == Approx(mean).epsilon(1e-4));
    CHECK(said.spread.row(i)[1] ==
          Approx(std::sqrt(
                     ((a - mean) * (a - mean) + (b - mean) * (b - mean) + (c - mean) * (c - mean)) /
                     2))
              .epsilon(1e-3)
              .margin(1e-6));
  }
  CHECK(models::predict(models::load_model(path).members(), d).outputs.rows() == 40);

  io::SafeTensors whole = io::read_safetensors(path);
  std::erase_if(whole.arrays, [](const auto& a) { return a.first.starts_with("members.2."); });
  io::write_safetensors(path, whole);
  CHECK_THROWS_WITH(models::load_model(path), Catch::Contains("members.2."));
  CHECK_THROWS_AS(models::combine({}, true, false), Error);
}

TEST_CASE("what a program keeps with its model comes back, and is no weight") {
  const TemporaryFolder folder;
  const auto d = planted(40);
  auto file = example(d);
  file.extra["vocabulary"] = "ogb";
  file.extra_arrays["seen"] = {io::DType::u8, {2, 3}, "abcdef"};
  const std::string path = folder.path("m.safetensors");
  models::save_model(path, file);
  const auto loaded = models::load_model(path);
  CHECK(loaded.extra == file.extra);
  REQUIRE(loaded.extra_arrays.contains("seen"));
  CHECK(loaded.extra_arrays.at("seen").bytes == "abcdef");
}

TEST_CASE("numbers and labels of several models") {
  std::vector<Tensor> two{Tensor::full({1, 1}, 1), Tensor::full({1, 1}, 4)};
  const auto numbers = models::combine(two, false, true);
  CHECK(numbers.outputs.item() == Approx(2.5));
  CHECK(numbers.spread.item() == Approx(3 / std::sqrt(2)));
  const auto labels = models::combine(two, false, false);
  CHECK(sigmoid(labels.outputs).item() ==
        Approx((1 / (1 + std::exp(-1.0)) + 1 / (1 + std::exp(-4.0))) / 2));
}
