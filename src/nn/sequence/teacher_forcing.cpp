// RecurrentDecoder over whole targets.

#include <agate/core/error.hpp>
#include <agate/nn/sequence/recurrent_decoder.hpp>
#include <agate/tensor/dropout.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <numeric>

#include "nn/attention/attend_pairs.hpp"
#include "nn/recurrent/packed_steps.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr const char* decoder = "RecurrentDecoder";

// The sequence of each row.
std::vector<Index> owners(std::span<const Index> offsets) {
  std::vector<Index> owners;
  for (std::size_t b = 0; b + 1 < offsets.size(); ++b)
    owners.resize(static_cast<std::size_t>(offsets[b + 1]), static_cast<Index>(b));
  return owners;
}

}  // namespace

// Where nothing of a step but the state goes into the next one, all steps of the GRU are one
// operation, and the attention of all rows another.
Var RecurrentDecoder::at_once(const Var& x, const PackedSteps& steps, const Memory& memory,
                              const Var& summary, Tensor* weights) const {
  std::optional<Var> context;
  if (!luong_) context = gather_rows(summary, owners(steps.offsets));
  const Var input = context ? concat({x, *context}) : x;
  const Var first = gather_rows(start(summary).h, steps.order);
  const Var h = gather_rows(cell_.unroll(gather_rows(input, steps.rows()), first, steps.counts),
                            steps.places());
  if (luong_) return look(h, steps.offsets, memory, weights);
  if (weights) *weights = Tensor::zeros({x.rows(), memory.longest()});
  return read_out(x, h, *context);
}

// The longest target first, so that a step works on those that go on.
Var RecurrentDecoder::step_by_step(const Var& x, const PackedSteps& steps, const Memory& memory,
                                   const Var& summary, Tensor* weights) const {
  const bool sorted = std::is_sorted(steps.order.begin(), steps.order.end());
  const Memory ordered = sorted ? memory : select(memory, steps.order);
  State state = start(sorted ? summary : gather_rows(summary, steps.order));
  const std::vector<Index> places = steps.places(), from = steps.rows();
  Tensor paid;
  if (weights) *weights = Tensor::zeros({x.rows(), memory.longest()});
  std::vector<Var> states, looked;
  auto row = from.begin();
  for (const Index count : steps.counts) {
    const std::vector<Index> rows(row, row + count);
    row += count;
    looked.push_back(advance(gather_rows(x, rows), state, ordered, weights ? &paid : nullptr));
    states.push_back(state.h);
    for (Index r = 0; weights && r < count; ++r)
      std::copy_n(paid.row(r), paid.cols(), weights->row(rows[static_cast<std::size_t>(r)]));
  }
  const Var all = gather_rows(concat_rows(looked), places);
  return luong_ ? all : read_out(x, gather_rows(concat_rows(states), places), all);
}

Var RecurrentDecoder::operator()(const Var& x, std::span<const Index> target_offsets,
                                 const Memory& memory, const Var& summary, Tensor* weights) const {
  check_columns(decoder, "x", x, "input_size", options_.input_size);
  const PackedSteps steps(decoder, target_offsets, x.rows());
  const auto sequences = std::ssize(steps.order);
  check(memory.sequences() == sequences && summary.rows() == sequences, ErrorCode::shape, decoder,
        ": ", sequences, " targets, a memory of ", memory.sequences(), " sequences and ",
        summary.rows(), " summaries");
  if (x.rows() == 0) {
    if (weights) *weights = Tensor::zeros({0, memory.longest()});
    return x.tape().constant(Tensor::zeros({0, output_size()}));
  }
  const Var y = additive_ || options_.input_feeding
                    ? step_by_step(x, steps, memory, summary, weights)
                    : at_once(x, steps, memory, summary, weights);
  return dropout(y, options_.dropout);
}

}  // namespace AGATE_NAMESPACE::nn
