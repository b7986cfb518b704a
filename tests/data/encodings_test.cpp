#include <agate/core/random.hpp>
#include <agate/data/encodings.hpp>
#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"

using namespace agate;
using namespace agate::data;

namespace {

Graph undirected(Index nodes, const std::vector<Edge>& edges) {
  return Graph::from_edges(nodes, edges, {.undirected = true});
}

Graph cycle(NodeId n) {
  std::vector<Edge> edges;
  for (NodeId i = 0; i < n; ++i) edges.push_back({i, static_cast<NodeId>((i + 1) % n)});
  return undirected(n, edges);
}

/// Two complete graphs of `size` nodes, with one edge between them.
Graph two_cliques(NodeId size) {
  std::vector<Edge> edges{{0, size}};
  for (NodeId first : {NodeId{0}, size})
    for (NodeId i = 0; i < size; ++i)
      for (NodeId j = 0; j < i; ++j) edges.push_back({first + i, first + j});
  return undirected(2 * size, edges);
}

std::vector<double> column(const Tensor& t, Index c) {
  std::vector<double> values;
  for (Index i = 0; i < t.rows(); ++i) values.push_back(t.row(i)[c]);
  return values;
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// D^-1/2 A D^-1/2 v of an undirected graph.
std::vector<double> normalised(const Graph& g, const std::vector<double>& v) {
  std::vector<double> out(v.size(), 0);
  for (Index i = 0; i < g.num_nodes(); ++i)
    for (Index p = g.offsets()[i]; p < g.offsets()[i + 1]; ++p) {
      const Index j = g.sources()[p];
      out[i] += v[j] / std::sqrt(static_cast<double>(g.in_degree(i) * g.in_degree(j)));
    }
  return out;
}

void check_eigenvectors(const Graph& g, const Tensor& t) {
  const auto n = static_cast<double>(g.num_nodes());
  double last = 1;
  for (Index c = 0; c < t.cols(); ++c) {
    const auto v = column(t, c);
    const auto w = normalised(g, v);
    const double value = product(v, w) / product(v, v);
    CHECK(product(v, v) == Approx(n));
    CHECK(value <= last + 1e-5);
    last = value;
    double residual = 0, largest = 0;
    for (std::size_t i = 0; i < v.size(); ++i) {
      residual = std::max(residual, std::abs(w[i] - value * v[i]));
      if (std::abs(v[i]) > std::abs(largest) * (1 + 1e-4)) largest = v[i];
    }
    CHECK(residual < 1e-3);
    CHECK(largest > 0);
    for (Index other = 0; other < c; ++other)
      CHECK(std::abs(product(v, column(t, other))) < 1e-2 * n);
  }
}

}  // namespace

TEST_CASE("the degree encoding is log(1 + in-degree), without loops", "[data]") {
  const Tensor star = degree_encoding(undirected(4, {{0, 1}, {0, 2}, {0, 3}, {3, 3}}));
  CHECK(star.shape() == Shape{4, 1});
  CHECK(star.data()[0] == Approx(std::log(4.0)));
  CHECK(star.data()[3] == Approx(std::log(2.0)));
  const std::vector<Edge> edges{{0, 1}, {0, 1}};
  const Tensor directed = degree_encoding(Graph::from_edges(3, edges));
  CHECK(directed.data()[0] == 0);
  CHECK(directed.data()[1] == Approx(std::log(3.0)));
  CHECK(directed.data()[2] == 0);
  const Tensor out = out_degree_encoding(Graph::from_edges(3, edges));
  CHECK(out.shape() == Shape{3, 1});
  CHECK(out.data()[0] == Approx(std::log(3.0)));
  CHECK(out.data()[1] == 0);
  const Tensor both = out_degree_encoding(undirected(4, {{0, 1}, {0, 2}, {0, 3}, {3, 3}}));
  CHECK(std::ranges::equal(both.values(), star.values()));
}

TEST_CASE("return probabilities of known graphs", "[data]") {
  const Tensor triangle = random_walk_encoding(cycle(3), 3);
  CHECK(triangle.shape() == Shape{3, 3});
  for (Index i = 0; i < 3; ++i) {
    CHECK(triangle.row(i)[0] == 0);
    CHECK(triangle.row(i)[1] == Approx(0.5));
    CHECK(triangle.row(i)[2] == Approx(0.25));
  }
  const Tensor path = random_walk_encoding(undirected(3, {{0, 1}, {1, 2}}), 4);
  CHECK(column(path, 1) == std::vector<double>{0.5, 1, 0.5});
  CHECK(column(path, 2) == std::vector<double>{0, 0, 0});
  CHECK(column(path, 3) == std::vector<double>{0.5, 1, 0.5});
  const Tensor star = random_walk_encoding(undirected(5, {{0, 1}, {2, 0}, {0, 3}, {4, 0}}), 2);
  CHECK(column(star, 1) == std::vector<double>{1, 0.25, 0.25, 0.25, 0.25});
  // Large enough for several blocks: C(2m, m) / 4^m on a cycle that is too long to walk around.
  const Tensor large = random_walk_encoding(cycle(40), 6);
  for (Index i = 0; i < 40; ++i) {
    CHECK(large.row(i)[1] == Approx(0.5));
    CHECK(large.row(i)[3] == Approx(6.0 / 16));
    CHECK(large.row(i)[5] == Approx(20.0 / 64));
  }
}

TEST_CASE("walks follow directed edges, ignore loops and end where no edge leads on", "[data]") {
  const std::vector<Edge> round{{0, 1}, {1, 2}, {2, 0}, {1, 1}};
  const Tensor t = random_walk_encoding(Graph::from_edges(3, round), 3);
  for (Index i = 0; i < 3; ++i) {
    CHECK(t.row(i)[0] == 0);
    CHECK(t.row(i)[1] == 0);
    CHECK(t.row(i)[2] == 1);
  }
  const std::vector<Edge> line{{0, 1}};
  const Tensor gone = random_walk_encoding(Graph::from_edges(3, line), 2);
  for (Real p : gone.values()) CHECK(p == 0);
  // Two of the three edges that leave node 1 lead back to 0.
  const Tensor twice = random_walk_encoding(undirected(3, {{0, 1}, {1, 0}, {1, 2}}), 2);
  CHECK(column(twice, 1)[0] == Approx(2.0 / 3));
  CHECK(column(twice, 1)[2] == Approx(1.0 / 3));
}

TEST_CASE("the first spectral feature tells two cliques apart", "[data]") {
  for (NodeId size : {NodeId{5}, NodeId{200}}) {  // both ways to find eigenvectors
    const Graph g = two_cliques(size);
    const Tensor t = spectral_encoding(g, 1);
    for (Index i = 1; i < size; ++i) {
      CHECK(t.row(i)[0] * t.row(0)[0] > 0);
      CHECK(t.row(i)[0] * t.row(size + i)[0] < 0);
    }
    check_eigenvectors(g, t);
  }
}

TEST_CASE("spectral features are eigenvectors in order, of norm sqrt(N), sign fixed", "[data]") {
  check_eigenvectors(cycle(11), spectral_encoding(cycle(11), 10));
  check_eigenvectors(undirected(6, {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {0, 5}}),
                     spectral_encoding(undirected(6, {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {0, 5}}), 5));
  Random random(1);
  std::vector<Edge> edges;
  for (NodeId i = 1; i < 700; ++i)
    for (int k = 0; k < 3; ++k) edges.push_back({i, static_cast<NodeId>(random.below(i))});
  const Graph g = undirected(700, edges);
  const Tensor t = spectral_encoding(g, 8);
  check_eigenvectors(g, t);
  const Tensor again = spectral_encoding(g, 8);
  CHECK(column(t, 3) == column(again, 3));
  // Loops change nothing.
  CHECK(column(spectral_encoding(g.with_self_loops(), 8), 3) == column(t, 3));
}

TEST_CASE("trivial eigenvectors of every component are dropped", "[data]") {
  // Two triangles, an isolated node: 6 - 2 eigenvectors remain, all with eigenvalue -1/2.
  const Graph g = undirected(7, {{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 3}, {6, 6}});
  const Tensor t = spectral_encoding(g, 6);
  for (Index c = 0; c < 4; ++c) {
    const auto v = column(t, c);
    CHECK(v[0] + v[1] + v[2] == Approx(0).margin(1e-5));
    CHECK(v[3] + v[4] + v[5] == Approx(0).margin(1e-5));
    CHECK(v[6] == 0);
    CHECK(product(v, v) == Approx(7));
  }
  for (Index i = 0; i < 7; ++i) {
    CHECK(t.row(i)[4] == 0);
    CHECK(t.row(i)[5] == 0);
  }
}

TEST_CASE("a directed graph is symmetrised", "[data]") {
  const std::vector<Edge> edges{{0, 1}, {1, 2}, {3, 2}, {3, 4}, {4, 4}};
  const std::vector<Edge> plain{{0, 1}, {1, 2}, {3, 2}, {3, 4}};
  const Tensor a = spectral_encoding(Graph::from_edges(5, edges), 3);
  const Tensor b = spectral_encoding(undirected(5, plain), 3);
  for (Index i = 0; i < a.size(); ++i) CHECK(a.data()[i] == Approx(b.data()[i]).margin(1e-5));
}

TEST_CASE("encodings of graphs without edges or nodes", "[data]") {
  for (Index nodes : {0, 1, 3}) {
    const Graph g = Graph::from_edges(nodes, {});
    for (const Tensor& t :
         {degree_encoding(g), random_walk_encoding(g, 2), spectral_encoding(g, 2)})
      for (Real v : t.values()) CHECK(v == 0);
    CHECK(spectral_encoding(g, 2).shape() == Shape{nodes, 2});
  }
}

TEST_CASE("encodings refuse what they cannot do", "[data]") {
  const Graph g = cycle(4);
  CHECK(refusal([&] { random_walk_encoding(g, 0); }).code == ErrorCode::value);
  CHECK(refusal([&] { spectral_encoding(g, -1); }).code == ErrorCode::value);
  const Graph large = Graph::from_edges(50'001, {});
  const Refusal r = refusal([&] { random_walk_encoding(large, 2); });
  CHECK(r.code == ErrorCode::limit);
  CHECK(r.says("50001 nodes, at most 50000"));
  const std::vector<Edge> edges{{0, 1}};
  const Graph two_sets = Graph::bipartite(2, 2, edges);
  CHECK(refusal([&] { degree_encoding(two_sets); }).code == ErrorCode::unsupported);
  CHECK(refusal([&] { random_walk_encoding(two_sets, 2); }).code == ErrorCode::unsupported);
  CHECK(refusal([&] { spectral_encoding(two_sets, 2); }).code == ErrorCode::unsupported);
  CHECK(refusal([] { spectral_encoding(cycle(5000), 3000); }).code == ErrorCode::limit);
}
