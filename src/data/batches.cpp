#include <agate/data/batches.hpp>
#include <optional>

#include "core/thread_pool.hpp"

namespace AGATE_NAMESPACE::data {

void visit_batches(const Dataset& dataset, std::span<const std::vector<Index>> batches, int threads,
                   FunctionRef<bool(Index k, const GraphPart& part)> visit) {
  if (batches.empty()) return;
  GraphPart part, next = select_graphs(dataset, batches.front());
  for (std::size_t k = 0; k < batches.size(); ++k) {
    part = std::move(next);
    const auto pack = [&] { next = select_graphs(dataset, batches[k + 1]); };
    std::optional<Errand> packing;
    if (k + 1 < batches.size()) packing.emplace(threads, pack);
    if (!visit(static_cast<Index>(k), part)) return;
    if (packing) packing->finish();
  }
}

}  // namespace AGATE_NAMESPACE::data
