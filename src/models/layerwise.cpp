#include <agate/core/error.hpp>
#include <agate/models/incremental.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <numeric>

#include "models/layer_pass.hpp"
#include "models/row_store.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

// A pass over a graph that does not change, layer by layer.
class Layerwise {
 public:
  Layerwise(const Model& model, const Graph& graph, const FeatureMatrix& x, const Tensor& edge_attr,
            const LayerwiseOptions& options)
      : model_(model),
        graph_(graph),
        x_(x),
        edge_attr_(edge_attr),
        options_(options),
        pass_(model, options.threads, false),
        parts_(graph.num_nodes()),
        normalize_(resolve_normalize(model.config().normalize, x, model.config().encodings)),
        own_loops_(std::ranges::any_of(graph.edge_ids(), [](Index id) { return id < 0; })) {}

  Tensor run() {
    Tensor outputs = Tensor::zeros({graph_.num_nodes(), model_.config().out});
    RowStore before;
    if (pass_.has_start())
      before =
          portions([&](std::span<const Index> nodes) { return pass_.start(rows_of_x(nodes)); });
    std::vector<RowStore> kept;  // of all layers, where they are looked at
    for (std::size_t l = 0; l < pass_.num_layers(); ++l) {
      before = portions([&](std::span<const Index> nodes) { return layer(l, nodes, before); });
      if (pass_.joins()) kept.push_back(before);
    }
    if (!pass_.joins()) kept = {before};
    visit_portions([&](std::span<const Index> nodes) {
      std::vector<Tensor> layers;
      for (const RowStore& rows : kept) layers.push_back(gathered(rows, nodes));
      const Tensor y = pass_.finish(layers);
      std::ranges::copy(y.values(), outputs.row(nodes.front()));
    });
    return outputs;
  }

 private:
  template <class Body>
  void visit_portions(Body body) {
    const Index n = graph_.num_nodes();
    std::vector<Index> nodes;
    // A portion of hubs would bring half of the graph along: their messages count too.
    const Index most = checked_product(8, options_.nodes_at_a_time, "layerwise: messages");
    for (Index begin = 0, end = 0; begin < n; begin = end) {
      for (Index messages = 0; end < n && end - begin < options_.nodes_at_a_time; ++end) {
        messages += graph_.in_degree(end);
        if (messages > most && end > begin) break;
      }
      nodes.resize(static_cast<std::size_t>(end - begin));
      std::iota(nodes.begin(), nodes.end(), begin);
      body(std::span<const Index>(nodes));
    }
  }
  // What `make` makes of portions of the nodes, below each other.
  template <class Make>
  RowStore portions(Make make) {
    RowStore rows;
    visit_portions([&](std::span<const Index> nodes) {
      const Tensor made = make(nodes);
      if (rows.empty()) rows = RowStore(graph_.num_nodes(), made.cols(), options_.folder);
      std::ranges::copy(made.values(), rows.row(nodes.front()));
    });
    return rows;
  }
  static Tensor gathered(const RowStore& from, std::span<const Index> nodes) {
    Tensor to = Tensor::uninitialized({std::ssize(nodes), from.cols()});
    for (std::size_t k = 0; k < nodes.size(); ++k)
      std::copy_n(from.row(nodes[k]), from.cols(), to.row(static_cast<Index>(k)));
    return to;
  }
  FeatureMatrix rows_of_x(std::span<const Index> nodes) const {
    return prepare_rows(model_, normalize_, select_rows(x_, nodes));
  }
  Tensor layer(std::size_t number, std::span<const Index> targets, const RowStore& before) {
    const auto messages = [&](Index i, PartMaker::Receive receive) {
      for (Index p = graph_.offsets()[i]; p < graph_.offsets()[i + 1]; ++p)
        if (graph_.edge_ids()[p] >= 0) receive(graph_.sources()[p], graph_.edge_ids()[p]);
    };
    const GraphPart part = parts_.part(targets, messages, own_loops_);
    const bool raw = number == 0 && !pass_.has_start();
    const FeatureMatrix h =
        raw ? rows_of_x(part.nodes) : FeatureMatrix(gathered(before, part.nodes));
    std::vector<double> degrees;
    if (pass_.sees_degrees())
      for (Index i : part.nodes) degrees.push_back(degree(i));
    return pass_.layer(number, part, h,
                       edge_attr_.empty() ? Tensor() : select_rows(edge_attr_, part.edges),
                       degrees);
  }
  double degree(Index i) const {
    const auto sources = graph_.sources().subspan(static_cast<std::size_t>(graph_.offsets()[i]),
                                                  static_cast<std::size_t>(graph_.in_degree(i)));
    const bool looped = own_loops_ || std::ranges::binary_search(sources, static_cast<NodeId>(i));
    return static_cast<double>(sources.size()) + (!looped && pass_.counts_loops() ? 1.0 : 0.0);
  }

  const Model& model_;
  const Graph& graph_;
  const FeatureMatrix& x_;
  const Tensor& edge_attr_;
  const LayerwiseOptions& options_;
  LayerPass pass_;
  PartMaker parts_;
  std::string normalize_;
  bool own_loops_;
};

}  // namespace

Tensor predict_layerwise(const Model& model, const Graph& graph, const FeatureMatrix& x,
                         const LayerwiseOptions& options, const Tensor& edge_attr) {
  check(options.nodes_at_a_time >= 1, ErrorCode::value,
        "layerwise: nodes_at_a_time = ", options.nodes_at_a_time, ", expected at least 1");
  check(!graph.is_bipartite() && rows(x) == graph.num_nodes(), ErrorCode::shape,
        "layerwise: x has ", rows(x), " rows, the graph ", graph.num_nodes(), " nodes");
  check(edge_attr.empty() || edge_attr.rows() == graph.num_edges(), ErrorCode::shape,
        "layerwise: edge_attr has ", edge_attr.empty() ? 0 : edge_attr.rows(), " rows, the graph ",
        graph.num_edges(), " edges");
  return Layerwise(model, graph, x, edge_attr, options).run();
}

}  // namespace AGATE_NAMESPACE::models
