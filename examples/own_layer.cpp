// A layer of your own, from the operations of the library: a gate decides, channel by channel, how
// much a node keeps of itself and how much it takes from the neighbours it attends to. Gradients
// come by themselves.
#include <agate/nn/conv/gat_conv.hpp>
#include <agate/nn/linear.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/optimizer.hpp>
#include <cstdio>
#include <exception>

struct GatedAttention : agate::nn::Module {
  GatedAttention(agate::Index in, agate::Index out, agate::Random& random)
      : neighbours({.in = in, .out = out, .heads = 2, .concat = false}, random),
        own({.in = in, .out = out}, random),
        gate({.in = in, .out = out}, random) {}

  agate::Var operator()(const agate::Graph& graph, const agate::Features& x) const {
    const agate::Var g = agate::sigmoid(gate(x)), h = own(x), m = neighbours(graph, x);
    return add(h, multiply(g, subtract(m, h)));  // (1 - g) h + g m
  }
  void visit_parameters(const std::string& prefix,
                        const agate::nn::ParameterVisitor& visit) override {
    neighbours.visit_parameters(prefix + "neighbours.", visit);
    own.visit_parameters(prefix + "own.", visit);
    gate.visit_parameters(prefix + "gate.", visit);
  }

  agate::nn::GATConv neighbours;
  agate::nn::Linear own, gate;
};

int main() try {
  // Who sits between two others is to say what they are, and nobody knows more than himself.
  const std::vector<agate::Edge> edges{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}};
  const auto graph = agate::Graph::from_edges(6, edges, {.undirected = true});
  const auto x = agate::Tensor::from({6, 2}, {1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1});
  const std::vector<int> y{1, 0, 1, 0, 1, 0};
  const std::vector<agate::Index> all{0, 1, 2, 3, 4, 5};

  agate::Random random(1);
  GatedAttention layer(2, 2, random);
  agate::train::ParameterGroup group;
  for (const auto& [name, parameter] : layer.parameters()) group.parameters.push_back(parameter);
  agate::train::Adam adam({group}, {.lr = 0.05});
  agate::Tape tape({.training = true});
  for (int step = 0; step <= 100; ++step) {
    const agate::Var loss = agate::cross_entropy(layer(graph, tape.constant(x)), y, all);
    if (step % 25 == 0) std::printf("step %3d  loss %.4f\n", step, double(loss.value().item()));
    tape.backward(loss);
    adam.step(tape);
    tape.reset();
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "own_layer: %s\n", error.what());
  return 1;
}
