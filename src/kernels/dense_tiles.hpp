#pragma once
// Loops over one tile of pairs: rows are queries, columns keys, `tile_cols` numbers from one row to
// the next. Columns beyond `cols`, up to a whole vector, may be read and written.

#include "kernels/elementary.hpp"
#include "kernels/scores.hpp"

namespace AGATE_NAMESPACE::kernels {

inline constexpr Index tile_rows = 128, tile_cols = 256;

// One softmax that is still being read: of each row the greatest score so far, the sum of
// exp(score - greatest), and what the last tile made of the sums before it.
struct OnlineSoftmax {
  Real *most, *sum, *shrink;
};

// What the pairs of a tile are scored from, head by head: queries as they stand, keys channel by
// channel.
struct PairTile {
  Index rows, cols, channels;
  const Real* query;   // rows x channels
  const Real* key;     // channels x tile_cols
  const Real* factor;  // of each channel
};
struct PairTileGradient {
  Real* query;   // rows x channels; all are added to
  Real* key;     // channels x tile_cols
  Real* factor;  // channels
};

struct AdditiveTile {
  Index rows, cols;
  const Real* target;  // of the rows
  const Real* source;  // of the columns
};
struct AdditiveTileGradient {
  Real* target;  // of the rows; both are added to
  Real* source;  // of the columns
};

#define AGATE_DENSE_TILES                                                                     \
  /* scores become exp(score - greatest so far). */                                           \
  void softmax_tile(Index rows, Index cols, Real* scores, const OnlineSoftmax& softmax);      \
  /* scores become exp(score - lse). */                                                       \
  void weights_tile(Index rows, Index cols, Real* scores, const Real* lse);                   \
  /* d_weights become the gradient of the scores, weight * (d_weight - delta). */             \
  void score_gradient_tile(Index rows, Index cols, const Real* weights, const Real* deltas,   \
                           Real* d_weights);                                                  \
  /* Writes the scores; `score` is a PairScore whose pointers are not looked at. */           \
  void pair_tile(const EdgeScore& score, const PairTile& tile, Real* scores);                 \
  void pair_tile_backward(const EdgeScore& score, const PairTile& tile, const Real* d_scores, \
                          const PairTileGradient& to);                                        \
  /* `scores` hold the terms of the pairs, and become the scores. */                          \
  void additive_tile(const AdditiveScore& score, const AdditiveTile& tile, Real* scores);     \
  /* `raw` holds the terms of the pairs; d_scores become their gradient. */                   \
  void additive_tile_backward(const AdditiveScore& score, const AdditiveTile& tile,           \
                              const Real* raw, Real* d_scores, const AdditiveTileGradient& to);

namespace scalar {
AGATE_DENSE_TILES
}
namespace vectorized {
AGATE_DENSE_TILES
}
#undef AGATE_DENSE_TILES

}  // namespace AGATE_NAMESPACE::kernels
