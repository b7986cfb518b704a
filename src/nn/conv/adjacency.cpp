#include "nn/conv/merged_messages.hpp"

#include <agate/nn/conv/adjacency.hpp>

namespace AGATE_NAMESPACE::nn {

CsrArrays merged_messages(const Graph& graph, bool add_self_loops) {
  CsrArrays a{{0}, {}, {}};
  const std::size_t most =
      graph.sources().size() + static_cast<std::size_t>(add_self_loops ? graph.num_targets() : 0);
  a.offsets.reserve(static_cast<std::size_t>(graph.num_targets()) + 1);
  a.columns.reserve(most);
  a.values.reserve(most);
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

const SparseMatrix& adjacency(const Graph& graph) {
  return graph.derived<SparseMatrix>("adjacency", [](const Graph& g) {
    return SparseMatrix(g.num_targets(), g.num_sources(), merged_messages(g, false));
  });
}

const SparseMatrix& mean_adjacency(const Graph& graph) {
  return graph.derived<SparseMatrix>("mean_adjacency", [](const Graph& g) {
    return SparseMatrix(g.num_targets(), g.num_sources(), merged_messages(g, false))
        .normalize_rows();
  });
}

const SparseMatrix& message_matrix(const Graph& graph) {
  return graph.derived<SparseMatrix>("message_matrix", [](const Graph& g) {
    return SparseMatrix(g.num_targets(), g.num_sources(),
                        {{g.offsets().begin(), g.offsets().end()},
                         {g.sources().begin(), g.sources().end()},
                         std::vector<Real>(g.sources().size(), 1)});
  });
}

}  // namespace AGATE_NAMESPACE::nn
