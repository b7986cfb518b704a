#pragma once
// The representations of both ends of pairs of nodes.

#include <agate/graph/graph.hpp>
#include <agate/tensor/tape.hpp>
#include <span>

namespace AGATE_NAMESPACE::nn {

struct PairEnds {
  Var sources, targets;  // pairs x channels
};

/// Error(shape), which begins with `name`, for a node that does not exist.
PairEnds pair_ends(const char* name, const Var& z, std::span<const Edge> pairs);

}  // namespace AGATE_NAMESPACE::nn
