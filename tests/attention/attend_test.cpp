#include <agate/attention/attend.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "kernels/elementary.hpp"
#include "operation_table.hpp"

using namespace agate;

namespace {

struct Inputs {
  Graph graph;
  Tensor target, source, values;
};

Inputs inputs(Index n, Index heads, Index channels) {
  return {table::example_graph(n, {.undirected = true}), table::example({n, heads}, 0),
          table::example({n, heads}, 1), table::example({n, heads * channels}, 2)};
}

Attended run(Tape& tape, const Inputs& in, AttendOptions options = {}) {
  return attend(AdditiveScore{tape.constant(in.target), tape.constant(in.source)}, in.graph,
                tape.constant(in.values), options);
}

}  // namespace

TEST_CASE("attention is the softmax-weighted sum, written out") {
  const Inputs in = inputs(12, 3, 4);
  Tape tape;
  const Attended got = run(tape, in, {.return_weights = true});
  for (Index i = 0; i < 12; ++i)
    for (Index h = 0; h < 3; ++h) {
      const Index begin = in.graph.offsets()[i], end = in.graph.offsets()[i + 1];
      double sum = 0;
      std::vector<double> e;
      for (Index p = begin; p < end; ++p) {
        const double raw = in.target.row(i)[h] + in.source.row(in.graph.sources()[p])[h];
        e.push_back(std::exp(raw > 0 ? raw : 0.2 * raw));
        sum += e.back();
      }
      double weights = 0;
      std::vector<double> expected(4, 0);
      for (Index p = begin; p < end; ++p) {
        const double w = e[p - begin] / sum;
        CHECK(got.weights.row(p)[h] == Approx(w).margin(1e-6));
        weights += got.weights.row(p)[h];
        for (Index c = 0; c < 4; ++c)
          expected[c] += w * in.values.row(in.graph.sources()[p])[4 * h + c];
      }
      if (begin < end) CHECK(weights == Approx(1).margin(1e-5));
      for (Index c = 0; c < 4; ++c)
        CHECK(got.output.value().row(i)[4 * h + c] == Approx(expected[c]).margin(1e-5));
    }
}

TEST_CASE("a node without neighbours gets zero") {
  const Inputs in = inputs(12, 2, 8);
  REQUIRE(in.graph.in_degree(11) == 0);
  Tape tape;
  for (Index c = 0; c < 16; ++c) CHECK(run(tape, in).output.value().row(11)[c] == 0);
}

TEST_CASE("NaN comes out in exactly the rows and heads that see it") {
  for (bool simd : {true, false}) {
    kernels::set_simd(simd);
    for (auto [heads, channels] : {std::pair<Index, Index>{8, 8}, {1, 7}, {3, 5}}) {
      Inputs in = inputs(40, heads, channels);
      const Index node = 7, head = heads - 1;
      in.values.row(node)[head * channels] = std::numeric_limits<Real>::quiet_NaN();
      Tape tape;
      const Tensor y = run(tape, in).output.value();
      in = inputs(40, heads, channels);
      in.source.row(node)[head] = std::numeric_limits<Real>::quiet_NaN();
      const Tensor z = run(tape, in).output.value();
      Index seen = 0;
      for (Index i = 0; i < 40; ++i) {
        bool sees = false;
        for (Index p = in.graph.offsets()[i]; p < in.graph.offsets()[i + 1]; ++p)
          sees = sees || in.graph.sources()[p] == node;
        seen += sees;
        for (Index c = 0; c < heads * channels; ++c) {
          CHECK(std::isnan(y.row(i)[c]) == (sees && c == head * channels));
          CHECK(std::isnan(z.row(i)[c]) == (sees && c / channels == head));
        }
      }
      CHECK(seen > 0);
    }
  }
  kernels::set_simd(true);
}

TEST_CASE(
    "NaN in a key or a value comes out in exactly the rows that see it, for pair scores too") {
  // 700 nodes tell node 0 something: its row is worked on in parts.
  std::vector<Edge> edges;
  for (NodeId j = 1; j < 700; ++j) edges.push_back({j, 0});
  for (NodeId j = 1; j < 700; ++j) edges.push_back({static_cast<NodeId>(j % 30), j});
  const Graph graph = Graph::from_edges(700, edges);
  const Index node = 7;
  for (bool simd : {true, false})
    for (bool dot : {true, false})
      for (bool in_key : {true, false}) {
        kernels::set_simd(simd);
        Tensor query = table::example({700, 12}, 0), key = table::example({700, 12}, 1),
               values = table::example({700, 9}, 2);
        (in_key ? key : values).row(node)[0] = std::numeric_limits<Real>::quiet_NaN();
        Tape tape;
        auto in = [&](const Tensor& t) { return tape.constant(t); };
        const Score score =
            dot ? Score(ScaledDotScore{.query = in(query), .key = in(key), .heads = 3})
                : Score(AdditiveMlpScore{.query = in(query),
                                         .key = in(key),
                                         .vector = in(table::example({12}, 3)),
                                         .heads = 3});
        const Tensor y = attend(score, graph, in(values)).output.value();
        for (Index i = 0; i < 700; ++i) {
          bool sees = false;
          for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p)
            sees = sees || graph.sources()[p] == node;
          for (Index c = 0; c < 9; ++c)
            CHECK(std::isnan(y.row(i)[c]) == (sees && (in_key ? c < 3 : c == 0)));
        }
      }
  kernels::set_simd(true);
}

TEST_CASE("weights of a hub that is worked on in parts add up to 1") {
  const Graph star = table::example_star(1500);
  const Tensor values = table::example({1500, 6}, 1);
  Tape tape;
  const Var scores = tape.constant(table::example({1500, 2}, 0));
  const Attended got = attend(AdditiveScore{.target = scores, .source = scores}, star,
                              tape.constant(values), {.return_weights = true});
  double sum = 0;
  std::vector<double> expected(3, 0);
  for (Index p = star.offsets()[0]; p < star.offsets()[1]; ++p) {
    sum += got.weights.row(p)[0];
    for (Index c = 0; c < 3; ++c)
      expected[c] += got.weights.row(p)[0] * values.row(star.sources()[p])[c];
  }
  CHECK(sum == Approx(1).margin(1e-4));
  for (Index c = 0; c < 3; ++c)
    CHECK(got.output.value().row(0)[c] == Approx(expected[c]).margin(1e-4));
}

TEST_CASE("relabelled nodes permute the output") {
  const Inputs in = inputs(30, 2, 4);
  std::vector<Index> name(30);
  for (Index i = 0; i < 30; ++i) name[i] = (7 * i + 3) % 30;
  std::vector<Edge> edges;
  for (Index i = 0; i < 30; ++i)
    for (Index p = in.graph.offsets()[i]; p < in.graph.offsets()[i + 1]; ++p)
      edges.push_back(
          {static_cast<NodeId>(name[in.graph.sources()[p]]), static_cast<NodeId>(name[i])});
  Inputs other{Graph::from_edges(30, edges), in.target.clone(), in.source.clone(),
               in.values.clone()};
  for (Index i = 0; i < 30; ++i) {
    std::copy_n(in.target.row(i), 2, other.target.row(name[i]));
    std::copy_n(in.source.row(i), 2, other.source.row(name[i]));
    std::copy_n(in.values.row(i), 8, other.values.row(name[i]));
  }
  Tape tape;
  const Tensor a = run(tape, in).output.value(), b = run(tape, other).output.value();
  for (Index i = 0; i < 30; ++i)
    for (Index c = 0; c < 8; ++c) CHECK(a.row(i)[c] == Approx(b.row(name[i])[c]).margin(1e-5));
}

TEST_CASE("attention dropout does not depend on the order of the edges, and keeps the mean") {
  const Index n = 400;
  std::vector<Edge> edges;
  for (NodeId j = 1; j < n; ++j) edges.push_back({j, 0});
  const Graph star = Graph::from_edges(n, edges);
  Tape tape({.training = true, .seed = 9});
  const Var zero = tape.constant(Tensor::zeros({n, 1}));
  const Var one = tape.constant(Tensor::full({n, 1}, 1));
  const double sum =
      attend(AdditiveScore{zero, zero}, star, one, {.dropout = Real(0.5)}).output.value().data()[0];
  CHECK(sum == Approx(1).margin(0.15));
  CHECK(sum != 1);
}

TEST_CASE("shapes that do not fit are refused") {
  Inputs in = inputs(12, 2, 3);
  Tape tape;
  in.values = Tensor::zeros({11, 6});
  CHECK(refusal([&] { run(tape, in); }).says("11 rows of values for 12 nodes"));
  in.values = Tensor::zeros({12, 5});
  CHECK(refusal([&] { run(tape, in); }).says("5 columns of values"));
  in = inputs(12, 2, 3);
  in.target = Tensor::zeros({12, 3});
  CHECK(refusal([&] { run(tape, in); }).code == ErrorCode::shape);
  CHECK(refusal([&] { run(tape, inputs(12, 2, 3), {.dropout = 1}); }).says("expected 0 <= p < 1"));
  auto zeros = [&](Index rows, Index cols) { return tape.constant(Tensor::zeros({rows, cols})); };
  auto dot = [&](Index queries, Index columns, Index heads) {
    attend(ScaledDotScore{.query = zeros(queries, columns), .key = zeros(12, 6), .heads = heads},
           in.graph, zeros(12, 6));
  };
  CHECK_NOTHROW(dot(12, 6, 2));
  CHECK(refusal([&] { dot(11, 6, 2); }).says("11 queries for 12 nodes"));
  CHECK(refusal([&] { dot(12, 4, 2); }).says("4 columns of queries, 6 of keys"));
  CHECK(
      refusal([&] { dot(12, 6, 4); }).says("6 columns of queries cannot be shared among 4 heads"));
  CHECK(refusal([&] {
          attend(AdditiveScore{.target = zeros(12, 2), .source = zeros(12, 2), .edge = zeros(3, 2)},
                 in.graph, zeros(12, 6));
        }).says("edge terms of 3 x 2"));
  CHECK(refusal([&] {
          attend(AdditiveScore{.target = zeros(12, 2), .source = zeros(12, 2)}, in.graph,
                 zeros(12, 6), {.edge_values = zeros(3, 6)});
        }).says("edge values of 3 x 6"));
}

TEST_CASE("nothing of the size of the edges is allocated") {
  // 200,000 messages of 64 numbers would be 51 MB; what nodes and scores need is far less.
  const Index n = 2000, heads = 8, channels = 8;
  std::vector<Edge> edges;
  Random random(1);
  for (Index e = 0; e < 200000; ++e)
    edges.push_back({static_cast<NodeId>(random.below(n)), static_cast<NodeId>(random.below(n))});
  const Graph graph = Graph::from_edges(n, edges);
  Tape tape({.training = true});
  const Var target = tape.variable(table::example({n, heads}, 0));
  const Var source = tape.variable(table::example({n, heads}, 1));
  const Var values = tape.variable(table::example({n, heads * channels}, 2));
  const Var y = attend(AdditiveScore{target, source}, graph, values, {.dropout = Real(0.5)}).output;
  tape.backward(y, Tensor::full(y.shape(), 1));
  // Nodes x heads x channels is the largest block: not even edges x heads is needed.
  CHECK(tape.pool().largest_allocation() <= sizeof(Real) * n * heads * channels * 9 / 8);
}
