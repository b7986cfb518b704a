#include "nn/conv/attention_layers.hpp"

#include <agate/core/error.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/reductions.hpp>

namespace AGATE_NAMESPACE::nn {

Index check_sizes(const char* layer, Index in, Index out, Index heads, Index edge_dim) {
  check(in >= 1 && out >= 1 && heads >= 1, ErrorCode::value, layer, ": in = ", in, ", out = ", out,
        ", heads = ", heads, ", expected at least 1");
  check(edge_dim >= 0, ErrorCode::value, layer, ": edge_dim = ", edge_dim,
        ", expected 0 (none) or more");
  return checked_product(heads, out, "heads * out");
}

void check_edge_attr(const char* layer, Index edge_dim, const AttentionArgs& args) {
  check(args.edge_attr.has_value() == (edge_dim > 0), ErrorCode::shape, layer,
        edge_dim > 0 ? ": edge_attr is missing, expected edge_dim = "
                     : ": edge_attr given, but edge_dim = ",
        edge_dim);
  check(edge_dim == 0 || args.edge_attr->cols() == edge_dim, ErrorCode::shape, layer,
        ": edge_attr has ", edge_dim == 0 ? 0 : args.edge_attr->cols(),
        " columns, expected edge_dim = ", edge_dim);
}

std::optional<Var> message_attr(const char* layer, const Graph& attended, Index edge_dim,
                                const FillValue& fill, const AttentionArgs& args) {
  check_edge_attr(layer, edge_dim, args);
  if (edge_dim == 0) return {};
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
