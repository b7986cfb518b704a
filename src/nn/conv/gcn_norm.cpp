#include <agate/core/error.hpp>
#include <agate/nn/conv/gcn_norm.hpp>
#include <cmath>

#include "nn/conv/merged_messages.hpp"
#include "nn/conv/part_norm.hpp"

namespace AGATE_NAMESPACE::nn {

namespace {

const char* key_of(bool loops) { return loops ? "gcn_norm:loops" : "gcn_norm"; }

// D^-1/2 A D^-1/2 with these degrees.
SparseMatrix normalized(CsrArrays a, std::vector<double> degrees) {
  const Index n = std::ssize(degrees);
  for (double& d : degrees)
    if (d > 0) d = 1 / std::sqrt(d);
  for (Index i = 0; i < n; ++i)
    for (Index p = a.offsets[i]; p < a.offsets[i + 1]; ++p)
      a.values[p] = static_cast<Real>(a.values[p] * degrees[i] * degrees[a.columns[p]]);
  return SparseMatrix(n, n, std::move(a));
}

}  // namespace

const SparseMatrix& gcn_norm(const Graph& graph, const GcnNormOptions& options) {
  check(!graph.is_bipartite(), ErrorCode::unsupported,
        "gcn_norm: the symmetric normalisation of a bipartite graph is not defined");
  const bool loops = options.add_self_loops;
  return graph.derived<SparseMatrix>(key_of(loops), [=](const Graph& g) {
    CsrArrays a = merged_messages(g, loops);
    std::vector<double> degrees(static_cast<std::size_t>(g.num_nodes()), 0);
    for (Index i = 0; i < g.num_nodes(); ++i)
      for (Index p = a.offsets[i]; p < a.offsets[i + 1]; ++p) degrees[i] += a.values[p];
    return normalized(std::move(a), std::move(degrees));
  });
}

void set_gcn_norm(const Graph& part, bool add_self_loops, std::span<const double> degrees) {
  part.derived<SparseMatrix>(key_of(add_self_loops), [&](const Graph& g) {
    return normalized(merged_messages(g, add_self_loops), {degrees.begin(), degrees.end()});
  });
}

}  // namespace AGATE_NAMESPACE::nn
