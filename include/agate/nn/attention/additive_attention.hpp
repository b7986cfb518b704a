#pragma once
/// \file
/// AdditiveAttention: Bahdanau, Cho, Bengio, "Neural Machine Translation by Jointly Learning to
/// Align and Translate", ICLR 2015.

#include <agate/nn/attention/pair_args.hpp>
#include <agate/nn/linear.hpp>

namespace AGATE_NAMESPACE::nn {

/// Sizes and options of an AdditiveAttention.
struct AdditiveAttentionOptions {
  Index query_dim = 0;  ///< columns of queries: states of the decoder
  Index key_dim = 0;    ///< columns of keys: annotations of the encoder
  Index hidden = 0;     ///< of the alignment model
  Real dropout = 0;     ///< on the attention weights
};

/// The alignment model, a(i, j) = softmax over the keys j of w_v . tanh(W_q q_i + W_k k_j), and the
/// context c_i = sum over j of a(i, j) values_j. In the paper W_q is W_a, W_k is U_a, w_v is v_a,
/// q_i the state of the decoder before step i, and the values are the keys.
///
/// queries (queries x query_dim), keys (keys x key_dim), values (keys x C) -> queries x C.
/// Parameters `W_q.weight` (hidden, query_dim), `W_k.weight` (hidden, key_dim), `w_v.weight` (1,
/// hidden), without biases. Error(shape) for other columns, and when the rows do not fit the
/// support.
class AdditiveAttention : public Module {
 public:
  AdditiveAttention(const AdditiveAttentionOptions& options, Random& random);

  Var operator()(const Features& queries, const Features& keys, const Var& values,
                 const Support& support, const PairArgs& args = {}) const;
  /// The same with W_k applied before: a decoder does so once, not in each of its steps.
  Var with_projected_keys(const Features& queries, const Var& projected_keys, const Var& values,
                          const Support& support, const PairArgs& args = {}) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

  Linear W_q, W_k, w_v;

 private:
  Real dropout_;
};

}  // namespace AGATE_NAMESPACE::nn
