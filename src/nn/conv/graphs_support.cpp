#include "nn/conv/graphs_support.hpp"

#include <agate/core/error.hpp>

namespace AGATE_NAMESPACE::nn {

Support graphs_support(const char* layer, Index rows, std::span<const Index> offsets) {
  if (offsets.empty()) return Support::all_pairs(rows, rows);
  check(offsets.back() == rows, ErrorCode::shape, layer, ": the graphs end at row ", offsets.back(),
        ", x has ", rows, " rows");
  return Support::segments(offsets);
}

}  // namespace AGATE_NAMESPACE::nn
