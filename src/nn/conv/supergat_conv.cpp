#include <agate/attention/edge_terms.hpp>
#include <agate/core/error.hpp>
#include <agate/graph/negative_edges.hpp>
#include <agate/nn/conv/supergat_conv.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/tensor/reductions.hpp>
#include <cmath>
#include <numeric>

#include "nn/conv/attention_layers.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* supergat_conv = "SuperGATConv";

void check_options(const SuperGATConvOptions& o) {
  check(o.attention_type == "MX" || o.attention_type == "SD", ErrorCode::usage, supergat_conv,
        ": attention_type \"", o.attention_type, "\" is not known, expected MX or SD");
  check(o.neg_sample_ratio > 0 && o.edge_sample_ratio > 0 && o.edge_sample_ratio <= 1,
        ErrorCode::value, supergat_conv, ": neg_sample_ratio = ", o.neg_sample_ratio,
        ", edge_sample_ratio = ", o.edge_sample_ratio,
        ", expected both above 0 and the latter at most 1");
}

/// The messages of the graph, each with the chance `share`.
std::vector<Edge> sample_messages(const Graph& graph, Real share, const RandomKey& random) {
  const double below = static_cast<double>(share) * 0x1p32;
  std::vector<Edge> edges;
  for (Index i = 0; i < graph.num_targets(); ++i)
    for (Index k = graph.offsets()[i]; k < graph.offsets()[i + 1]; ++k)
      if (random.word(static_cast<std::uint64_t>(k)) < below)
        edges.push_back({graph.sources()[k], static_cast<NodeId>(i)});
  return edges;
}

}  // namespace

SuperGATConv::SuperGATConv(const SuperGATConvOptions& o, Random& random) : options_(o) {
  check_options(o);
  const Index width = check_sizes(supergat_conv, o.in, o.out, o.heads, 0);
  weight.value = glorot_uniform({width, o.in}, o.in, width, random);
  if (o.attention_type == "MX") {
    att_l = Parameter{glorot_uniform({1, o.heads, o.out}, o.out, o.heads, random)};
    att_r = Parameter{glorot_uniform({1, o.heads, o.out}, o.out, o.heads, random)};
  }
  if (o.bias) bias = Parameter{Tensor::zeros({o.concat ? width : o.out})};
}

const Graph& SuperGATConv::attended_graph(const Graph& graph) const {
  return options_.add_self_loops ? graph.with_self_loops() : graph;
}

Var SuperGATConv::pair_scores(const Graph& attended, const Var& z) const {
  const auto& o = options_;
  const Var dots = edge_dot(attended, z, z, o.heads);
  if (!att_l) return scale(dots, 1 / std::sqrt(static_cast<Real>(o.out)));
  Tape& tape = z.tape();
  const Var mixed = edge_add(attended, head_dot(z, tape.parameter(*att_r), o.heads),
                             head_dot(z, tape.parameter(*att_l), o.heads));
  return multiply(mixed, sigmoid(dots));
}

Var SuperGATConv::operator()(const Graph& graph, const Features& x, const AttentionArgs& args,
                             std::optional<Var>* loss) const {
  const auto& o = options_;
  check_nodes(supergat_conv, graph, x, o.in);
  message_attr(supergat_conv, graph, 0, "mean", args);
  Tape& tape = x.tape();
  const Var z = linear(x, tape.parameter(weight));
  const Graph& attended = attended_graph(graph);
  // LeakyReLU stands around the whole score, which is what an additive score does to its last term.
  const Var zeros = tape.constant(tape.make_zeros({x.rows(), o.heads}));
  Attended result = attend(AdditiveScore{.target = zeros,
                                         .source = zeros,
                                         .edge = pair_scores(attended, z),
                                         .negative_slope = o.negative_slope},
                           attended, z,
                           {.dropout = o.dropout,
                            .return_weights = args.weights != nullptr,
                            .message_weights = weights_of_attended(supergat_conv, graph, attended,
                                                                   args.message_weights)});
  if (args.weights) *args.weights = std::move(result.weights);
  if (loss) *loss = edge_loss(graph, z);
  return finish(result.output, o.heads, o.concat, x, {}, bias);
}

Var SuperGATConv::edge_loss(const Graph& graph, const Var& z) const {
  const auto& o = options_;
  Tape& tape = z.tape();
  const Graph& attended = attended_graph(graph);
  std::vector<Edge> edges = sample_messages(attended, o.edge_sample_ratio, tape.next_random());
  const Index positive = std::ssize(edges);
  const double negative = static_cast<double>(o.neg_sample_ratio) * o.edge_sample_ratio *
                          static_cast<double>(attended.num_messages());
  const auto others = sample_negative_edges(attended, static_cast<Index>(negative),
                                            tape.next_random(), tape.threads());
  edges.insert(edges.end(), others.begin(), others.end());
  if (edges.empty()) return tape.constant(Tensor::scalar(0));
  const Graph pairs = Graph::from_edges(graph.num_nodes(), edges);
  Tensor targets = tape.make({pairs.num_messages(), 1});
  for (Index k = 0; k < pairs.num_messages(); ++k)
    targets.data()[k] = Real(pairs.edge_ids()[k] < positive);
  // The mean over the heads of what each head's channels give is a share of what all of them give.
  const Real share = 1 / static_cast<Real>(o.heads);
  const Var logits =
      scale(edge_dot(pairs, z, z), att_l ? share : share / std::sqrt(static_cast<Real>(o.out)));
  std::vector<Index> all(edges.size());
  std::iota(all.begin(), all.end(), Index{0});
  return binary_cross_entropy_with_logits(logits, targets, all);
}

void SuperGATConv::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  if (att_l) visit(prefix + "att_l", *att_l);
  if (att_r) visit(prefix + "att_r", *att_r);
  if (bias) visit(prefix + "bias", *bias);
  visit(prefix + "lin.weight", weight);
}

}  // namespace AGATE_NAMESPACE::nn
