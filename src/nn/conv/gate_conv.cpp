#include <agate/attention/attend.hpp>
#include <agate/attention/edge_leaky_dot.hpp>
#include <agate/core/error.hpp>
#include <agate/nn/conv/gate_conv.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/tensor/rows.hpp>

#include "nn/conv/attention_layers.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* gate_conv = "GATEConv";
constexpr Real slope = Real(0.01);

// A kind of source and a kind of edge for each message.
struct Messages {
  RowClasses edges;  // by their features
  std::vector<Index> source, edge;
  RowClasses pairs;
};

// Nothing where most messages differ, or the edges' gradients are wanted.
std::optional<Messages> kinds_of(const Graph& graph, const RowClasses& nodes, const Var& attr) {
  if (attr.requires_grad() || attr.rows() != graph.num_edges()) return {};
  auto edges = equal_rows(attr.value(), attr.rows() / 2);
  if (!edges) return {};
  Messages found{std::move(*edges), {}, {}, {}};
  for (Index k = 0; k < graph.num_messages(); ++k) {
    if (graph.edge_ids()[k] < 0) return {};  // a loop without features
    found.source.push_back(nodes.of[static_cast<std::size_t>(graph.sources()[k])]);
    found.edge.push_back(found.edges.of[static_cast<std::size_t>(graph.edge_ids()[k])]);
  }
  auto pairs = equal_pairs(found.source, found.edge, graph.num_messages() / 2);
  if (!pairs) return {};
  found.pairs = std::move(*pairs);
  return found;
}

// edge_leaky_dot of all messages from that of a message of each kind; of_nodes has a row for each
// kind of node, of_edges one for each kind of edge.
Var dots_of_kinds(Messages messages, const Var& of_nodes, const Var& of_edges, const Var& by) {
  std::vector<Edge> one_of_each;
  std::vector<Index> edges;
  for (const Index k : messages.pairs.first) {
    const auto at = static_cast<std::size_t>(k);
    one_of_each.push_back(
        {static_cast<NodeId>(messages.source[at]), static_cast<NodeId>(one_of_each.size())});
    edges.push_back(messages.edge[at]);
  }
  const Graph kinds = Graph::bipartite(of_nodes.rows(), messages.pairs.count(), one_of_each);
  const Var dots =
      edge_leaky_dot(kinds, of_nodes, gather_rows(of_edges, std::move(edges)), by, slope);
  return gather_rows(dots, std::move(messages.pairs.of));
}

}  // namespace

GATEConv::GATEConv(const GATEConvOptions& options, Random& random) : options_(options) {
  const Index width =
      check_sizes(gate_conv, options.channels, options.channels, 1, options.edge_dim);
  att_l.value = glorot_uniform({1, width}, width, 1, random);
  att_r.value = glorot_uniform({1, width}, width, 1, random);
  bias.value = Tensor::zeros({width});
  const Index in = width + options.edge_dim;
  lin1.value = glorot_uniform({width, in}, in, width, random);
  lin2.value = glorot_uniform({width, width}, width, width, random);
}

Var GATEConv::operator()(const Graph& graph, const Features& features,
                         const AttentionArgs& args) const {
  check_nodes(gate_conv, graph, features, options_.channels);
  check(!features.is_sparse(), ErrorCode::unsupported, gate_conv,
        ": x is sparse, expected the dense output of another layer");
  return run(graph, features.dense(), nullptr, args);
}

Var GATEConv::operator()(const Graph& graph, const RepeatedRows& x,
                         const AttentionArgs& args) const {
  check_nodes(gate_conv, graph, Shape{x.rows(), x.cols()}, options_.channels);
  return run(graph, x.distinct, x.classes, args);
}

// x: a row for each node or, of nodes of few kinds, for each kind.
Var GATEConv::run(const Graph& graph, const Var& x, const Kinds& kinds,
                  const AttentionArgs& args) const {
  const Index width = options_.channels, edge_dim = options_.edge_dim;
  check_edge_attr(gate_conv, edge_dim, args);
  Tape& tape = x.tape();
  const auto all = [&](const Var& v) { return kinds ? RepeatedRows{v, kinds}.all() : v; };
  const Var weight = tape.parameter(lin1), by = tape.parameter(att_l);
  const Var of_nodes = linear(x, edge_dim > 0 ? columns(weight, 0, width) : weight);
  AdditiveScore score{.target = all(head_dot(x, tape.parameter(att_r), 1)),
                      .source = edge_dim > 0
                                    ? tape.constant(tape.make_zeros({graph.num_sources(), 1}))
                                    : all(head_dot(leaky_relu(of_nodes, slope), by, 1)),
                      .negative_slope = slope};
  if (edge_dim > 0) {
    const Var& attr = *args.edge_attr;
    const Var of_attr = columns(weight, width, width + edge_dim);
    if (auto messages = kinds ? kinds_of(graph, *kinds, attr) : std::nullopt) {
      const Var distinct = tape.constant(select_rows(attr.value(), messages->edges.first));
      score.edge = dots_of_kinds(std::move(*messages), of_nodes, linear(distinct, of_attr), by);
    } else {
      score.edge = edge_leaky_dot(graph, all(of_nodes), linear(attr, of_attr), by, slope);
    }
  }
  Attended result = attend(
      score, graph, all(linear(x, tape.parameter(lin2))),
      {.dropout = options_.dropout,
       .return_weights = args.weights != nullptr,
       .message_weights = weights_of_attended(gate_conv, graph, graph, args.message_weights)});
  if (args.weights) *args.weights = std::move(result.weights);
  return add_bias(result.output, tape.parameter(bias));
}

void GATEConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  visit(prefix + "att_l", att_l);
  visit(prefix + "att_r", att_r);
  visit(prefix + "bias", bias);
  visit(prefix + "lin1.weight", lin1);
  visit(prefix + "lin2.weight", lin2);
}

}  // namespace AGATE_NAMESPACE::nn
