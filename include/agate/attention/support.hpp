#pragma once
/// \file
/// Support: which pairs of query and key attention looks at.
///
/// Either the messages of a graph (queries are targets, keys are sources), or dense: blocks of
/// neighbouring queries that see blocks of neighbouring keys. Whatever is packed one after the
/// other (the nodes of the graphs of a batch, the sequences of a batch) are such blocks. Immutable,
/// cheap to copy, may be shared by threads.

#include <agate/graph/graph.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE {

/// Which pairs of query and key attention looks at. Immutable, cheap to copy, may be shared by
/// threads.
class Support {
 public:
  /// The messages of a graph.
  Support(const Graph& graph) : graph_(std::make_shared<Graph>(graph)) {}

  /// Every query sees every key: self- and cross-attention, and the rows of a memory.
  static Support all_pairs(Index queries, Index keys);
  /// Query i sees the keys 0 .. i, as torch's is_causal.
  static Support causal(Index queries, Index keys);
  /// Segment b of the rows (offsets[b] .. offsets[b + 1] - 1) sees itself: the graphs or sequences
  /// of a batch. Offsets start at 0 and do not fall: Error(value).
  static Support segments(std::span<const Index> offsets, bool causal = false);
  /// Segment b of the queries sees segment b of the keys. Error(value) when there are more of one
  /// than of the other.
  static Support segments(std::span<const Index> query_offsets, std::span<const Index> key_offsets,
                          bool causal = false);
  /// A padded batch of lengths.size() sequences of `queries` queries and `keys` keys each: of
  /// sequence b the keys from lengths[b] on are padding. Error(value) for a length beyond `keys`.
  static Support key_lengths(Index queries, Index keys, std::span<const Index> lengths,
                             bool causal = false);
  /// This dense support without the keys j for which padding[j] is not 0 (torch's
  /// key_padding_mask). Error(shape) unless there is one for each key, Error(unsupported) for a
  /// graph.
  Support without_keys(std::vector<std::uint8_t> padding) const;

  /// The queries [query_begin, query_end) see the keys [key_begin, key_end); if causal, the query
  /// query_begin + i the keys up to key_begin + i.
  struct Block {
    Index query_begin, query_end, key_begin, key_end;
    bool causal;
  };
  bool is_graph() const { return graph_ != nullptr; }
  const Graph& graph() const { return *graph_; }  ///< of a graph only
  std::span<const Block> blocks() const { return blocks_ ? *blocks_ : std::span<const Block>(); }
  std::span<const std::uint8_t> padding() const {
    return padding_ ? *padding_ : std::span<const std::uint8_t>();
  }
  Index num_queries() const { return graph_ ? graph_->num_targets() : queries_; }
  Index num_keys() const { return graph_ ? graph_->num_sources() : keys_; }

  /// The same pairs as the edges of a bipartite graph: as many messages as there are pairs.
  Graph to_graph() const;

 private:
  Support(Index queries, Index keys, std::vector<Block> blocks);

  std::shared_ptr<const Graph> graph_;
  Index queries_ = 0, keys_ = 0;
  std::shared_ptr<const std::vector<Block>> blocks_;
  std::shared_ptr<const std::vector<std::uint8_t>> padding_;
};

}  // namespace AGATE_NAMESPACE
