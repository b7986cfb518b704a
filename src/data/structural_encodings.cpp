#include <agate/data/encodings.hpp>
#include <algorithm>

#include "data/columns.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

void standardise(Tensor& degrees, double mean, double deviation) {
  for (Real& d : degrees.values()) d = static_cast<Real>((d - mean) / deviation);
}

/// Writes the encodings of a graph into the rows from `first` on.
void encode(const Graph& graph, const FeatureSchema& schema, Index first, Tensor& all) {
  const StructuralFeatures& which = schema.structural;
  std::vector<Tensor> parts;
  if (which.degree) {
    parts.push_back(degree_encoding(graph));
    standardise(parts.back(), schema.degree_mean, schema.degree_deviation);
  }
  if (which.out_degree) {
    parts.push_back(out_degree_encoding(graph));
    standardise(parts.back(), schema.out_degree_mean, schema.out_degree_deviation);
  }
  if (which.random_walk > 0) parts.push_back(random_walk_encoding(graph, which.random_walk));
  if (which.spectral > 0) parts.push_back(spectral_encoding(graph, which.spectral));
  Index column = 0;
  for (const Tensor& part : parts) {
    for (Index i = 0; i < part.rows(); ++i)
      std::copy_n(part.row(i), part.cols(), all.row(first + i) + column);
    column += part.cols();
  }
}

/// The nodes begin .. end - 1, which no edge leaves, as a graph of their own.
Graph part_of(const Graph& graph, Index begin, Index end) {
  std::vector<Edge> edges;
  for (Index i = begin; i < end; ++i)
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p)
      if (!graph.reversed()[p] && graph.edge_ids()[p] >= 0)
        edges.push_back(
            {static_cast<NodeId>(graph.sources()[p] - begin), static_cast<NodeId>(i - begin)});
  return Graph::from_edges(end - begin, edges, {.undirected = graph.is_undirected()});
}

}  // namespace

Tensor structural_encodings(const Graph& graph, const std::vector<Index>& graph_offsets,
                            const FeatureSchema& schema) {
  Tensor all = Tensor::uninitialized({graph.num_nodes(), schema.structural.encodings()});
  if (graph_offsets.empty()) encode(graph, schema, 0, all);
  for (std::size_t g = 0; g + 1 < graph_offsets.size(); ++g)
    encode(part_of(graph, graph_offsets[g], graph_offsets[g + 1]), schema, graph_offsets[g], all);
  return all;
}

}  // namespace AGATE_NAMESPACE::data
