#pragma once
// The cases of tests/golden: inputs, parameters, outputs and gradients computed by torch and
// PyTorch Geometric.

#include <agate/graph/graph.hpp>
#include <agate/io/safetensors.hpp>
#include <agate/nn/module.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "catch.hpp"

namespace AGATE_NAMESPACE {

// One case of tests/golden: torch's inputs, parameters, outputs and gradients.
struct Golden {
  explicit Golden(const std::string& name)
      : file(io::read_safetensors(std::string(AGATE_SOURCE_DIR "/tests/golden/") + name +
                                  ".safetensors")),
        args(nlohmann::json::parse(file.metadata.at("args"))) {}

  Tensor tensor(const std::string& name) const { return file.find(name)->as_tensor(name); }
  std::vector<Edge> edges(const std::string& name) const {
    const auto flat = file.find(name)->as_indices(name);
    std::vector<Edge> list;
    for (std::size_t e = 0; e < flat.size() / 2; ++e)
      list.push_back(
          {static_cast<NodeId>(flat[e]), static_cast<NodeId>(flat[flat.size() / 2 + e])});
    return list;
  }
  Graph graph() const { return Graph::from_edges(tensor("x").rows(), edges("edge_index")); }

  io::SafeTensors file;
  nlohmann::json args;
};

inline void check_close(const Tensor& ours, const Tensor& golden, const std::string& what) {
  INFO(what << ": " << ours.shape().to_string() << ", expected " << golden.shape().to_string());
  REQUIRE(ours.size() == golden.size());
  double worst = 0;
  for (Index i = 0; i < ours.size(); ++i)
    worst = std::max(worst, std::abs(double(ours.data()[i]) - golden.data()[i]) /
                                std::max(1.0, std::abs(double(golden.data()[i]))));
  CHECK(worst < 1e-5);
}

template <class Layer, class Run>
void check_layer(const Golden& golden, Layer& layer, Run run) {
  for (auto& [name, parameter] : layer.parameters())
    parameter->value = golden.tensor("param." + name).reshape(parameter->value.shape());
  Tape tape;
  const Var x = tape.variable(golden.tensor("x"));
  const Var y = run(x);
  check_close(y.value(), golden.tensor("out"), "out");
  tape.backward(y, golden.tensor("grad_out"));
  check_close(tape.gradient(x), golden.tensor("grad.x"), "grad.x");
  for (auto& [name, parameter] : layer.parameters()) {
    REQUIRE(tape.gradient(*parameter) != nullptr);
    check_close(*tape.gradient(*parameter), golden.tensor("grad.param." + name), name);
  }
}

}  // namespace AGATE_NAMESPACE
