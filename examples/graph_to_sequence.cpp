// A graph is read and a sequence said: the walk through a chain of labelled nodes from its marked
// end, the nodes given in any order. A graph attention network encodes the nodes, and a decoder
// with Bahdanau's attention looks at one of them after the other: what a decoder attends to may be
// any set of vectors.

#include <agate/data/sequences.hpp>
#include <agate/nn/conv/gatv2_conv.hpp>
#include <agate/nn/sequence/recurrent_decoder.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/tensor/rows.hpp>
#include <agate/tensor/segment_mean.hpp>
#include <agate/train/optimizer.hpp>
#include <algorithm>
#include <cstdio>
#include <numeric>

using namespace agate;

constexpr Index labels = 8, hidden = 64, batch = 32;

struct Net : nn::Module {
  explicit Net(Random& random)
      : near({.in = labels + 1, .out = 16, .heads = 4}, random),
        far({.in = 64, .out = 16, .heads = 4}, random),
        decoder({.input_size = labels + 1, .hidden_size = hidden, .memory_size = 64}, random),
        say({.in = hidden, .out = labels}, random) {}
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    near.visit_parameters(prefix + "near.", visit);
    far.visit_parameters(prefix + "far.", visit);
    decoder.visit_parameters(prefix + "decoder.", visit);
    say.visit_parameters(prefix + "say.", visit);
  }
  nn::GATv2Conv near, far;
  nn::RecurrentDecoder decoder;
  nn::Linear say;
};

// Chains of 3 to 8 nodes with different labels, packed as one graph.
struct Chains {
  explicit Chains(Random& random) {
    std::vector<Edge> edges;
    for (Index b = 0; b < batch; ++b) {
      const Index first = offsets.back(), n = 3 + static_cast<Index>(random.below(6));
      std::vector<int> walk(labels), place(static_cast<std::size_t>(n));
      std::iota(walk.begin(), walk.end(), 0);
      std::iota(place.begin(), place.end(), static_cast<int>(first));
      random.shuffle(std::span(walk));
      random.shuffle(std::span(place));
      label_of.resize(static_cast<std::size_t>(first + n));
      for (Index i = 0; i < n; ++i) {
        if (i > 0) edges.push_back({place[i - 1], place[i]});
        label_of[place[i]] = walk[i];
        said.push_back(walk[i]);
      }
      starts.push_back(place[0]);
      offsets.push_back(first + n);
    }
    graph = Graph::from_edges(offsets.back(), edges, {.undirected = true});
    x = Tensor::zeros({offsets.back(), labels + 1});      // the label, and a mark on the first node
    given = Tensor::zeros({offsets.back(), labels + 1});  // what was said last, or that nothing was
    for (Index i = 0; i < x.rows(); ++i) {
      x.row(i)[label_of[i]] = 1;
      const bool first = std::ranges::find(offsets, i) != offsets.end();
      given.row(i)[first ? labels : said[i - 1]] = 1;
    }
    for (const Index i : starts) x.row(i)[labels] = 1;
  }
  Graph graph;
  std::vector<Index> offsets{0}, starts;
  std::vector<int> label_of, said;
  Tensor x, given;
};

int main() {
  Random random(1);
  Net net(random);
  train::ParameterGroup all{{}, 0};
  for (auto& [name, parameter] : net.parameters()) all.parameters.push_back(parameter);
  const auto adam = train::make_optimizer("adam", {all}, 0.003, 0);
  adam->set_clip_norm(1);
  Tape tape({.training = true});
  Index right = 0, asked = 0;
  for (int step = 1; step <= 700; ++step) {
    const Chains chains(random);
    const Var nodes = net.far(chains.graph, elu(net.near(chains.graph, tape.constant(chains.x))));
    const auto memory = net.decoder.remember(nodes, chains.offsets);
    const Var summary = segment_mean(nodes, chains.offsets);
    const Var logits =
        net.say(net.decoder(tape.constant(chains.given), chains.offsets, memory, summary));
    std::vector<Index> rows(chains.said.size());
    std::iota(rows.begin(), rows.end(), Index{0});
    tape.backward(cross_entropy(logits, chains.said, rows));
    adam->step(tape);
    for (Index i = 0; step > 650 && i < logits.rows(); ++i, ++asked) {
      const Real* row = logits.value().row(i);
      right += std::max_element(row, row + labels) - row == chains.said[i];
    }
    tape.reset();
  }
  std::printf("of %lld nodes said in the last 50 steps, on chains never seen, %.1f %% are right\n",
              static_cast<long long>(asked), 100.0 * static_cast<double>(right) / asked);
  return right > 0.95 * static_cast<double>(asked) ? 0 : 1;
}
