#include <agate/core/error.hpp>
#include <agate/nn/conv/gcn_norm.hpp>
#include <cmath>

namespace AGATE_NAMESPACE::nn {
namespace {

CsrArrays merged(const Graph& graph, bool add_self_loops) {
  CsrArrays a{{0}, {}, {}};
  for (Index i = 0; i < graph.num_targets(); ++i) {
    bool looped = !add_self_loops;
    auto add_loop = [&] {
      a.columns.push_back(static_cast<NodeId>(i));
      a.values.push_back(1);
      looped = true;
    };
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p) {
      const NodeId j = graph.sources()[p];
      if (!looped && j > i) add_loop();
      looped = looped || j == i;
      if (static_cast<Index>(a.columns.size()) > a.offsets.back() && a.columns.back() == j) {
        a.values.back() += 1;
      } else {
        a.columns.push_back(j);
        a.values.push_back(1);
      }
    }
    if (!looped) add_loop();
    a.offsets.push_back(static_cast<Index>(a.columns.size()));
  }
  return a;
}

}  // namespace

const SparseMatrix& gcn_norm(const Graph& graph, const GcnNormOptions& options) {
  check(!graph.is_bipartite(), ErrorCode::unsupported,
        "gcn_norm: the symmetric normalisation of a bipartite graph is not defined");
  const bool loops = options.add_self_loops;
  return graph.derived<SparseMatrix>(loops ? "gcn_norm:loops" : "gcn_norm", [=](const Graph& g) {
    CsrArrays a = merged(g, loops);
    const Index n = g.num_nodes();
    std::vector<double> scale(static_cast<std::size_t>(n), 0);
    for (Index i = 0; i < n; ++i) {
      for (Index p = a.offsets[i]; p < a.offsets[i + 1]; ++p) scale[i] += a.values[p];
      if (scale[i] > 0) scale[i] = 1 / std::sqrt(scale[i]);
    }
    for (Index i = 0; i < n; ++i)
      for (Index p = a.offsets[i]; p < a.offsets[i + 1]; ++p)
        a.values[p] = static_cast<Real>(a.values[p] * scale[i] * scale[a.columns[p]]);
    return SparseMatrix(n, n, std::move(a));
  });
}

const SparseMatrix& adjacency(const Graph& graph) {
  return graph.derived<SparseMatrix>("adjacency", [](const Graph& g) {
    return SparseMatrix(g.num_targets(), g.num_sources(), merged(g, false));
  });
}

}  // namespace AGATE_NAMESPACE::nn
