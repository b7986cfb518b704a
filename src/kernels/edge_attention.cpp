#include "kernels/edge_attention.hpp"

#include <agate/core/parallel.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/balance.hpp"
#include "kernels/buffer.hpp"
#include "kernels/head_dots.hpp"
#include "kernels/highway.hpp"

namespace AGATE_NAMESPACE::kernels {
namespace {

// The parts of the rows that RowSet leaves to parts, row after row.
class HubParts {
 public:
  HubParts(Index rows, const Index* offsets) {
    if (rows == 0 || offsets[rows] - offsets[0] <= RowSet::most_messages) return;
    for (Index i = 0; i < rows; ++i) {
      if (offsets[i + 1] - offsets[i] <= RowSet::most_messages) continue;
      begins_.push_back(size());
      for (Index at = offsets[i]; at < offsets[i + 1]; at += RowSet::most_messages)
        parts_.push_back({i, at, std::min(RowSet::most_messages, offsets[i + 1] - at), size()});
    }
    begins_.push_back(size());
  }
  Index size() const { return static_cast<Index>(parts_.size()); }
  const Part* data() const { return parts_.data(); }
  Index rows() const { return std::max<Index>(1, std::ssize(begins_)) - 1; }
  Index row(Index hub) const { return parts_[begins_[hub]].row; }
  Index begin(Index hub) const { return begins_[hub]; }
  Index end(Index hub) const { return begins_[hub + 1]; }

 private:
  std::vector<Part> parts_;
  std::vector<Index> begins_;
};

Index messages_per_chunk(const EdgeAttention& a) {
  return std::max<Index>(64, (1 << 15) / std::max<Index>(1, a.width()));
}

// So that a state touches as few cache lines as it can.
Index whole_lines(Index numbers) {
  constexpr Index line = 64 / sizeof(Real);
  for (Index size = 1; size < line; size *= 2)
    if (numbers <= size) return size;
  return (numbers + line - 1) / line * line;
}

// exp(lse of the part - lse of the row), per part and head: what the parts' softmaxes count.
void merge_softmax(const EdgeAttention& a, const HubParts& hubs, Index hub,
                   const EdgeAttentionOutput& part, const EdgeAttentionOutput& to) {
  const Index row = hubs.row(hub), heads = a.heads, channels = a.channels, width = a.width();
  std::fill_n(to.out + row * width, width, Real(0));
  if (to.upper) {
    std::fill_n(to.upper + row * width, width, Real(0));
    std::fill_n(to.upper_sum + row * heads, heads, Real(0));
  }
  for (Index h = 0; h < heads; ++h) {
    Real most = -std::numeric_limits<Real>::infinity(), sum = 0;
    for (Index p = hubs.begin(hub); p < hubs.end(hub); ++p)
      most = std::max(most, part.lse[p * heads + h]);
    for (Index p = hubs.begin(hub); p < hubs.end(hub); ++p)
      sum += std::exp(part.lse[p * heads + h] - most);
    const Real lse = to.lse[row * heads + h] = most + std::log(sum);
    for (Index p = hubs.begin(hub); p < hubs.end(hub); ++p) {
      const Real share = std::exp(part.lse[p * heads + h] - lse);
      auto add = [&](const Real* from, Real* sums) {
        for (Index c = h * channels; c < (h + 1) * channels; ++c)
          sums[row * width + c] += share * from[p * width + c];
      };
      add(part.out, to.out);
      if (!to.upper) continue;
      add(part.upper, to.upper);
      to.upper_sum[row * heads + h] += share * part.upper_sum[p * heads + h];
    }
  }
}

void merge_sums(const HubParts& hubs, Index hub, Index width, const Real* parts, Real* to) {
  if (!to) return;
  Real* sum = to + hubs.row(hub) * width;
  std::copy_n(parts + hubs.begin(hub) * width, width, sum);
  for (Index p = hubs.begin(hub) + 1; p < hubs.end(hub); ++p)
    for (Index c = 0; c < width; ++c) sum[c] += parts[p * width + c];
}

void attend_hubs(int threads, MemoryPool& pool, const EdgeAttention& a,
                 const EdgeAttentionOutput& to) {
  const HubParts hubs(a.targets, a.offsets);
  if (hubs.size() == 0) return;
  const Index wide = hubs.size() * a.width(), narrow = hubs.size() * a.heads;
  const Buffer buffer(pool, 2 * (wide + narrow));
  Real* from = buffer.data();
  EdgeAttentionOutput part{.out = from, .lse = from + wide, .weights = to.weights};
  if (to.upper) {
    part.upper = from + wide + narrow;
    part.upper_sum = part.upper + wide;
  }
  const RowSet rows{a.offsets, hubs.data()};
  parallel_chunks(threads, hubs.size(), [&](Index p) {
    AGATE_KERNEL(attend_rows)(a, rows, p, p + 1, part);
  });
  parallel_chunks(threads, hubs.rows(), [&](Index hub) { merge_softmax(a, hubs, hub, part, to); });
}

// The kernels leave the scores; what they sum to is known only now.
void normalise_weights(int threads, const EdgeAttention& a, const EdgeAttentionOutput& to) {
  const BalancedRows rows(a.targets, a.offsets, (1 << 13) / std::max<Index>(1, a.heads));
  parallel_chunks(threads, rows.chunks(), [&](Index chunk) {
    for (Index i = rows[chunk].begin; i < rows[chunk].end; ++i)
      for (Index k = a.offsets[i]; k < a.offsets[i + 1]; ++k)
        for (Index h = 0; h < a.heads; ++h) {
          Real& w = to.weights[k * a.heads + h];
          w = std::exp(w - to.lse[i * a.heads + h]);
        }
  });
}

// The states of the targets, and for additive scores the gradient of the target scores:
//   d_target(i, h) = sum over k of ds(k, h) * slope(k, h)
// with ds(k, h) = a (dropout d_out . v - delta), which sums to 0 over the messages of i. What is
// left of the sum are (1 - negative_slope) times the messages with a score above 0.
void make_states(int threads, const EdgeAttention& a, const EdgeAttentionOutput& forward,
                 const Real* d_out, Real* states, Index state_width, Real* d_target) {
  const Index heads = a.heads, width = a.width();
  const auto* additive = std::get_if<AdditiveScore>(&a.score);
  const Index grain = std::max<Index>(64, (1 << 14) / std::max<Index>(1, width));
  Real* lses = states + (additive ? heads : 0);
  Real* deltas = lses + heads;
  parallel_for(threads, a.targets, grain, [&](Index begin, Index end) {
    head_dots(begin, end, heads, a.channels, d_out, forward.out, width, deltas, state_width);
    for (Index i = begin; i < end; ++i) {
      Real* state = states + i * state_width;
      if (additive) std::copy_n(additive->target + i * heads, heads, state);
      std::copy_n(forward.lse + i * heads, heads, lses + i * state_width);
    }
    if (!additive || !d_target) return;
    head_dots(begin, end, heads, a.channels, d_out, forward.upper, width, d_target, heads);
    for (Index i = begin; i < end; ++i)
      for (Index h = 0; h < heads; ++h) {
        Real& d = d_target[i * heads + h];
        d = (1 - additive->negative_slope) *
            (d - deltas[i * state_width + h] * forward.upper_sum[i * heads + h]);
      }
  });
}

void sources_backward(int threads, MemoryPool& pool, const EdgeAttention& a,
                      const BackwardPass& pass) {
  const BalancedRows chunks(a.sources, a.out_offsets, messages_per_chunk(a));
  parallel_chunks(threads, chunks.chunks(), [&](Index c) {
    AGATE_KERNEL(attend_sources_backward)
    (a, {a.out_offsets}, chunks[c].begin, chunks[c].end, pass);
  });
  const HubParts hubs(a.sources, a.out_offsets);
  if (hubs.size() == 0) return;
  const Index width = a.width(), score_width = a.score_width();
  const Buffer buffer(pool, hubs.size() * (width + score_width));
  BackwardPass part = pass;
  if (pass.to.values) part.to.values = buffer.data();
  if (pass.to.source) part.to.source = buffer.data() + hubs.size() * width;
  parallel_chunks(threads, hubs.size(), [&](Index p) {
    AGATE_KERNEL(attend_sources_backward)(a, {a.out_offsets, hubs.data()}, p, p + 1, part);
  });
  parallel_chunks(threads, hubs.rows(), [&](Index hub) {
    merge_sums(hubs, hub, width, part.to.values, pass.to.values);
    merge_sums(hubs, hub, score_width, part.to.source, pass.to.source);
  });
}

void targets_backward(int threads, MemoryPool& pool, const EdgeAttention& a,
                      const BackwardPass& pass) {
  const BalancedRows chunks(a.targets, a.offsets, messages_per_chunk(a));
  const HubParts hubs(a.targets, a.offsets);
  const Index width = a.score_width(), sums = chunks.chunks() + hubs.size();
  const Buffer vectors(pool, pass.to.vector ? sums * width : 0);
  const Buffer parts(pool, pass.to.target ? hubs.size() * width : 0);
  auto run = [&](Index chunk, const RowSet& rows, Index begin, Index end, Real* target) {
    BackwardPass own = pass;
    own.to.target = target;
    if (pass.to.vector) {
      own.to.vector = vectors.data() + chunk * width;
      std::fill_n(own.to.vector, width, Real(0));
    }
    AGATE_KERNEL(attend_targets_backward)(a, rows, begin, end, own);
  };
  parallel_chunks(threads, chunks.chunks(), [&](Index c) {
    run(c, {a.offsets}, chunks[c].begin, chunks[c].end, pass.to.target);
  });
  parallel_chunks(threads, hubs.size(), [&](Index p) {
    run(chunks.chunks() + p, {a.offsets, hubs.data()}, p, p + 1,
        pass.to.target ? parts.data() : nullptr);
  });
  parallel_chunks(threads, hubs.rows(),
                  [&](Index hub) { merge_sums(hubs, hub, width, parts.data(), pass.to.target); });
  if (!pass.to.vector) return;
  std::fill_n(pass.to.vector, width, Real(0));
  for (Index s = 0; s < sums; ++s)
    for (Index c = 0; c < width; ++c) pass.to.vector[c] += vectors.data()[s * width + c];
}

}  // namespace

Index EdgeAttention::score_width() const {
  struct Width {
    Index heads;
    Index operator()(const AdditiveScore&) const { return heads; }
    Index operator()(const PairScore& pair) const { return heads * pair.channels; }
  };
  return std::visit(Width{heads}, score);
}

void edge_attention(int threads, MemoryPool& pool, const EdgeAttention& a,
                    const EdgeAttentionOutput& to) {
  const BalancedRows chunks(a.targets, a.offsets, messages_per_chunk(a));
  parallel_chunks(threads, chunks.chunks(), [&](Index c) {
    AGATE_KERNEL(attend_rows)(a, {a.offsets}, chunks[c].begin, chunks[c].end, to);
  });
  attend_hubs(threads, pool, a, to);
  if (to.weights) normalise_weights(threads, a, to);
}

void edge_attention_backward(int threads, MemoryPool& pool, const EdgeAttention& a,
                             const EdgeAttentionOutput& forward, const Real* d_out,
                             const EdgeAttentionGradient& to) {
  const bool additive = std::holds_alternative<AdditiveScore>(a.score);
  const Index state_width = whole_lines((additive ? 3 : 2) * a.heads);
  const Buffer states(pool, a.targets * state_width);
  make_states(threads, a, forward, d_out, states.data(), state_width, to.target);
  const BackwardPass pass{d_out, states.data(), state_width, to};
  if (to.values || to.source || (additive && to.edge)) sources_backward(threads, pool, a, pass);
  const bool of_targets = !additive && (to.target || to.edge || to.bias || to.vector);
  if (of_targets || to.edge_values) targets_backward(threads, pool, a, pass);
}

}  // namespace AGATE_NAMESPACE::kernels
