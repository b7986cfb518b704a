#pragma once
/// \file
/// RecurrentDecoder: the decoder of encoder-decoder networks, a GRU that says one step after the
/// other, with or without attention to what an encoder made of the source.
///
///     Memory memory = decoder.remember(encodings, source_offsets);
///     Var rows = decoder(embedded_targets, target_offsets, memory, summary);   // training
///
///     State state = decoder.start(summary);                                    // answering
///     while (...) Var row = decoder.step(embedded_last, state, memory);

#include <agate/nn/attention/additive_attention.hpp>
#include <agate/nn/attention/luong_attention.hpp>
#include <agate/nn/recurrent/gru_cell.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::nn {

struct PackedSteps;

/// How the decoder looks at the source.
enum class DecoderAttention {
  none,      ///< not at all: it gets the summary in every step (Cho et al. 2014)
  additive,  ///< Bahdanau, Cho, Bengio 2015: the state before the step asks
  dot,       ///< Luong, Pham, Manning 2015: the state after the step asks
  general,
  concat,
};

/// `none`, `additive`, `dot`, `general`, `concat`.
const std::vector<std::string>& decoder_attention_names();
/// Error(usage) for an unknown name, with the nearest known.
DecoderAttention decoder_attention(const std::string& name);

/// Sizes and options of a RecurrentDecoder.
struct RecurrentDecoderOptions {
  Index input_size = 0;   ///< columns of x, such as embedded symbols
  Index hidden_size = 0;  ///< of the GRU, and columns of the result
  Index memory_size = 0;  ///< columns of the encodings and of the summary
  DecoderAttention attention = DecoderAttention::additive;
  bool input_feeding = false;  ///< dot, general, concat: the result before goes into the GRU too
  Index attention_size = 0;    ///< hidden units of additive and concat; 0: hidden_size
  Real dropout = 0;            ///< of the result, in training; what is fed back is not dropped
};

/// What a decoder attends to: the encodings of some source sequences, one after the other.
struct DecoderMemory {
  Var encodings;               ///< rows x memory_size
  Var keys;                    ///< what the score needs of them, made once
  std::vector<Index> offsets;  ///< sequence b: the rows offsets[b] to offsets[b + 1] - 1

  Index sequences() const { return static_cast<Index>(offsets.size()) - 1; }
  Index longest() const;  ///< rows of the longest sequence
};

/// What goes from step to step, a row for each sequence.
struct DecoderState {
  Var h;                     ///< sequences x hidden_size
  std::optional<Var> fed{};  ///< what the GRU gets beside x: see RecurrentDecoder
};

/// One step from x_t, the state h and, with attention, the encodings e_j of the source:
///   none      h' = GRU([x_t; summary], h),           y_t = maxout(W_o [h'; summary; x_t])
///   additive  c = sum over j of softmax_j(v . tanh(W_q h + W_k e_j)) e_j,
///             h' = GRU([x_t; c], h),                 y_t = maxout(W_o [h'; c; x_t])
///   dot, general, concat (scores: see LuongAttention)
///             h' = GRU(x_t, h), or with input_feeding GRU([x_t; y_(t-1)], h), where y_0 = 0,
///             c = sum over j of softmax_j(score(h', e_j)) e_j,   y_t = tanh(W_c [c; h'])
/// where maxout is the greater of two halves of 2 * hidden_size outputs, and the first state is
/// h_0 = tanh(W_s summary + b_s).
///
/// Parameters `start.*`, `cell.*` (see GRUCell), `attention.*` (see AdditiveAttention, and
/// LuongAttention for W_c), `readout.*` of none and additive. A const decoder may be shared by
/// threads. Error(value) for sizes below 1, for input_feeding without an attention of Luong's and
/// for a dot of unequal hidden_size and memory_size; Error(shape) when rows or columns do not fit.
class RecurrentDecoder : public Module {
 public:
  using Memory = DecoderMemory;
  using State = DecoderState;
  RecurrentDecoder(const RecurrentDecoderOptions& options, Random& random);

  /// encodings (rows x memory_size) of the sequences that offsets bound; one may be empty, its
  /// context is zero. Error(value) when offsets fall.
  Memory remember(const Var& encodings, std::span<const Index> offsets) const;
  /// The state before the first step from a summary (sequences x memory_size) of each source.
  State start(const Var& summary) const;

  /// Row r of x (rows x input_size) continues row r of the state and looks at sequence r of the
  /// memory -> rows x output_size(). With fewer rows than the state has, the first ones go on and
  /// the others end: a batch in falling order of length shrinks. `weights`, where given, receives
  /// rows x memory.longest(): what row r paid row j of its own sequence, 0 behind its end and
  /// without attention.
  Var step(const Var& x, State& state, const Memory& memory, Tensor* weights = nullptr) const;

  /// Whole targets at once (teacher forcing): row target_offsets[b] + t of x is what sequence b
  /// gets in step t, of any lengths in any order, none included -> a row for each, in the same
  /// order. summary: a row for each sequence. `weights` as in step.
  Var operator()(const Var& x, std::span<const Index> target_offsets, const Memory& memory,
                 const Var& summary, Tensor* weights = nullptr) const;

  /// The rows of a state, and the sequences of a memory, named; any may be named more than once, as
  /// the hypotheses of a beam search are. Error(shape) for one that does not exist.
  State select(const State& state, std::span<const Index> rows) const;
  /// The sequences of a memory that are named.
  Memory select(const Memory& memory, std::span<const Index> sequences) const;

  Index output_size() const { return options_.hidden_size; }
  const RecurrentDecoderOptions& options() const { return options_; }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;

 private:
  /// The context of additive, the attentional vector of Luong's: the rows of h that row_offsets
  /// bound look at the sequences of the memory.
  Var look(const Var& h, std::span<const Index> row_offsets, const Memory& memory,
           Tensor* weights) const;
  /// A step up to the read-out of none and additive: gives their context, otherwise the result.
  Var advance(const Var& x, State& state, const Memory& memory, Tensor* weights) const;
  Var read_out(const Var& x, const Var& h, const Var& context) const;
  Var at_once(const Var& x, const PackedSteps& steps, const Memory& memory, const Var& summary,
              Tensor* weights) const;
  Var step_by_step(const Var& x, const PackedSteps& steps, const Memory& memory, const Var& summary,
                   Tensor* weights) const;

  RecurrentDecoderOptions options_;
  Linear start_;
  GRUCell cell_;
  std::optional<AdditiveAttention> additive_;
  std::optional<LuongAttention> luong_;
  std::optional<Linear> readout_;
};

}  // namespace AGATE_NAMESPACE::nn
