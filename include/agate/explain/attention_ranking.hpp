#pragma once
/// \file
/// Whether attention is static or dynamic (Brody, Alon, Yahav: "How attentive are graph attention
/// networks?", ICLR 2022): whether who is looked at most depends on who looks.

#include <agate/data/dataset.hpp>
#include <agate/models/model.hpp>
#include <cstdint>
#include <vector>

namespace AGATE_NAMESPACE::explain {

/// Of one head of a layer: two nodes that look at the same two neighbours were compared so many
/// times, and so many times each of them ranked them in its own order. Static attention, such as
/// GAT's without features of edges, never does.
struct AttentionRanking {
  Index layer = 0, head = 0;
  Index compared = 0, differing = 0;

  double share() const {
    return compared > 0 ? static_cast<double>(differing) / static_cast<double>(compared) : 0;
  }
};

/// How attention_ranking() draws.
struct RankingOptions {
  Index draws = 20'000;  ///< of messages; not every one leads to a comparison
  std::uint64_t seed = 0;
  int threads = 0;  ///< 0: all
};

/// What the layers of `model` do on the graph of `dataset`, head by head. Drawn are a message, a
/// second neighbour of its target, and another node with both as neighbours; loops do not count,
/// and neither do two weights that differ by less than a thousandth of the larger. Nothing where
/// the layers pay no attention to messages. The same for any number of threads. Error(value) unless
/// draws is at least 1.
std::vector<AttentionRanking> attention_ranking(const models::Model& model,
                                                const data::Dataset& dataset,
                                                const RankingOptions& options = {});

}  // namespace AGATE_NAMESPACE::explain
