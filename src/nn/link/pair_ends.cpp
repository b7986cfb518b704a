#include "nn/link/pair_ends.hpp"

#include <agate/core/error.hpp>
#include <agate/tensor/rows.hpp>

namespace AGATE_NAMESPACE::nn {

PairEnds pair_ends(const char* name, const Var& z, std::span<const Edge> pairs) {
  std::vector<Index> sources, targets;
  sources.reserve(pairs.size());
  targets.reserve(pairs.size());
  for (const auto& [source, target] : pairs) {
    check(source >= 0 && source < z.rows() && target >= 0 && target < z.rows(), ErrorCode::shape,
          name, ": a pair of the nodes ", source, " and ", target, ", there are ", z.rows());
    sources.push_back(source);
    targets.push_back(target);
  }
  return {gather_rows(z, std::move(sources)), gather_rows(z, std::move(targets))};
}

}  // namespace AGATE_NAMESPACE::nn
