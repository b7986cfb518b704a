// Whole graphs: rings and stars of any size are told apart by their links.
#include <agate/data/split.hpp>
#include <agate/models/predict.hpp>
#include <agate/train/presets.hpp>
#include <agate/train/trainer.hpp>
#include <cstdio>

int main() {
  // All graphs stand in one, each with its own range of nodes.
  agate::data::Dataset data{
      .name = "shapes", .graph_offsets = {0}, .task = agate::data::Task::graph};
  std::vector<agate::Edge> edges;
  for (int g = 0; g < 100; ++g) {
    const auto first = static_cast<agate::NodeId>(data.graph_offsets.back());
    const auto nodes = static_cast<agate::NodeId>(4 + g % 7);
    for (agate::NodeId i = 1; i < nodes; ++i)
      edges.push_back(g % 2 ? agate::Edge{first, first + i}
                            : agate::Edge{first + i - 1, first + i});
    if (g % 2 == 0) edges.push_back({first + nodes - 1, first});
    data.graph_offsets.push_back(first + nodes);
    data.y.push_back(g % 2);
  }
  data.graph = agate::Graph::from_edges(data.graph_offsets.back(), edges, {.undirected = true});
  data.x = agate::Tensor::full({data.num_nodes(), 1}, 1);  // nothing is known of the nodes
  data.classes = {"ring", "star"};

  agate::models::ModelConfig config{.model = "gin"};
  agate::train::TrainOptions options;
  agate::train::apply_preset("graph", config, options);
  config.task = "graph";
  config.in = data.num_features();
  config.out = data.num_classes();
  options.epochs = 20;
  const auto split = agate::data::make_split(data, agate::data::StratifiedSplit{0.6, 0.2, 0.2}, 1);
  const auto model = agate::models::make_model(config, 1);
  const auto result = agate::train::fit(*model, data, split, options, 1);
  std::printf("%.0f %% of the test graphs\n", 100 * result.test.metric);
  const agate::Tensor logits = agate::models::predict(*model, data);  // one row per graph
  std::printf("graph 0 is a %s\n", data.classes[logits.row(0)[1] > logits.row(0)[0]].c_str());
}
