#include "kernels/dense_attention.hpp"

#include <agate/core/parallel.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/buffer.hpp"
#include "kernels/head_dots.hpp"
#include "kernels/highway.hpp"
#include "kernels/tile_scores.hpp"

namespace AGATE_NAMESPACE::kernels {
namespace {

// What one thread works on at a time: in one block and some heads a stretch of queries, or of keys.
struct Unit {
  const DenseBlock* block;
  Index first_head, heads;
  Index begin, end;
  Index group;  // backward: which of the sums of query gradients it adds to
};

// So many units that threads find work, whatever the number of heads.
constexpr Index wanted_units = 16;

// Calls run(unit), several small ones in a row on one thread.
template <class Run>
void for_units(int threads, const DenseAttention& a, const std::vector<Unit>& units, bool of_keys,
               Run run) {
  constexpr Index worth_a_thread = 1 << 17;
  double work = 0;
  for (const Unit& u : units) {
    const Index others =
        of_keys ? u.block->query_end - u.block->query_begin : u.block->key_end - u.block->key_begin;
    work += double(u.end - u.begin) * double(others) * double(u.heads) * double(a.channels + 8);
  }
  const auto count = static_cast<Index>(units.size());
  const double per_unit = work / std::max<double>(1, double(count));
  const Index grain = std::clamp<Index>(static_cast<Index>(worth_a_thread / (per_unit + 1)), 1,
                                        std::max<Index>(1, count));
  parallel_for(threads, count, grain, [&](Index begin, Index end) {
    for (Index u = begin; u < end; ++u) run(units[static_cast<std::size_t>(u)]);
  });
}

struct Scratch {
  std::vector<Real> scores, weights, d_weights, most, sum, shrink, lse, delta, d_values;
};

Scratch& scratch(const DenseAttention& a) {
  static thread_local Scratch x;
  constexpr auto tile = static_cast<std::size_t>(tile_rows * tile_cols);
  for (auto* numbers : {&x.scores, &x.weights, &x.d_weights}) numbers->resize(tile);
  for (auto* numbers : {&x.most, &x.sum, &x.shrink, &x.lse, &x.delta})
    numbers->resize(static_cast<std::size_t>(tile_rows));
  x.d_values.resize(static_cast<std::size_t>(tile_cols * a.channels));
  return x;
}

// The tile at `query` and `key`, as far as the ends; its rows are 0 when nothing in it is seen.
Tile tile_at(const DenseAttention& a, const DenseBlock& block, Index query, Index query_end,
             Index key, Index key_end) {
  Tile tile{&block,
            query,
            key,
            std::min(tile_rows, query_end - query),
            std::min(tile_cols, key_end - key),
            a.padding != nullptr};
  if (!block.causal) return tile;
  const Index first = query - block.query_begin, seen = key - block.key_begin;
  if (first + tile.rows <= seen) tile.rows = 0;
  tile.masked = tile.masked || seen + tile.cols - 1 > first;
  return tile;
}

// What dropout makes of the numbers of a tile, which are counted by head, query and key.
void drop(const DenseAttention& a, Index head, const Tile& tile, const Real* from, Real* to) {
  const Index keys = (a.keys + 3) / 4 * 4, key = tile.key - tile.block->key_begin;
  for (Index i = 0; i < tile.rows; ++i)
    dropout(a.mask, (head * a.queries + tile.query + i) * keys + key, tile.cols,
            from + i * tile_cols, to + i * tile_cols);
}

// The keys of a unit of queries, tile by tile.
template <class Visit>
void for_key_tiles(const DenseAttention& a, const Unit& u, Visit visit) {
  const DenseBlock& block = *u.block;
  for (Index key = block.key_begin; key < block.key_end; key += tile_cols) {
    const Tile tile = tile_at(a, block, u.begin, u.end, key, block.key_end);
    if (tile.rows > 0) visit(tile);
  }
}

void forward_unit(const DenseAttention& a, const Unit& u, const DenseAttentionOutput& to) {
  Scratch& x = scratch(a);
  const Index rows = u.end - u.begin, head = u.first_head, width = a.width();
  TileScores scores(a, head);
  scores.set_queries(u.begin, rows);
  std::fill_n(x.most.data(), rows, -std::numeric_limits<Real>::infinity());
  std::fill_n(x.sum.data(), rows, Real(0));
  Real* out = to.out + u.begin * width + head * a.channels;
  for (Index i = 0; i < rows; ++i) std::fill_n(out + i * width, a.channels, Real(0));
  for_key_tiles(a, u, [&](const Tile& tile) {
    scores.set_keys(tile.key, tile.cols);
    scores.score(tile, x.scores.data());
    AGATE_KERNEL(softmax_tile)
    (rows, tile.cols, x.scores.data(), {x.most.data(), x.sum.data(), x.shrink.data()});
    if (a.mask.active) drop(a, head, tile, x.scores.data(), x.scores.data());
    for (Index i = 0; i < rows; ++i)
      if (x.shrink[i] != 1)
        for (Index c = 0; c < a.channels; ++c) out[i * width + c] *= x.shrink[i];
    add_product(tile, rows, a.channels, tile.cols, {x.scores.data(), tile_cols},
                {a.values + tile.key * width + head * a.channels, width}, out, width);
  });
  for (Index i = 0; i < rows; ++i) {
    const bool empty = x.sum[i] == 0;
    const Real share = empty ? 0 : 1 / x.sum[i];
    for (Index c = 0; c < a.channels; ++c) out[i * width + c] *= share;
    to.lse[(u.begin + i) * a.heads + head] = empty ? 0 : x.most[i] + std::log(x.sum[i]);
  }
}

// lse (or another number of each query and head) of the queries of a tile.
void load_of_head(const DenseAttention& a, Index head, Index query, Index rows, const Real* from,
                  std::vector<Real>& to) {
  for (Index i = 0; i < rows; ++i) to[i] = from[(query + i) * a.heads + head];
}

void weights_unit(const DenseAttention& a, const Unit& u, const DenseAttentionOutput& to) {
  Scratch& x = scratch(a);
  const Index rows = u.end - u.begin, head = u.first_head;
  TileScores scores(a, head);
  scores.set_queries(u.begin, rows);
  load_of_head(a, head, u.begin, rows, to.lse, x.lse);
  for_key_tiles(a, u, [&](const Tile& tile) {
    scores.set_keys(tile.key, tile.cols);
    scores.score(tile, x.scores.data());
    AGATE_KERNEL(weights_tile)(rows, tile.cols, x.scores.data(), x.lse.data());
    for (Index i = 0; i < rows; ++i)
      std::copy_n(x.scores.data() + i * tile_cols, tile.cols,
                  to.weights + (head * a.queries + tile.query + i) * a.keys + tile.key);
  });
}

std::vector<Unit> query_units(const DenseAttention& a) {
  std::vector<Unit> units;
  for (const DenseBlock& block : a.blocks)
    for (Index head = 0; head < a.heads; ++head)
      for (Index i = block.query_begin; i < block.query_end; i += tile_rows)
        units.push_back({&block, head, 1, i, std::min(i + tile_rows, block.query_end), 0});
  return units;
}

// Groups of keys in whole tiles. Where the gradient of one term of a pair is summed over the heads,
// these stay in one unit.
std::vector<Unit> key_units(const DenseAttention& a, bool heads_together) {
  const Index sets = heads_together ? 1 : a.heads, heads = a.heads / sets;
  const Index most = (wanted_units - 1) / std::max<Index>(1, sets * std::ssize(a.blocks)) + 1;
  std::vector<Unit> units;
  for (const DenseBlock& block : a.blocks) {
    const Index keys = block.key_end - block.key_begin;
    const Index tiles = std::max<Index>(1, (keys + tile_cols - 1) / tile_cols);
    const Index groups = std::min(most, tiles), group = (tiles + groups - 1) / groups * tile_cols;
    for (Index set = 0; set < sets; ++set)
      for (Index g = 0; g * group < keys; ++g)
        units.push_back({&block, set * heads, heads, block.key_begin + g * group,
                         std::min(block.key_begin + (g + 1) * group, block.key_end), g});
  }
  return units;
}

struct Backward {
  const DenseAttention& a;
  const Real *lse, *d_out, *delta;  // the last: queries x heads, sums of d_out * out
  DenseAttentionGradient to;
};

// One tile of keys of one head, over all its queries. `d_query` and `d_vector` are those of the
// unit.
void backward_keys(const Backward& b, const Unit& u, TileScores& scores, Index head, Index key,
                   Real* d_query, Real* d_vector) {
  const DenseAttention& a = b.a;
  Scratch& x = scratch(a);
  const Index width = a.width(), score_width = a.heads * a.score_channels();
  const Index at = head * a.channels, cols = std::min(tile_cols, u.end - key);
  scores.set_keys(key, cols);
  scores.clear_gradients();
  std::fill_n(x.d_values.data(), cols * a.channels, Real(0));
  for (Index i = u.block->query_begin; i < u.block->query_end; i += tile_rows) {
    const Tile tile = tile_at(a, *u.block, i, u.block->query_end, key, u.end);
    if (tile.rows == 0) continue;
    scores.set_queries(i, tile.rows);
    scores.score(tile, x.weights.data());
    load_of_head(a, head, i, tile.rows, b.lse, x.lse);
    load_of_head(a, head, i, tile.rows, b.delta, x.delta);
    AGATE_KERNEL(weights_tile)(tile.rows, cols, x.weights.data(), x.lse.data());
    const Matrix d_out{b.d_out + i * width + at, width};
    if (b.to.values) {
      if (a.mask.active) drop(a, head, tile, x.weights.data(), x.scores.data());
      const Real* kept = a.mask.active ? x.scores.data() : x.weights.data();
      add_product(tile, cols, a.channels, tile.rows, {kept, tile_cols, true}, d_out,
                  x.d_values.data(), a.channels);
    }
    if (!d_query) continue;
    Real* ds = x.d_weights.data();
    serial_gemm(tile.rows, cols, a.channels, d_out, {a.values + key * width + at, width, true},
                false, ds, tile_cols);
    if (a.mask.active) drop(a, head, tile, ds, ds);
    AGATE_KERNEL(score_gradient_tile)(tile.rows, cols, x.weights.data(), x.delta.data(), ds);
    fill_masked(a, tile, 0, ds);
    scores.backward(tile, ds, d_query + i * score_width + head * a.score_channels(), score_width,
                    b.to.terms);
  }
  if (b.to.source) scores.store_key_gradient(b.to.source);
  if (d_vector) scores.add_vector_gradient(d_vector);
  for (Index j = 0; b.to.values && j < cols; ++j)
    std::copy_n(x.d_values.data() + j * a.channels, a.channels,
                b.to.values + (key + j) * width + at);
}

void backward_unit(const Backward& b, const Unit& u, Real* d_query, Real* d_vector) {
  for (Index head = u.first_head; head < u.first_head + u.heads; ++head) {
    TileScores scores(b.a, head);
    for (Index key = u.begin; key < u.end; key += tile_cols)
      backward_keys(b, u, scores, head, key, d_query, d_vector);
  }
}

// to[i] = factor * sum over the parts p of parts[p * n + i].
void sum_parts(int threads, Index n, Index parts, const Real* from, Real factor, Real* to) {
  parallel_for(threads, n, 1 << 15, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      Real sum = from[i];
      for (Index p = 1; p < parts; ++p) sum += from[p * n + i];
      to[i] = factor * sum;
    }
  });
}

void clear(int threads, Real* numbers, Index n) {
  if (!numbers) return;
  parallel_for(threads, n, 1 << 15,
               [&](Index begin, Index end) { std::fill(numbers + begin, numbers + end, Real(0)); });
}

Buffer zeros(int threads, MemoryPool& pool, Index count) {
  Buffer buffer(pool, count);
  clear(threads, buffer.data(), count);
  return buffer;
}

}  // namespace

Index DenseAttention::score_channels() const {
  Index of_pairs = 1;
  visit_pair(score, [&](const auto& s) { of_pairs = s.channels; });
  return of_pairs;
}

const Real* DenseAttention::terms() const {
  if (const auto* additive = std::get_if<AdditiveScore>(&score)) return additive->edge;
  const Real* bias = nullptr;
  visit_pair(score, [&](const auto& s) { bias = s.bias; });
  return bias;
}

void dense_attention(int threads, const DenseAttention& a, const DenseAttentionOutput& to) {
  // What is in no block is seen by nobody and sees nothing.
  clear(threads, to.out, a.queries * a.width());
  clear(threads, to.lse, a.queries * a.heads);
  clear(threads, to.weights, a.heads * a.queries * a.keys);
  const std::vector<Unit> units = query_units(a);
  for_units(threads, a, units, false, [&](const Unit& u) { forward_unit(a, u, to); });
  if (to.weights)
    for_units(threads, a, units, false, [&](const Unit& u) { weights_unit(a, u, to); });
}

void dense_attention_backward(int threads, MemoryPool& pool, const DenseAttention& a,
                              const DenseAttentionOutput& forward, const Real* d_out,
                              const DenseAttentionGradient& to) {
  const Index query_size = a.queries * a.heads * a.score_channels();
  const Index vector_size = a.heads * a.score_channels();
  clear(threads, to.values, a.keys * a.width());
  clear(threads, to.source, a.keys * a.heads * a.score_channels());
  clear(threads, to.terms, (a.terms_for_all_heads ? 1 : a.heads) * a.queries * a.keys);
  const std::vector<Unit> units = key_units(a, to.terms && a.terms_for_all_heads);
  Index groups = 1;
  for (const Unit& u : units) groups = std::max(groups, u.group + 1);
  const bool of_scores = to.target || to.source || to.terms || to.vector;
  const Buffer queries = zeros(threads, pool, of_scores ? groups * query_size : 0);
  const auto count = static_cast<Index>(units.size());
  const Buffer vectors = zeros(threads, pool, to.vector ? count * vector_size : 0);
  const Buffer delta(pool, a.queries * a.heads);
  parallel_for(threads, a.queries, 256, [&](Index begin, Index end) {
    head_dots(begin, end, a.heads, a.channels, d_out, forward.out, a.width(), delta.data(),
              a.heads);
  });
  const Backward b{a, forward.lse, d_out, delta.data(), to};
  for_units(threads, a, units, true, [&](const Unit& u) {
    backward_unit(b, u, of_scores ? queries.data() + u.group * query_size : nullptr,
                  to.vector ? vectors.data() + (&u - units.data()) * vector_size : nullptr);
  });
  const auto* dot = std::get_if<DotScore>(&a.score);
  if (to.target)
    sum_parts(threads, query_size, groups, queries.data(), dot ? dot->scale : 1, to.target);
  if (to.vector && count > 0) sum_parts(threads, vector_size, count, vectors.data(), 1, to.vector);
  if (to.vector && count == 0) clear(threads, to.vector, vector_size);
}

}  // namespace AGATE_NAMESPACE::kernels
