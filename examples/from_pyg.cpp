// A network that was trained in PyTorch Geometric. In Python:
//   from safetensors.torch import save_file
//   save_file({k: v.clone().contiguous() for k, v in model.state_dict().items()},
//   "gat.safetensors")
// Here:
//   from_pyg gat.safetensors elu
#include <agate/model.hpp>
#include <cstdio>
#include <exception>

int main(int argc, char** argv) try {
  const std::string path = argc > 1 ? argv[1] : "gat.safetensors";
  // Names and shapes tell what network it is; the activation between its layers they do not.
  auto config = agate::models::guess_config(agate::io::read_safetensors(path), path);
  config.activation = argc > 2 ? argv[2] : "relu";
  const auto model = agate::Model::from_state_dict(path, config);
  std::printf("%s of %lld layers, %lld features, %lld outputs\n", config.model.c_str(),
              static_cast<long long>(config.layers), static_cast<long long>(config.in),
              static_cast<long long>(config.out));

  // Edges lead from source to target, as in edge_index.
  const std::vector<agate::Edge> edges{{0, 1}, {1, 2}, {2, 0}, {3, 0}};
  const auto graph = agate::Graph::from_edges(4, edges);
  agate::Tensor x = agate::Tensor::zeros({4, config.in});
  for (agate::Index i = 0; i < 4; ++i) x.row(i)[i % config.in] = 1;
  const auto logits = model.predict(graph, x);
  for (agate::Index i = 0; i < logits.rows(); ++i) {
    std::printf("node %lld:", static_cast<long long>(i));
    for (agate::Index c = 0; c < logits.cols(); ++c)
      std::printf(" %8.4f", double(logits.row(i)[c]));
    std::printf("\n");
  }
  model.save("from_pyg.safetensors");  // from now on a file of agate's
} catch (const std::exception& error) {
  std::fprintf(stderr, "from_pyg: %s\n", error.what());
  return 1;
}
