#include "nn/conv/check_nodes.hpp"

#include <agate/core/error.hpp>

namespace AGATE_NAMESPACE::nn {
namespace {

void check_columns(const char* layer, const char* name, Index columns, const char* option,
                   Index in) {
  check(columns == in, ErrorCode::shape, layer, ": ", name, " has ", columns, " columns, expected ",
        option, " = ", in);
}

}  // namespace

void check_nodes(const char* layer, const Graph& graph, const Features& x, Index in) {
  check_nodes(layer, graph, Shape{x.rows(), x.cols()}, in);
}

void check_nodes(const char* layer, const Graph& graph, const Shape& x, Index in) {
  check_columns(layer, "x", x[1], "in", in);
  check(x[0] == graph.num_nodes() && !graph.is_bipartite(), ErrorCode::shape, layer, ": x has ",
        x[0], " rows, the graph ", graph.num_nodes(),
        graph.is_bipartite() ? " targets and other sources" : " nodes");
}

void check_nodes(const char* layer, const Graph& graph, const Features& x_src, Index in,
                 const Features& x_dst, Index in_dst) {
  check_columns(layer, "x_src", x_src.cols(), "in", in);
  check_columns(layer, "x_dst", x_dst.cols(), "in_dst", in_dst);
  check(x_src.rows() == graph.num_sources() && x_dst.rows() == graph.num_targets(),
        ErrorCode::shape, layer, ": x_src has ", x_src.rows(), " rows and x_dst ", x_dst.rows(),
        ", the graph ", graph.num_sources(), " sources and ", graph.num_targets(), " targets");
}

}  // namespace AGATE_NAMESPACE::nn
