#include <agate/attention/support.hpp>
#include <agate/core/error.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE {
namespace {

void check_count(Index count, const char* what) {
  check(count >= 0, ErrorCode::value, "Support: ", count, " ", what, ", expected 0 or more");
}

void check_offsets(std::span<const Index> offsets, const char* of) {
  check(!offsets.empty() && offsets.front() == 0, ErrorCode::value, "Support: offsets of ", of,
        " start at ", offsets.empty() ? "nothing" : std::to_string(offsets.front()),
        ", expected 0");
  for (std::size_t b = 1; b < offsets.size(); ++b)
    check(offsets[b] >= offsets[b - 1], ErrorCode::value, "Support: offsets of ", of, " fall from ",
          offsets[b - 1], " to ", offsets[b], " at segment ", b - 1);
}

}  // namespace

Support::Support(Index queries, Index keys, std::vector<Block> blocks)
    : queries_(queries),
      keys_(keys),
      blocks_(std::make_shared<const std::vector<Block>>(std::move(blocks))) {}

Support Support::all_pairs(Index queries, Index keys) {
  check_count(queries, "queries");
  check_count(keys, "keys");
  return {queries, keys, {{0, queries, 0, keys, false}}};
}

Support Support::causal(Index queries, Index keys) {
  check_count(queries, "queries");
  check_count(keys, "keys");
  return {queries, keys, {{0, queries, 0, keys, true}}};
}

Support Support::segments(std::span<const Index> offsets, bool causal) {
  return segments(offsets, offsets, causal);
}

Support Support::segments(std::span<const Index> query_offsets, std::span<const Index> key_offsets,
                          bool causal) {
  check_offsets(query_offsets, "queries");
  check_offsets(key_offsets, "keys");
  check(query_offsets.size() == key_offsets.size(), ErrorCode::value,
        "Support: ", query_offsets.size() - 1, " segments of queries, ", key_offsets.size() - 1,
        " of keys");
  std::vector<Block> blocks;
  for (std::size_t b = 0; b + 1 < query_offsets.size(); ++b)
    blocks.push_back(
        {query_offsets[b], query_offsets[b + 1], key_offsets[b], key_offsets[b + 1], causal});
  return {query_offsets.back(), key_offsets.back(), std::move(blocks)};
}

Support Support::key_lengths(Index queries, Index keys, std::span<const Index> lengths,
                             bool causal) {
  check_count(queries, "queries");
  check_count(keys, "keys");
  const auto batch = static_cast<Index>(lengths.size());
  std::vector<Block> blocks;
  for (Index b = 0; b < batch; ++b) {
    const Index length = lengths[static_cast<std::size_t>(b)];
    check(length >= 0 && length <= keys, ErrorCode::value, "Support: length ", length,
          " of sequence ", b, ", expected 0 to ", keys);
    blocks.push_back({b * queries, (b + 1) * queries, b * keys, b * keys + length, causal});
  }
  return {checked_product(batch, queries, "sequences * queries"),
          checked_product(batch, keys, "sequences * keys"), std::move(blocks)};
}

Support Support::without_keys(std::vector<std::uint8_t> padding) const {
  check(!is_graph(), ErrorCode::unsupported,
        "Support: a graph has no padding; leave out its edges instead");
  check(std::ssize(padding) == keys_, ErrorCode::shape, "Support: padding of ", padding.size(),
        " keys for ", keys_);
  Support masked = *this;
  masked.padding_ = std::make_shared<const std::vector<std::uint8_t>>(std::move(padding));
  return masked;
}

Graph Support::to_graph() const {
  if (is_graph()) return graph();
  std::vector<Edge> edges;
  for (const Block& b : blocks())
    for (Index i = b.query_begin; i < b.query_end; ++i) {
      const Index end =
          b.causal ? std::min(b.key_end, b.key_begin + i - b.query_begin + 1) : b.key_end;
      for (Index j = b.key_begin; j < end; ++j)
        if (!padding_ || !(*padding_)[static_cast<std::size_t>(j)])
          edges.push_back({static_cast<NodeId>(j), static_cast<NodeId>(i)});
    }
  return Graph::bipartite(keys_, queries_, edges);
}

}  // namespace AGATE_NAMESPACE
