#include "nn/attention/extra_keys.hpp"

#include <agate/core/error.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/rows.hpp>

namespace AGATE_NAMESPACE::nn {

ExtraKeys extra_keys(const Support& support, Index extra) {
  const char* what = "MultiheadAttention: add_bias_kv and add_zero_attn ";
  check(!support.is_graph(), ErrorCode::unsupported, what,
        "give a key to each segment of a dense support, this one is a graph");
  std::vector<Index> query_offsets{0}, key_offsets{0}, rows;
  std::vector<std::uint8_t> padding;
  for (const Support::Block& block : support.blocks()) {
    check(!block.causal, ErrorCode::unsupported, what,
          "give every query a key that comes last, which a causal support hides; say what is "
          "hidden in attn_mask");
    for (Index j = block.key_begin; j < block.key_end; ++j) {
      rows.push_back(j);
      padding.push_back(support.padding().empty() ? 0
                                                  : support.padding()[static_cast<std::size_t>(j)]);
    }
    for (Index e = 0; e < extra; ++e) rows.push_back(support.num_keys() + e);
    padding.resize(rows.size(), 0);
    query_offsets.push_back(block.query_end);
    key_offsets.push_back(std::ssize(rows));
  }
  Support extended = Support::segments(query_offsets, key_offsets);
  if (!support.padding().empty()) extended = extended.without_keys(std::move(padding));
  return {std::move(extended), std::move(rows)};
}

Var pick_columns(const Var& mask, Index extra, const std::vector<Index>& rows) {
  const Var zeros = mask.tape().constant(Tensor::zeros({mask.rows(), extra}));
  const Var picked = transpose(gather_rows(transpose(concat({mask, zeros})), rows));
  const Shape& shape = mask.shape();
  if (shape.rank() != 3) return picked;
  return reshape(picked, {shape[0], shape[1], picked.cols()});
}

}  // namespace AGATE_NAMESPACE::nn
