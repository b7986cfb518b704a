// Training on whole graphs, edges and links.
#include <agate/data/link_fold.hpp>
#include <agate/data/reverse_edges.hpp>
#include <agate/graph/edges.hpp>
#include <agate/models/label_input.hpp>
#include <agate/models/predict.hpp>
#include <agate/train/baselines.hpp>
#include <agate/train/metrics.hpp>
#include <agate/train/presets.hpp>
#include <agate/train/trainer.hpp>
#include <algorithm>
#include <cstring>

#include "catch.hpp"
#include "planted.hpp"

using namespace agate;

namespace {

/// Rings and stars of 4 to 9 nodes, which only the links tell apart.
data::Dataset rings_and_stars(Index count) {
  Random random(2);
  data::Dataset d{.name = "rings and stars", .graph_offsets = {0}, .task = data::Task::graph};
  std::vector<Edge> edges;
  for (Index g = 0; g < count; ++g) {
    const auto first = static_cast<NodeId>(d.graph_offsets.back());
    const auto nodes = static_cast<NodeId>(4 + random.below(6));
    for (NodeId i = 1; i < nodes; ++i)
      edges.push_back(g % 2 == 0 ? Edge{first + i - 1, first + i} : Edge{first, first + i});
    if (g % 2 == 0) edges.push_back({first + nodes - 1, first});
    d.graph_offsets.push_back(first + nodes);
    d.y.push_back(static_cast<int>(g % 2));
  }
  d.graph = Graph::from_edges(d.graph_offsets.back(), edges, {.undirected = true});
  d.x = Tensor::full({d.num_nodes(), 1}, 1);
  d.classes = {"ring", "star"};
  return d;
}

struct Job {
  models::ModelConfig config;
  train::TrainOptions options;
};

Job job(const data::Dataset& d, const std::string& model, const std::string& preset) {
  Job job{.config = {.model = model}, .options = {}};
  train::apply_preset(preset, job.config, job.options);
  job.config.task = to_string(d.task);
  job.config.in = d.num_features();
  job.config.out = d.num_classes();
  job.config.regression = d.regression;
  job.config.label_input = job.config.label_input && d.task == data::Task::edge;
  if (d.task == data::Task::edge) job.config.pair_dim = d.num_edge_features();
  if (sees_edge_features(job.config))
    job.config.edge_dim =
        d.num_edge_features() + (job.config.label_input ? models::label_columns(d) : 0);
  return job;
}

train::FitResult fit(const Job& job, const data::Fold& fold, std::uint64_t seed = 1) {
  const auto model = models::make_model(job.config, seed);
  return train::fit(*model, fold.dataset, fold.split, job.options, seed);
}

/// Four groups of 20, of whom half the pairs are linked, and few pairs of different groups.
data::Dataset friendships() {
  Random random(9);
  std::vector<Edge> edges;
  data::Dataset d{.name = "friends"};
  constexpr NodeId people = 80;
  for (NodeId i = 0; i < people; ++i)
    for (NodeId j = 0; j < i; ++j)
      if (random.uniform() < (i % 4 == j % 4 ? 0.5 : 0.02)) edges.push_back({i, j});
  d.graph = Graph::from_edges(people, edges, {.undirected = true});
  d.x = Tensor::zeros({people, people});
  for (Index i = 0; i < people; ++i) std::get<Tensor>(d.x).row(i)[i] = 1;
  d.y.assign(people, -1);
  return data::as_links(d);
}

/// Traders of two kinds: who is honest gets 1 from everybody, the others 0, with some noise.
data::Dataset rated_people() {
  Random random(4);
  data::Dataset d{.name = "ratings", .task = data::Task::edge};
  constexpr std::uint64_t traders = 60;
  for (int e = 0; e < 1200; ++e) {
    const auto source = static_cast<NodeId>(random.below(traders)),
               target = static_cast<NodeId>(random.below(traders));
    d.pairs.push_back({source, target});
    d.y.push_back(random.uniform() < 0.1 ? (target + 1) % 2 : target % 2);
  }
  d.graph = Graph::from_edges(traders, d.pairs);
  d.x = Tensor::full({traders, 1}, 1);
  d.classes = {"no", "yes"};
  return d;
}

}  // namespace

TEST_CASE("graphs are told apart by their links, in batches, the same with any threads") {
  const auto d = rings_and_stars(120);
  const auto fold = data::make_fold(d, nullptr, data::RandomSplit{0.6, 0.2, 0.2}, 1);
  auto one = job(d, "gin", "graph");
  one.options.epochs = 15;
  one.options.threads = 1;
  auto two = one;
  two.options.threads = 3;
  const auto first = fit(one, fold), second = fit(two, fold);
  CHECK(first.test.metric > 0.95);
  CHECK(first.test.loss == second.test.loss);
  CHECK(first.history.front().train_loss == second.history.front().train_loss);
  auto blind = job(d, "mlp", "graph");
  blind.options.epochs = 15;
  CHECK(fit(blind, fold).test.metric < 0.8);
}

TEST_CASE("numbers of graphs are predicted in their own units") {
  auto d = rings_and_stars(120);
  d.regression = true;
  d.targets = Tensor::uninitialized({120, 1});
  for (Index g = 0; g < 120; ++g) *d.targets.row(g) = static_cast<Real>(1000 + 50 * (g % 2));
  d.y.clear();
  d.classes = {"price"};
  const auto fold = data::make_fold(d, nullptr, data::RandomSplit{0.6, 0.2, 0.2}, 1);
  auto sizes = job(d, "gin", "graph");
  sizes.config.dropout = 0;
  sizes.options.epochs = 100;
  const auto result = fit(sizes, fold);
  CHECK(result.test.metric < 8);  // the deviation of the targets is 25
  CHECK(result.test.metrics.contains("mae"));
  CHECK(result.test.metrics.at("r2") > 0.85);
  CHECK(result.best_epoch > 1);
}

TEST_CASE("hidden links leave the message graph, both ways, and negatives are none") {
  const auto d = data::as_links(planted(100));
  const auto fold = data::make_fold(d, nullptr, data::RandomSplit{0.7, 0.1, 0.2}, 3);
  const auto& m = fold.dataset;
  CHECK(m.graph.num_edges() == std::ssize(fold.split.train));
  auto is_link = [&](const Edge& pair) { return has_edge(d.graph, pair.source, pair.target); };
  for (const auto* part : {&fold.split.val, &fold.split.test}) {
    Index links = 0;
    for (Index item : *part) {
      const Edge pair = m.pairs[static_cast<std::size_t>(item)];
      CHECK_FALSE(has_edge(m.graph, pair.source, pair.target));
      CHECK_FALSE(has_edge(m.graph, pair.target, pair.source));
      CHECK((*m.targets.row(item) == 1) == is_link(pair));
      links += is_link(pair);
    }
    CHECK(2 * links == std::ssize(*part));
  }
  CHECK(refusal([&] {
          data::make_fold(d, nullptr, data::PublicSplit{}, 1);
        }).says("links are split at random"));
  CHECK_THROWS(data::as_links(rings_and_stars(4)));
}

TEST_CASE("links of groups are found by every decoder, beside the heuristics") {
  const auto d = friendships();
  const auto fold = data::make_fold(d, nullptr, data::RandomSplit{0.8, 0.1, 0.1}, 1);
  const auto rows = train::baselines(fold.dataset, fold.split);
  CHECK(rows.size() == 4);
  for (const auto& row : rows)
    CHECK(train::metric("roc_auc", row.outputs, fold.dataset, fold.split.test) > 0.8);
  for (const char* preset : {"gae", "vgae", "ncn"}) {
    INFO(preset);
    auto links = job(d, "gcn", preset);
    links.options.epochs = 60;
    const auto result = fit(links, fold);
    CHECK(result.test.metric > 0.8);
    CHECK(std::isnan(result.train.metric));
    CHECK(result.test.metrics.contains("mrr"));
  }
  const auto once = fit(job(d, "gcn", "gae"), fold), again = fit(job(d, "gcn", "gae"), fold);
  CHECK(once.test.loss == again.test.loss);
}

TEST_CASE("links that carry no messages take their features with them") {
  auto d = friendships();
  d.edge_attr = Tensor::uninitialized({d.graph.num_edges(), 2});
  for (Index e = 0; e < d.graph.num_edges(); ++e)
    d.edge_attr.row(e)[0] = d.edge_attr.row(e)[1] = static_cast<Real>(e % 5);
  const auto fold = data::make_fold(d, nullptr, data::RandomSplit{0.8, 0.1, 0.1}, 1);
  auto links = job(d, "gat", "ncn");
  CHECK(links.config.edge_dim == 2);
  links.options.epochs = 2;
  CHECK(std::isfinite(fit(links, fold).test.loss));
}

TEST_CASE("edges are told by what the other edges of their ends are like") {
  const auto d = data::add_reverse_edges(rated_people());
  const auto fold = data::make_fold(d, nullptr, data::RandomSplit{0.7, 0.1, 0.2}, 1);
  auto seeing = job(d, "transformer_conv", "edge");
  CHECK(seeing.config.label_input);
  seeing.options.batch_size = 200;
  seeing.options.epochs = 60;
  CHECK(fit(seeing, fold).test.metric > 0.8);
  // Without labels in messages all nodes look much the same.
  auto blind = job(d, "mlp", "edge");
  blind.options.epochs = 20;
  CHECK(fit(blind, fold).test.metric < 0.7);
  const auto rows = train::baselines(fold.dataset, fold.split);
  REQUIRE(rows.size() == 1);
  CHECK(train::metric("accuracy", rows[0].outputs, fold.dataset, fold.split.test) > 0.8);
  seeing.options.batch_size = 0;
  CHECK(refusal([&] { fit(seeing, fold); }).says("batch_size = 0 leaves none"));
}

TEST_CASE("of parts that follow in time a step sees earlier labels alone") {
  auto d = data::add_reverse_edges(rated_people());
  for (Index item = 0; item < d.num_items(); ++item)
    d.times.push_back(static_cast<double>(item / 2));
  const auto fold = data::make_fold(d, nullptr, data::TimeSplit{0.6, 0.2, 0.2}, 1);
  auto still = job(d, "transformer_conv", "edge");
  still.config.dropout = 0;
  still.options.lr = 1e-12;
  still.options.weight_decay = 0;
  still.options.epochs = 1;
  still.options.batch_size = std::ssize(fold.split.train) / 2;
  auto sum_of_losses = [&](const data::Fold& on) {
    return fit(still, on).history.front().train_loss * static_cast<double>(on.split.train.size());
  };
  // With and without the latest, of either class: unless others see its label, what it adds is its
  // own loss, -log p.
  double sum = 0;
  for (int label = 0; label < 2; ++label) {
    data::Fold with = fold, without = fold;
    with.dataset.y[with.split.train.back()] = label;
    without.split.train.pop_back();
    sum += std::exp(sum_of_losses(without) - sum_of_losses(with));
  }
  CHECK(sum == Approx(1).epsilon(1e-3));
  // Who is tested is told what was known by then: all but the labels to test.
  const auto model = models::make_model(still.config, 1);
  const auto told = train::fit(*model, fold.dataset, fold.split, still.options, 1);
  auto auc_without = [&](const std::vector<Index>& unknown) {
    const Tensor y = models::predict(*model, data::without_labels(fold.dataset, unknown));
    return train::metric("roc_auc", y, fold.dataset, fold.split.test);
  };
  auto unknown = fold.split.test;
  CHECK(told.test.metrics.at("roc_auc") == Approx(auc_without(unknown)).epsilon(1e-9));
  unknown.insert(unknown.end(), fold.split.val.begin(), fold.split.val.end());
  CHECK(told.test.metrics.at("roc_auc") != Approx(auc_without(unknown)).epsilon(1e-9));
}

TEST_CASE("balanced classes count alike") {
  auto d = rings_and_stars(100);
  data::Split split;
  for (Index g = 0; g < 60; ++g)
    if (g % 2 == 0 || g < 8) split.train.push_back(g);
  for (Index g = 60; g < 100; ++g) split.val.push_back(g);
  auto plain = job(d, "gin", "graph");
  plain.options.epochs = 3;
  auto balanced = plain;
  balanced.options.class_weight = "balanced";
  const data::Fold fold{d, split};
  CHECK(fit(plain, fold).history.front().train_loss !=
        fit(balanced, fold).history.front().train_loss);
}
