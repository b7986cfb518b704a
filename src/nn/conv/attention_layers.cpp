#include "nn/conv/attention_layers.hpp"

#include <agate/core/error.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/reductions.hpp>

namespace AGATE_NAMESPACE::nn {
namespace {

void check_columns(const char* layer, const char* name, const Features& x, const char* option,
                   Index in) {
  check(x.cols() == in, ErrorCode::shape, layer, ": ", name, " has ", x.cols(),
        " columns, expected ", option, " = ", in);
}

}  // namespace

Index check_sizes(const char* layer, Index in, Index out, Index heads, Index edge_dim) {
  check(in >= 1 && out >= 1 && heads >= 1, ErrorCode::value, layer, ": in = ", in, ", out = ", out,
        ", heads = ", heads, ", expected at least 1");
  check(edge_dim >= 0, ErrorCode::value, layer, ": edge_dim = ", edge_dim,
        ", expected 0 (none) or more");
  return checked_product(heads, out, "heads * out");
}

void check_nodes(const char* layer, const Graph& graph, const Features& x, Index in) {
  check_columns(layer, "x", x, "in", in);
  check(x.rows() == graph.num_nodes() && !graph.is_bipartite(), ErrorCode::shape, layer, ": x has ",
        x.rows(), " rows, the graph ", graph.num_nodes(),
        graph.is_bipartite() ? " targets and other sources" : " nodes");
}

void check_nodes(const char* layer, const Graph& graph, const Features& x_src, Index in,
                 const Features& x_dst, Index in_dst) {
  check_columns(layer, "x_src", x_src, "in", in);
  check_columns(layer, "x_dst", x_dst, "in_dst", in_dst);
  check(x_src.rows() == graph.num_sources() && x_dst.rows() == graph.num_targets(),
        ErrorCode::shape, layer, ": x_src has ", x_src.rows(), " rows and x_dst ", x_dst.rows(),
        ", the graph ", graph.num_sources(), " sources and ", graph.num_targets(), " targets");
}

std::optional<Var> message_attr(const char* layer, const Graph& attended, Index edge_dim,
                                const FillValue& fill, const AttentionArgs& args) {
  check(args.edge_attr.has_value() == (edge_dim > 0), ErrorCode::shape, layer,
        edge_dim > 0 ? ": edge_attr is missing, expected edge_dim = "
                     : ": edge_attr given, but edge_dim = ",
        edge_dim);
  if (edge_dim == 0) return {};
  check(args.edge_attr->cols() == edge_dim, ErrorCode::shape, layer, ": edge_attr has ",
        args.edge_attr->cols(), " columns, expected edge_dim = ", edge_dim);
  return edge_messages(attended, *args.edge_attr, fill);
}

Var finish(const Var& attended, Index heads, bool concat, const Features& x_dst,
           const std::optional<Parameter>& res, const std::optional<Parameter>& bias) {
  Tape& tape = attended.tape();
  Var y = concat ? attended : mean_heads(attended, heads);
  if (res) y = add(y, linear(x_dst, tape.parameter(*res)));
  return bias ? add_bias(y, tape.parameter(*bias)) : y;
}

}  // namespace AGATE_NAMESPACE::nn
