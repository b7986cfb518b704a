// A label for everyone in a social network, from two CSV files: who there is, who knows whom.
//   social_network people.csv friends.csv club
// An empty cell in the column of labels is one to be told.
#include <agate/data/split.hpp>
#include <agate/model.hpp>
#include <agate/train/presets.hpp>
#include <agate/train/trainer.hpp>
#include <cstdio>
#include <exception>

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::fprintf(stderr, "usage: social_network people.csv friends.csv COLUMN\n");
    return 2;
  }
  const auto [people, schema] =
      agate::data::read_tables({.nodes = argv[1], .edges = argv[2], .label = argv[3]});
  const auto split = agate::data::make_split(people, agate::data::RandomSplit{0.6, 0.2, 0.2}, 0);

  agate::models::ModelConfig config{.model = "gat"};
  agate::train::TrainOptions options;
  agate::train::apply_preset("default", config, options);
  config.in = people.num_features();
  config.out = people.num_classes();
  auto network = agate::models::make_model(config, 0);
  const auto fit = agate::train::fit(*network, people, split, options, 0);
  std::printf("of those it was not told %.0f %% are right\n", 100 * fit.test.metric);

  // With the schema, which knows what columns mean, it reads other tables the same way.
  agate::Model model({.model = std::move(network),
                      .classes = people.classes,
                      .schema = schema,
                      .data = people.name});
  model.save("network.safetensors");
  const agate::Tensor p = model.probabilities(model.predict(people));
  for (agate::Index i = 0; i < p.rows(); ++i) {
    std::printf("%s", people.node_name(i).c_str());
    for (agate::Index c = 0; c < p.cols(); ++c)
      std::printf("  %s %.2f", model.labels()[static_cast<std::size_t>(c)].c_str(),
                  double(p.row(i)[c]));
    std::printf("\n");
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "social_network: %s\n", error.what());
  return 1;
}
