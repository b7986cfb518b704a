// Your own data, from Eigen matrices to the predicted class of every node.
//
// Two circles of people: most friendships stay inside a circle, and what is known of each person
// is mostly noise. Of ten people in each circle we know where they belong.

#include <agate/core/error.hpp>
#include <agate/data/dataset.hpp>
#include <agate/data/split.hpp>
#include <agate/models/model.hpp>
#include <agate/tensor/eigen.hpp>
#include <agate/train/trainer.hpp>
#include <cstdio>
#include <exception>
#include <random>

agate::data::Dataset two_circles() {
  constexpr int people = 200;
  std::mt19937 random(1);
  std::vector<agate::Edge> friends;
  for (int i = 0; i < people; ++i)
    for (int j = 0; j < i; ++j)
      if (random() % 100 < (i % 2 == j % 2 ? 6u : 1u)) friends.push_back({i, j});

  Eigen::MatrixXf known = Eigen::MatrixXf::Zero(people, 8);  // who, times what is known of each
  std::vector<int> circle(people);
  for (int i = 0; i < people; ++i) {
    for (int k = 0; k < 8; ++k) known(i, k) = static_cast<float>(random() % 1000) / 1000;
    circle[static_cast<std::size_t>(i)] = i % 2;
    known(i, i % 2) += 0.3f;
  }
  return {.name = "two circles",
          .graph = agate::Graph::from_edges(people, friends, {.undirected = true}),
          .x = agate::to_tensor(known),
          .y = circle,
          .classes = {"even", "odd"},
          .node_ids = {},
          .splits = {}};
}

int main() try {
  const agate::data::Dataset data = two_circles();
  agate::data::validate(data);
  const auto split = agate::data::make_split(data, agate::data::parse_split("per-class:10/20"), 0);

  auto model = agate::models::make_model(
      {.model = "gat", .in = data.num_features(), .out = data.num_classes()}, 0);
  const auto fit = agate::train::fit(*model, data, split, {.epochs = 200}, 0);
  std::printf("accuracy on %zu people never seen: %.3f\n", split.test.size(), fit.test.metric);

  const agate::Tensor logits = model->predict(data.graph, data.x);
  for (agate::Index i = 0; i < 4; ++i) {
    const bool odd = logits.row(i)[1] > logits.row(i)[0];
    std::printf("person %lld: %s\n", static_cast<long long>(i), data.classes[odd].c_str());
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "own_data: %s\n", error.what());
  return 1;
}
