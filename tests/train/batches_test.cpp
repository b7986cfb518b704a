#include <agate/data/dictionary.hpp>
#include <agate/data/packed.hpp>
#include <agate/data/split.hpp>
#include <agate/models/predict.hpp>
#include <agate/train/presets.hpp>
#include <agate/train/trainer.hpp>
#include <algorithm>
#include <cmath>
#include <cstring>

#include "catch.hpp"
#include "planted.hpp"

using namespace agate;

namespace {

/// Some 60 graphs of 10 nodes.
data::Dataset some_dictionaries() {
  const auto all = data::dictionary_lookup(5);
  std::vector<Index> graphs;
  for (Index g = 0; g < all.num_graphs(); g += all.num_graphs() / 60) graphs.push_back(g);
  return data::select_graphs(all, graphs).dataset;
}

models::ModelConfig config_of(const std::string& model, const data::Dataset& d,
                              train::TrainOptions& options) {
  models::ModelConfig config{.model = model};
  train::apply_preset("lookup", config, options);
  config.in = d.num_features();
  config.out = d.num_classes();
  return config;
}

std::vector<Real> weights_after(const data::Dataset& d, const data::Split& split, Index batch_size,
                                Index threads, const std::string& model = "gatv2") {
  train::TrainOptions options;
  const auto config = config_of(model, d, options);
  options.batch_size = batch_size;
  options.threads = threads;
  options.epochs = 3;
  options.stop = "none";
  auto network = models::make_model(config, 5);
  train::fit(*network, d, split, options, 5);
  std::vector<Real> weights;
  for (const auto& [name, parameter] : network->parameters())
    weights.insert(weights.end(), parameter->value.values().begin(),
                   parameter->value.values().end());
  return weights;
}

bool same_bits(std::span<const Real> a, std::span<const Real> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

const data::SplitSpec most = data::RandomSplit{0.8, 0.1, 0.1};

}  // namespace

TEST_CASE("one batch of all graphs is all nodes at once, bit by bit") {
  const auto d = some_dictionaries();
  const auto split = data::make_split(d, most, 1);
  REQUIRE(std::ssize(data::graphs_of(d, split.train)) == d.num_graphs());
  for (const char* model : {"gatv2", "gat", "gcn"})
    CHECK(same_bits(weights_after(d, split, 0, 2, model),
                    weights_after(d, split, d.num_graphs(), 2, model)));
}

TEST_CASE("batches give the same bits with any number of threads") {
  const auto d = some_dictionaries();
  const auto split = data::make_split(d, most, 1);
  const auto first = weights_after(d, split, 7, 1);
  for (Index threads : {2, 3, 8}) CHECK(same_bits(first, weights_after(d, split, 7, threads)));
  CHECK_FALSE(same_bits(first, weights_after(d, split, 0, 1)));
}

TEST_CASE("an epoch visits every training node once") {
  const auto d = some_dictionaries();
  const auto split = data::make_split(d, most, 1);
  train::TrainOptions options;
  auto config = config_of("gatv2", d, options);
  config.dropout = 0;
  // With steps of no length the mean loss over the batches is that over all nodes.
  options.lr = 1e-12;
  options.epochs = 1;
  auto loss = [&](Index batch_size) {
    options.batch_size = batch_size;
    auto network = models::make_model(config, 5);
    return train::fit(*network, d, split, options, 5).history.at(0).train_loss;
  };
  CHECK(loss(7) == Approx(loss(0)).epsilon(1e-5));
}

TEST_CASE("what is said of a graph does not depend on the graphs beside it") {
  const auto d = data::dictionary_lookup(4);
  for (const char* model : {"gatv2", "gat", "transformer_conv"}) {
    train::TrainOptions options;
    const auto network = models::make_model(config_of(model, d, options), 5);
    const Tensor parts = models::predict(*network, d), whole = network->predict(d.graph, d.x);
    REQUIRE(d.num_nodes() > 1 << 15);
    // The nodes that are alike go through the layers once: their sums are rounded otherwise.
    REQUIRE(parts.size() == whole.size());
    Real apart = 0;
    for (Index i = 0; i < parts.size(); ++i)
      apart = std::max(apart, std::abs(parts.data()[i] - whole.data()[i]));
    CHECK(apart < 1e-5);
    const auto alone = data::select_graphs(d, std::vector<Index>{77}).dataset;
    const Tensor y = network->predict(alone.graph, alone.x);
    for (Index i = 0; i < y.size(); ++i)
      CHECK(y.data()[i] == Approx(whole.row(8 * 77)[i]).margin(1e-5));
  }
}

TEST_CASE("one head of GATv2 looks up what GAT cannot") {
  // The training permutations follow each other again and again: ten rounds are enough.
  const auto all = data::dictionary_lookup(4);
  const Index held_out = std::ssize(data::graphs_of(all, all.splits[0].test)) + 1;
  const Index round = 24 - held_out, rounds = 10, trained = all.num_graphs() - held_out;
  std::vector<Index> graphs;
  for (Index g = 0; g < all.num_graphs(); ++g)
    if (g < rounds * round || g >= trained) graphs.push_back(g);
  const auto part = data::select_graphs(all, graphs);
  const auto rows = [&](const std::vector<Index>& nodes) { return part.rows_of(nodes); };
  const data::Split &whole = all.splits[0],
                    split{rows(whole.train), rows(whole.val), rows(whole.test)};
  auto accuracy = [&](const std::string& model) {
    train::TrainOptions options;
    auto network = models::make_model(config_of(model, part.dataset, options), 0);
    options.batch_size = round;
    options.epochs = 150;
    options.stop = "none";
    return train::fit(*network, part.dataset, split, options, 0).test.metric;
  };
  CHECK(accuracy("gatv2") == 1);
  CHECK(accuracy("gat") < 0.9);
}

TEST_CASE("batches of graphs are refused where there is one graph") {
  const auto d = planted();
  train::TrainOptions options;
  options.batch_size = 8;
  auto network = models::make_model({.in = d.num_features(), .out = d.num_classes()}, 1);
  const Refusal refused =
      refusal([&] { train::fit(*network, d, data::make_split(d, most, 1), options, 1); });
  CHECK(refused.code == ErrorCode::value);
  CHECK(refused.says("batch_size = 8 counts whole graphs and planted is one graph, expected 0"));
}
