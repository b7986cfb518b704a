// fixture FOLDER: writes models, a question and their answers, for the tests that speak C and
// Python to the shared library.
#include <agate/graph/edges.hpp>
#include <agate/io/file.hpp>
#include <agate/model.hpp>
#include <cstring>

#include "planted.hpp"

namespace {

using namespace agate;

template <class T>
void append(std::string& bytes, std::span<T> values) {
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

Model made(models::ModelConfig config) {
  config.in = 4;
  config.out = 2;
  return Model({.model = models::make_model(config, 5),
                .task = config.task,
                .classes = {"even", "odd"},
                .data = "planted",
                .training = "{}"});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = std::string(argv[1]) + "/";
  const auto d = planted(40);
  const Model nodes = made({}), graphs = made({.model = "gin", .task = "graph"});
  nodes.save(folder + "nodes.safetensors");
  graphs.save(folder + "graphs.safetensors");
  // nodes, edges; sources, targets; x; logits of the nodes, of the graph.
  std::vector<std::int32_t> counts{40, static_cast<std::int32_t>(d.graph.num_edges())}, sources,
      targets;
  for (const auto& [source, target] : edge_list(d.graph)) {
    sources.push_back(source);
    targets.push_back(target);
  }
  std::string bytes;
  for (auto* part : {&counts, &sources, &targets}) append(bytes, std::span(*part));
  append(bytes, std::get<Tensor>(d.x).values());
  append(bytes, nodes.predict(d.graph, d.x).values());
  append(bytes, graphs.predict(d.graph, d.x).values());
  io::write_file(folder + "question", bytes);
}
