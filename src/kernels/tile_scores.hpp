#pragma once
// The scores of one tile of dense attention, and their gradient.

#include <vector>

#include "kernels/dense_attention.hpp"
#include "kernels/dense_tiles.hpp"
#include "kernels/gemm.hpp"

namespace AGATE_NAMESPACE::kernels {

struct Tile {
  const DenseBlock* block;
  Index query, key;  // the first of each
  Index rows, cols;
  bool masked;  // some of its pairs may not exist
};

// Puts `number` where the pairs of a masked tile do not exist.
void fill_masked(const DenseAttention& a, const Tile& tile, Real number, Real* numbers);

// c (m x n) += op(a) b. In a masked tile a holds 0 where no pair exists, and what stands in b
// there, NaN perhaps, must not count.
void add_product(const Tile& tile, Index m, Index n, Index k, Matrix a, Matrix b, Real* c,
                 Index ldc);

// Scores tiles of one head. Queries and keys of a tile are set before it is scored, and stay for
// the next. The memory is that of the calling thread: one object at a time.
class TileScores {
 public:
  TileScores(const DenseAttention& a, Index head);

  void set_queries(Index first, Index count);
  void set_keys(Index first, Index count);
  // Writes the scores of all pairs of the tile, -infinity where there is none.
  void score(const Tile& tile, Real* scores);

  // The gradients of vector and of the keys that are set, since the last clear_gradients(), added
  // to by backward().
  void clear_gradients();
  // d_scores is overwritten. `d_query` (rows `query_stride` apart) is added to, `d_terms` (of the
  // whole attention, null: not wanted) too.
  void backward(const Tile& tile, Real* d_scores, Real* d_query, Index query_stride, Real* d_terms);
  // Puts the gradient of the keys that are set in its place, and adds that of the vector.
  void store_key_gradient(Real* d_key) const;
  void add_vector_gradient(Real* d_vector) const;
  // What d_query still lacks.
  Real query_factor() const { return dot_ ? dot_->scale : Real(1); }

 private:
  const Real* terms(Index query, Index key) const;
  void load_terms(const Tile& tile, Real* to) const;

  const DenseAttention& a_;
  const Index head_, channels_, width_;
  const AdditiveScore* additive_;
  const DotScore* dot_;
  const Real *query_ = nullptr, *key_ = nullptr;
  Index first_key_ = 0, keys_ = 0;
  struct Scratch;
  Scratch& x_;
};

}  // namespace AGATE_NAMESPACE::kernels
