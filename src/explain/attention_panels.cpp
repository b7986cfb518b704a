#include <agate/core/error.hpp>
#include <agate/explain/attention_panels.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

namespace AGATE_NAMESPACE::explain {
namespace {

void check_parts(const models::LayerAttention& a, std::span<const Index> nodes,
                 const std::vector<std::string>& names) {
  check(!a.graph.is_bipartite(), ErrorCode::unsupported,
        "attention panels: a bipartite graph has two sets of nodes, a matrix of nodes shows one");
  check(a.weights.rows() == a.graph.num_messages() && a.weights.cols() >= 1, ErrorCode::shape,
        "attention panels: weights are ", a.weights.shape().to_string(), ", the graph has ",
        a.graph.num_messages(), " messages");
  check(names.size() == nodes.size(), ErrorCode::shape, "attention panels: ", names.size(),
        " names for ", nodes.size(), " nodes");
  for (Index i : nodes)
    check(i >= 0 && i < a.graph.num_nodes(), ErrorCode::shape, "attention panels: node ", i,
          " is not one of the ", a.graph.num_nodes(), " of the graph");
}

// What message p counts in a panel of `heads` heads from `head` on.
Real weight(const Tensor& weights, Index p, Index head, Index heads) {
  Real sum = 0;
  for (Index h = head; h < head + heads; ++h) sum += weights.row(p)[h];
  return sum / static_cast<Real>(heads);
}

}  // namespace

std::vector<HeatPanel> attention_panels(const models::LayerAttention& a,
                                        std::span<const Index> nodes,
                                        const std::vector<std::string>& names) {
  check_parts(a, nodes, names);
  std::vector<Index> place(static_cast<std::size_t>(a.graph.num_nodes()), -1);
  for (std::size_t k = 0; k < nodes.size(); ++k) place[nodes[k]] = static_cast<Index>(k);
  const Index heads = a.weights.cols(), n = std::ssize(nodes);
  const Index together = heads > most_head_panels ? heads : 1;
  std::vector<HeatPanel> panels;
  for (Index head = 0; head < heads; head += together) {
    HeatPanel panel{Tensor::full({n, n}, std::numeric_limits<Real>::quiet_NaN()), names, names, {}};
    if (together > 1)
      panel.title = "mean of " + std::to_string(heads) + " heads";
    else if (heads > 1)
      panel.title = "head " + std::to_string(head + 1);
    for (Index k = 0; k < n; ++k)
      for (Index p = a.graph.offsets()[nodes[k]]; p < a.graph.offsets()[nodes[k] + 1]; ++p) {
        const Index key = place[a.graph.sources()[p]];
        if (key < 0) continue;
        Real& cell = panel.values.row(k)[key];
        cell = (std::isnan(cell) ? 0 : cell) + weight(a.weights, p, head, together);
      }
    panels.push_back(std::move(panel));
  }
  return panels;
}

void leave_out_idle(std::vector<HeatPanel>& panels) {
  if (panels.empty()) return;
  const Tensor& first = panels.front().values;
  std::vector<Index> rows, columns;
  for (Index i = 0; i < first.rows(); ++i)
    for (Index j = 0; j < first.cols(); ++j)
      if (i != j && !std::isnan(first.row(i)[j])) {
        rows.push_back(i);
        break;
      }
  for (Index j = 0; j < first.cols(); ++j)
    if (std::ranges::any_of(rows, [&](Index i) { return !std::isnan(first.row(i)[j]); }))
      columns.push_back(j);
  if (rows.empty()) return;
  auto pick = [](const std::vector<std::string>& from, const std::vector<Index>& these) {
    std::vector<std::string> picked;
    for (const Index i : these) picked.push_back(from[static_cast<std::size_t>(i)]);
    return picked;
  };
  for (HeatPanel& panel : panels) {
    Tensor values = Tensor::uninitialized({std::ssize(rows), std::ssize(columns)});
    for (Index i = 0; i < values.rows(); ++i)
      for (Index j = 0; j < values.cols(); ++j)
        values.row(i)[j] = panel.values.row(rows[i])[columns[j]];
    panel = {values, pick(panel.row_labels, rows), pick(panel.column_labels, columns), panel.title};
  }
}

}  // namespace AGATE_NAMESPACE::explain
