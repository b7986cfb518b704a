#pragma once
// The cases of tests/golden: inputs, parameters, outputs and gradients computed by torch and
// PyTorch Geometric.

#include <agate/graph/graph.hpp>
#include <agate/io/safetensors.hpp>
#include <agate/nn/module.hpp>
#include <cmath>
#include <functional>
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

// The output, and the gradients of the inputs named and of all parameters. A padded batch of
// sequences comes as its rows.
template <class Layer>
void check_layer(const Golden& golden, Layer& layer, const std::vector<std::string>& names,
                 const std::function<Var(const std::vector<Var>&)>& run) {
  for (auto& [name, parameter] : layer.parameters())
    parameter->value = golden.tensor("param." + name).reshape(parameter->value.shape());
  auto rows = [&](const std::string& name) {
    const Tensor t = golden.tensor(name);
    return t.reshape({t.rows(), t.cols()});
  };
  Tape tape;
  std::vector<Var> inputs;
  for (const std::string& name : names) inputs.push_back(tape.variable(rows(name)));
  const Var y = run(inputs);
  check_close(y.value(), golden.tensor("out"), "out");
  tape.backward(y, rows("grad_out"));
  for (std::size_t k = 0; k < names.size(); ++k)
    check_close(tape.gradient(inputs[k]), golden.tensor("grad." + names[k]), "grad." + names[k]);
  for (auto& [name, parameter] : layer.parameters()) {
    REQUIRE(tape.gradient(*parameter) != nullptr);
    check_close(*tape.gradient(*parameter), golden.tensor("grad.param." + name), name);
  }
}

template <class Layer, class Run>
void check_layer(const Golden& golden, Layer& layer, Run run) {
  check_layer(golden, layer, {"x"}, [&](const std::vector<Var>& v) { return run(v[0]); });
}

}  // namespace AGATE_NAMESPACE
