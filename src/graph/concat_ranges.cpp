#include <agate/core/error.hpp>
#include <agate/graph/graph.hpp>
#include <algorithm>
#include <limits>
#include <numeric>

namespace AGATE_NAMESPACE {
namespace {

/// The ranges lie all over a graph that is too large for the cache: they are fetched at once rather
/// than waited for one by one.
template <class T>
void prefetch(std::span<const T> of, Index begin, Index end) {
  constexpr Index line = 64 / sizeof(T);
  for (Index at = begin; at < end + line; at += line)
    __builtin_prefetch(of.data() + std::min(at, end));
}

/// Gives the edges of one range, of whose messages these are the ids, numbers from `next` in their
/// order; returns how many edges there are. Every edge has one message that is not reversed.
Index renumber(std::span<Index> ids, std::span<const std::uint8_t> reversed, Index next,
               std::vector<Index>* edges) {
  Index first = std::numeric_limits<Index>::max(), last = -1, count = 0;
  for (std::size_t p = 0; p < ids.size(); ++p) {
    if (ids[p] < 0) continue;
    first = std::min(first, ids[p]);
    last = std::max(last, ids[p]);
    count += !reversed[p];
  }
  if (count == 0) return 0;
  if (last - first + 1 == count) {
    for (Index& id : ids) id = id < 0 ? id : id - first + next;
    if (edges) {
      edges->resize(edges->size() + static_cast<std::size_t>(count));
      std::iota(edges->end() - count, edges->end(), first);
    }
    return count;
  }
  std::vector<Index> kept;
  for (std::size_t p = 0; p < ids.size(); ++p)
    if (ids[p] >= 0 && !reversed[p]) kept.push_back(ids[p]);
  std::ranges::sort(kept);
  for (Index& id : ids)
    if (id >= 0) id = std::ranges::lower_bound(kept, id) - kept.begin() + next;
  if (edges) edges->insert(edges->end(), kept.begin(), kept.end());
  return count;
}

}  // namespace

Graph Graph::concat_ranges(std::span<const NodeRange> ranges, std::vector<Index>* edges) const {
  check(!is_bipartite(), ErrorCode::unsupported,
        "Graph: a bipartite graph has two sets of nodes, a range is named in one");
  Index nodes = 0, messages = 0;
  for (const auto [begin, end] : ranges) {
    check(0 <= begin && begin <= end && end <= num_nodes(), ErrorCode::shape,
          "Graph: a range from node ", begin, " to before node ", end, ", there are ", num_nodes());
    nodes += end - begin;
    const Index first = offsets()[begin], last = offsets()[end];
    messages += last - first;
    prefetch(offsets(), begin, end);
    prefetch(sources(), first, last);
    prefetch(edge_ids(), first, last);
    prefetch(reversed(), first, last);
  }
  check(nodes <= std::numeric_limits<NodeId>::max(), ErrorCode::limit, "Graph: ranges of ", nodes,
        " nodes, at most 2^31 - 1 are supported");
  Data data;
  data.num_sources = data.num_targets = nodes;
  data.undirected = is_undirected();
  data.has_added_loops = data_->has_added_loops;
  data.offsets.reserve(static_cast<std::size_t>(nodes) + 1);
  data.offsets.push_back(0);
  data.sources.reserve(static_cast<std::size_t>(messages));
  data.edge_ids.reserve(static_cast<std::size_t>(messages));
  data.reversed.reserve(static_cast<std::size_t>(messages));
  if (edges) edges->clear();
  for (const auto [begin, end] : ranges) {
    const Index first = offsets()[begin], last = offsets()[end];
    const Index moved_nodes = std::ssize(data.offsets) - 1 - begin;
    const Index moved_messages = std::ssize(data.sources) - first;
    for (Index i = begin; i < end; ++i) data.offsets.push_back(offsets()[i + 1] + moved_messages);
    for (const NodeId source : sources().subspan(first, last - first)) {
      check(source >= begin && source < end, ErrorCode::shape, "Graph: an edge leads from node ",
            source, " into the range from node ", begin, " to before node ", end);
      data.sources.push_back(static_cast<NodeId>(source + moved_nodes));
    }
    data.edge_ids.insert(data.edge_ids.end(), data_->edge_ids.begin() + first,
                         data_->edge_ids.begin() + last);
    data.reversed.insert(data.reversed.end(), data_->reversed.begin() + first,
                         data_->reversed.begin() + last);
    const auto from = static_cast<std::size_t>(first + moved_messages);
    data.num_edges += renumber(std::span(data.edge_ids).subspan(from),
                               std::span(data.reversed).subspan(from), data.num_edges, edges);
  }
  return of(std::move(data));
}

}  // namespace AGATE_NAMESPACE
