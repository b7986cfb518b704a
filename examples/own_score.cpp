// A score of your own: people attend to their neighbours by how far away they live, and how much a
// kilometre counts is learned. Any formula of pairs works: one number for each message and head.
#include <agate/attention/attend.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/losses.hpp>
#include <cmath>
#include <cstdio>
#include <exception>

int main() try {
  using agate::Tensor;
  const double place[] = {0, 1, 2, 10, 11};  // kilometres along a road
  std::vector<agate::Edge> edges;
  for (agate::NodeId i = 0; i < 5; ++i)
    for (agate::NodeId j = 0; j < 5; ++j)
      if (i != j) edges.push_back({j, i});
  const auto graph = agate::Graph::from_edges(5, edges);
  const Tensor opinion = Tensor::from({5, 1}, {1, 1, 1, -1, -1});

  // s(i, j) = -weight * |place(i) - place(j)|, in the order of the graph's messages.
  Tensor distance = Tensor::uninitialized({graph.num_messages(), 1});
  for (agate::Index i = 0; i < 5; ++i)
    for (agate::Index m = graph.offsets()[i]; m < graph.offsets()[i + 1]; ++m)
      distance.data()[m] = static_cast<agate::Real>(std::abs(place[i] - place[graph.sources()[m]]));
  Tensor weight = Tensor::from({1, 1}, {0.01f});
  const std::vector<agate::Index> everyone{0, 1, 2, 3, 4};

  for (int step = 0; step <= 200; ++step) {
    agate::Tape tape;
    const auto w = tape.variable(weight);
    const auto own = agate::scale(agate::matmul(tape.constant(distance), w), -1);
    // Nothing else counts: queries and keys say 0 to each other.
    const agate::DotScore nothing{tape.constant(Tensor::zeros({5, 1})),
                                  tape.constant(Tensor::zeros({5, 1}))};
    const auto heard = agate::attend(nothing, graph, tape.constant(opinion),
                                     {.return_weights = true, .bias = own});
    const auto loss = agate::mean_squared_error(heard.output, opinion, everyone);
    tape.backward(loss);
    if (step % 50 == 0)
      std::printf("step %3d  a kilometre counts %.3f  loss %.4f  1 hears %.2f of 0 and %.2f of 3\n",
                  step, double(weight.item()), double(loss.value().item()),
                  double(heard.weights.row(graph.offsets()[1])[0]),
                  double(heard.weights.row(graph.offsets()[1] + 2)[0]));
    weight = Tensor::from({1, 1}, {weight.item() - 0.05f * tape.gradient(w).item()});
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "own_score: %s\n", error.what());
  return 1;
}
