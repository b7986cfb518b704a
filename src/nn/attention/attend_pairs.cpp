#include "nn/attention/attend_pairs.hpp"

#include <agate/core/error.hpp>
#include <agate/tensor/rows.hpp>
#include <numeric>

namespace AGATE_NAMESPACE::nn {
namespace {

// Heads are the first axis on a dense support, the last one on a graph.
Tensor mean_over_heads(const Tensor& weights, bool is_graph) {
  const Index heads = weights.shape()[is_graph ? 1 : 0];
  const Index pairs = weights.size() / heads;
  const Index head_step = is_graph ? 1 : pairs, pair_step = is_graph ? heads : 1;
  Tensor mean = is_graph ? Tensor::zeros({pairs, 1})
                         : Tensor::zeros({weights.shape()[1], weights.shape()[2]});
  for (Index h = 0; h < heads; ++h)
    for (Index p = 0; p < pairs; ++p)
      mean.data()[p] += weights.data()[h * head_step + p * pair_step] / static_cast<Real>(heads);
  return mean;
}

}  // namespace

Var attend_pairs(const Score& score, const Support& support, const Var& values, Real dropout,
                 const PairArgs& args) {
  const bool wanted = args.weights || args.mean_weights;
  Attended attended =
      attend(score, support, values,
             {.dropout = dropout, .return_weights = wanted, .bias = args.attn_mask});
  if (args.mean_weights) *args.mean_weights = mean_over_heads(attended.weights, support.is_graph());
  if (args.weights) *args.weights = std::move(attended.weights);
  return attended.output;
}

void check_columns(const char* module, const char* what, const Features& x, const char* expected,
                   Index columns) {
  check(x.cols() == columns, ErrorCode::shape, module, ": ", what, " has ", x.cols(),
        " columns, expected ", expected, " = ", columns);
}

Var third(const Var& x, Index which) {
  const Index count = (x.shape().rank() == 1 ? x.cols() : x.rows()) / 3;
  if (x.shape().rank() == 1) return columns(x, which * count, (which + 1) * count);
  std::vector<Index> rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), which * count);
  return gather_rows(x, std::move(rows));
}

}  // namespace AGATE_NAMESPACE::nn
