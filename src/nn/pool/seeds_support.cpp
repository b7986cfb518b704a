#include "nn/pool/seeds_support.hpp"

#include "tensor/segments.hpp"

namespace AGATE_NAMESPACE::nn {

std::vector<Index> seed_offsets(Index graphs, Index seeds) {
  std::vector<Index> offsets;
  for (Index b = 0; b <= graphs; ++b) offsets.push_back(b * seeds);
  return offsets;
}

Support seeds_support(const char* readout, Index rows, std::span<const Index> offsets,
                      Index seeds) {
  check_segments(readout, offsets, rows);
  return Support::segments(seed_offsets(std::ssize(offsets) - 1, seeds), offsets);
}

}  // namespace AGATE_NAMESPACE::nn
