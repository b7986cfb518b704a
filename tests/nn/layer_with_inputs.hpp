#pragma once
// A layer together with its inputs as parameters, so that what checks the parameters of a layer
// checks the inputs too.

#include <agate/nn/module.hpp>

namespace AGATE_NAMESPACE {

struct LayerWithInputs : nn::Module {
  LayerWithInputs(nn::Module& of, const std::vector<Tensor>& values) : layer(of) {
    for (const Tensor& value : values) inputs.push_back({value});
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    layer.visit_parameters(prefix, visit);
    for (std::size_t k = 0; k < inputs.size(); ++k)
      visit(prefix + "input " + std::to_string(k), inputs[k]);
  }
  Var input(Tape& tape, std::size_t k) const { return tape.parameter(inputs[k]); }

  nn::Module& layer;
  std::vector<Parameter> inputs;
};

}  // namespace AGATE_NAMESPACE
