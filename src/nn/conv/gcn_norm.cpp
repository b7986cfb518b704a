#include <agate/core/error.hpp>
#include <agate/nn/conv/gcn_norm.hpp>
#include <cmath>

#include "nn/conv/merged_messages.hpp"

namespace AGATE_NAMESPACE::nn {

const SparseMatrix& gcn_norm(const Graph& graph, const GcnNormOptions& options) {
  check(!graph.is_bipartite(), ErrorCode::unsupported,
        "gcn_norm: the symmetric normalisation of a bipartite graph is not defined");
  const bool loops = options.add_self_loops;
  return graph.derived<SparseMatrix>(loops ? "gcn_norm:loops" : "gcn_norm", [=](const Graph& g) {
    CsrArrays a = merged_messages(g, loops);
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

}  // namespace AGATE_NAMESPACE::nn
