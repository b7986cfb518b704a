#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/nn/sequence/recurrent_decoder.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/dropout.hpp>
#include <agate/tensor/maximum.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <numeric>

#include "nn/attention/attend_pairs.hpp"
#include "nn/recurrent/packed_steps.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* recurrent_decoder = "RecurrentDecoder";

bool is_luong(DecoderAttention attention) { return attention >= DecoderAttention::dot; }

RecurrentDecoderOptions checked(RecurrentDecoderOptions o) {
  check(o.input_size >= 1 && o.hidden_size >= 1 && o.memory_size >= 1 && o.attention_size >= 0,
        ErrorCode::value, recurrent_decoder, ": input_size = ", o.input_size,
        ", hidden_size = ", o.hidden_size, ", memory_size = ", o.memory_size,
        ", attention_size = ", o.attention_size,
        ", expected at least 1, attention_size at least 0");
  check(!o.input_feeding || is_luong(o.attention), ErrorCode::value, recurrent_decoder,
        ": input_feeding belongs to the attentions dot, general and concat");
  check(o.dropout >= 0 && o.dropout < 1, ErrorCode::value, recurrent_decoder,
        ": dropout = ", o.dropout, ", expected 0 or more and less than 1");
  if (o.attention_size == 0) o.attention_size = o.hidden_size;
  return o;
}

// Columns of what the GRU gets in a step.
Index cell_input(const RecurrentDecoderOptions& o) {
  if (!is_luong(o.attention)) return o.input_size + o.memory_size;
  return o.input_size + (o.input_feeding ? o.hidden_size : 0);
}

LuongScore luong_score(DecoderAttention attention) {
  if (attention == DecoderAttention::dot) return LuongScore::dot;
  return attention == DecoderAttention::general ? LuongScore::general : LuongScore::concat;
}

// What each row paid the keys of its own sequence, from what it paid all.
Tensor own_weights(const Tensor& all, std::span<const Index> row_offsets,
                   const DecoderMemory& memory) {
  const Index keys = memory.offsets.back();
  Tensor own = Tensor::zeros({row_offsets.back(), memory.longest()});
  for (std::size_t b = 0; b + 1 < row_offsets.size(); ++b)
    for (Index r = row_offsets[b]; r < row_offsets[b + 1]; ++r)
      std::copy_n(all.data() + r * keys + memory.offsets[b],
                  memory.offsets[b + 1] - memory.offsets[b], own.row(r));
  return own;
}

Var first_rows(const Var& x, Index count) {
  if (x.rows() == count) return x;
  std::vector<Index> rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), 0);
  return gather_rows(x, std::move(rows));
}

}  // namespace

const std::vector<std::string>& decoder_attention_names() {
  static const std::vector<std::string> names{"none", "additive", "dot", "general", "concat"};
  return names;
}

DecoderAttention decoder_attention(const std::string& wanted) {
  const auto& names = decoder_attention_names();
  const auto found = std::find(names.begin(), names.end(), wanted);
  check(found != names.end(), ErrorCode::usage, "attention \"", wanted, "\" is unknown",
        suggestion(wanted, names));
  return static_cast<DecoderAttention>(found - names.begin());
}

Index DecoderMemory::longest() const {
  Index most = 0;
  for (std::size_t b = 0; b + 1 < offsets.size(); ++b)
    most = std::max(most, offsets[b + 1] - offsets[b]);
  return most;
}

RecurrentDecoder::RecurrentDecoder(const RecurrentDecoderOptions& options, Random& random)
    : options_(checked(options)),
      start_({.in = options_.memory_size, .out = options_.hidden_size}, random),
      cell_({.input_size = cell_input(options_), .hidden_size = options_.hidden_size}, random) {
  const auto& o = options_;
  if (o.attention == DecoderAttention::additive)
    additive_.emplace(
        AdditiveAttentionOptions{
            .query_dim = o.hidden_size, .key_dim = o.memory_size, .hidden = o.attention_size},
        random);
  if (is_luong(o.attention))
    luong_.emplace(LuongAttentionOptions{.query_dim = o.hidden_size,
                                         .key_dim = o.memory_size,
                                         .score = luong_score(o.attention),
                                         .hidden = o.attention_size,
                                         .attentional = o.hidden_size},
                   random);
  else
    readout_.emplace(
        LinearOptions{.in = o.hidden_size + o.memory_size + o.input_size, .out = 2 * o.hidden_size},
        random);
}

RecurrentDecoder::Memory RecurrentDecoder::remember(const Var& encodings,
                                                    std::span<const Index> offsets) const {
  check_columns(recurrent_decoder, "encodings", encodings, "memory_size", options_.memory_size);
  check_offsets(recurrent_decoder, offsets, encodings.rows());
  const Var keys = additive_ ? additive_->W_k(encodings)
                   : luong_  ? luong_->project_keys(encodings)
                             : encodings;
  return {encodings, keys, std::vector<Index>(offsets.begin(), offsets.end())};
}

RecurrentDecoder::State RecurrentDecoder::start(const Var& summary) const {
  check_columns(recurrent_decoder, "summary", summary, "memory_size", options_.memory_size);
  State state{tanh(start_(summary))};
  if (options_.attention == DecoderAttention::none) state.fed = summary;
  if (options_.input_feeding) {
    Tape& tape = summary.tape();
    state.fed = tape.constant(Tensor::zeros({summary.rows(), options_.hidden_size}, &tape.pool()));
  }
  return state;
}

Var RecurrentDecoder::look(const Var& h, std::span<const Index> row_offsets, const Memory& memory,
                           Tensor* weights) const {
  const Support support = Support::segments(row_offsets, memory.offsets);
  PairArgs args{.weights = weights};
  const Var looked =
      additive_ ? additive_->with_projected_keys(h, memory.keys, memory.encodings, support, args)
                : luong_->with_projected_keys(h, memory.keys, memory.encodings, support, args);
  if (weights) *weights = own_weights(*weights, row_offsets, memory);
  return looked;
}

Var RecurrentDecoder::advance(const Var& x, State& state, const Memory& memory,
                              Tensor* weights) const {
  check_columns(recurrent_decoder, "x", x, "input_size", options_.input_size);
  const bool takes_more = options_.attention == DecoderAttention::none || options_.input_feeding;
  check(state.fed.has_value() == takes_more, ErrorCode::value, recurrent_decoder,
        ": the state is one of another decoder, it was not made by start()");
  const Index rows = x.rows();
  check(rows <= state.h.rows() && rows <= memory.sequences(), ErrorCode::shape, recurrent_decoder,
        ": x has ", rows, " rows for a state of ", state.h.rows(), " and a memory of ",
        memory.sequences(), " sequences");
  state.h = first_rows(state.h, rows);
  if (state.fed) state.fed = first_rows(*state.fed, rows);
  std::vector<Index> row_offsets;
  for (Index b = 0; b <= memory.sequences(); ++b) row_offsets.push_back(std::min(b, rows));
  if (luong_) {
    state.h = cell_(state.fed ? concat({x, *state.fed}) : x, state.h);
    const Var y = look(state.h, row_offsets, memory, weights);
    if (state.fed) state.fed = y;
    return y;
  }
  if (!additive_ && weights) *weights = Tensor::zeros({rows, memory.longest()});
  const Var context = additive_ ? look(state.h, row_offsets, memory, weights) : *state.fed;
  state.h = cell_(concat({x, context}), state.h);
  return context;
}

Var RecurrentDecoder::read_out(const Var& x, const Var& h, const Var& context) const {
  const Var both = (*readout_)(concat({h, context, x}));
  const Index half = options_.hidden_size;
  return maximum(columns(both, 0, half), columns(both, half, 2 * half));
}

Var RecurrentDecoder::step(const Var& x, State& state, const Memory& memory,
                           Tensor* weights) const {
  const Var looked = advance(x, state, memory, weights);
  return dropout(luong_ ? looked : read_out(x, state.h, looked), options_.dropout);
}

RecurrentDecoder::State RecurrentDecoder::select(const State& state,
                                                 std::span<const Index> rows) const {
  const std::vector<Index> list(rows.begin(), rows.end());
  State chosen{gather_rows(state.h, list)};
  if (state.fed) chosen.fed = gather_rows(*state.fed, list);
  return chosen;
}

RecurrentDecoder::Memory RecurrentDecoder::select(const Memory& memory,
                                                  std::span<const Index> sequences) const {
  std::vector<Index> rows, offsets{0};
  for (const Index b : sequences) {
    check(b >= 0 && b < memory.sequences(), ErrorCode::shape, recurrent_decoder, ": sequence ", b,
          " of ", memory.sequences());
    for (Index r = memory.offsets[std::size_t(b)]; r < memory.offsets[std::size_t(b) + 1]; ++r)
      rows.push_back(r);
    offsets.push_back(std::ssize(rows));
  }
  const Var encodings = gather_rows(memory.encodings, rows);
  const bool own_keys = additive_ || options_.attention == DecoderAttention::concat;
  return {encodings, own_keys ? gather_rows(memory.keys, rows) : encodings, std::move(offsets)};
}

void RecurrentDecoder::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  start_.visit_parameters(prefix + "start.", visit);
  cell_.visit_parameters(prefix + "cell.", visit);
  if (additive_) additive_->visit_parameters(prefix + "attention.", visit);
  if (luong_) luong_->visit_parameters(prefix + "attention.", visit);
  if (readout_) readout_->visit_parameters(prefix + "readout.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
