#pragma once
// Keys that each segment of a dense support sees beyond its own: torch's add_bias_kv and
// add_zero_attn.

#include <agate/attention/support.hpp>
#include <agate/tensor/tape.hpp>
#include <vector>

namespace AGATE_NAMESPACE::nn {

struct ExtraKeys {
  Support support;          // over the keys of the segments, each followed by `extra` more
  std::vector<Index> rows;  // of each of them: its place among the keys followed by `extra` rows
};

// Error(unsupported) for a graph or a causal support.
ExtraKeys extra_keys(const Support& support, Index extra);

// Of a mask of pairs, [heads x] queries x keys, the columns `rows` of its own followed by `extra`
// columns of zeros.
Var pick_columns(const Var& mask, Index extra, const std::vector<Index>& rows);

}  // namespace AGATE_NAMESPACE::nn
