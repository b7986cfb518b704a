#include "models/encoder.hpp"

#include <agate/core/error.hpp>

namespace AGATE_NAMESPACE::models {

std::optional<Var> edge_attr_of(const ModelConfig& c, const Input& input) {
  if (c.edge_dim == 0) return {};
  if (!input.edge_attr && input.graph.num_edges() == 0)
    return input.tape().constant(Tensor::zeros({0, c.edge_dim}));
  const Index columns = input.edge_attr ? input.edge_attr->cols() : 0;
  check(columns == c.edge_dim, ErrorCode::shape, c.model, ": edge_attr has ", columns,
        " columns, expected edge_dim = ", c.edge_dim);
  return input.edge_attr;
}

void check_blocks(const ModelConfig& c, Index open_end) {
  check(c.pre_linear && open_end == 0 && !c.residual, ErrorCode::value, c.model,
        ": pre_linear = ", c.pre_linear, ", post_linear = ", open_end == 0,
        ", residual = ", c.residual,
        "; its blocks stand between two linear layers (1, 1) and have their own residuals (0)");
}

}  // namespace AGATE_NAMESPACE::models
