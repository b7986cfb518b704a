#pragma once
// Linear attention of one head over one chunk of a block, whose queries and keys stand at the same
// positions. The sum below the fraction is one more channel: the values are those of the caller and
// a 1.
//
// A state is features x (channels + 1). That of the keys, the sum of w phi_k (x) (v, 1), holds what
// the chunks before leave to this one, as it is before the first position. That of the queries, the
// sum of w phi_q (x) (dn, dd), holds what the chunks behind want of this one, as it is behind the
// last position. Where every query sees every key, both are sums over the whole block.

#include <agate/attention/support.hpp>
#include <agate/tensor/tensor.hpp>
#include <vector>

#include "kernels/gemm.hpp"

namespace AGATE_NAMESPACE {

struct LinearInputs {
  MemoryPool* pool;
  Tensor queries, keys, values;
  Tensor gate;  // empty: none
  std::span<const std::uint8_t> padding;
  Index heads;
  Real eps;

  Index features() const { return queries.cols() / heads; }
  Index channels() const { return values.cols() / heads; }
  Index state_size() const { return features() * (channels() + 1); }
  bool is_padding(Index key) const { return !padding.empty() && padding[std::size_t(key)] != 0; }
};

// What the forward pass leaves.
struct LinearOutput {
  Tensor out;   // queries x (heads * channels)
  Tensor sums;  // below the fraction: queries x heads
};

struct LinearGradients {
  Tensor queries, keys, values;
  Tensor gate;  // empty: none
};

class LinearChunk {
 public:
  // The positions of the chunk; its pairs are causal, or the states hold them all.
  struct Rows {
    Index query_begin, query_end, key_begin, key_end;
    bool causal;
  };
  LinearChunk(const LinearInputs& in, const Rows& rows, Index head);

  // What the chunk adds to the state of the keys, and the share of either state that passes it.
  void key_state(Real* to) const;
  Real passing() const { return passing_; }
  void forward(const Real* keys_before, LinearOutput& to) const;

  // What the chunk adds to the state of the queries.
  void query_state(const LinearOutput& forward, const Tensor& d_out, Real* to) const;
  // `keys_behind` is the state of the keys behind the last position; null where no chunk follows.
  void backward(const LinearOutput& forward, const Tensor& d_out, const Real* keys_before,
                const Real* keys_behind, const Real* queries_behind, LinearGradients& to) const;

 private:
  void load_values();
  void load_keys();
  void load_gates();
  Tensor make(Index rows, Index cols) const {
    return Tensor::uninitialized({rows, cols}, in_.pool);
  }
  Tensor pairs(kernels::Matrix left, kernels::Matrix right, Index inner) const;
  void add_pairs(const Tensor& weights, Tensor& sums) const;
  Tensor sum_gradients(const LinearOutput& forward, const Tensor& d_out) const;
  void gate_gradient(const Real* keys_behind, const Real* queries_behind,
                     LinearGradients& to) const;

  const LinearInputs& in_;
  Rows rows_;
  Index head_, queries_, keys_, features_, width_;
  kernels::Matrix query_, key_;         // rows x features
  Tensor values_;                       // keys x (channels + 1); of padding: 0
  Tensor own_keys_;                     // where padding is left out
  std::vector<Real> fading_, writing_;  // of each key: g and 1 - g
  std::vector<Real> reach_;             // of each query: the share of the state before it sees
  std::vector<Real> share_;             // of each key: its weight in the state behind
  Real passing_ = 1;
};

}  // namespace AGATE_NAMESPACE
