#pragma once
// Rows that stand step after step; see recurrent_steps.hpp.

#include <agate/core/error.hpp>
#include <algorithm>
#include <span>
#include <vector>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {

class StepRows {
 public:
  // Throws unless counts do not rise, are all of the rows, and there is a first state for each.
  StepRows(const char* name, std::span<const Index> counts, Index rows, Index states)
      : counts_(counts.begin(), counts.end()), starts_(1) {
    for (std::size_t t = 0; t < counts.size(); ++t) {
      const Index before = t == 0 ? states : counts[t - 1];
      check(counts[t] >= 1 && counts[t] <= before, ErrorCode::value, name, ": ", counts[t],
            " rows in step ", t, ", expected 1 to ", before);
      starts_.push_back(starts_.back() + counts[t]);
    }
    check(starts_.back() == rows, ErrorCode::shape, name, ": ", rows, " rows for steps of ",
          starts_.back());
  }

  Index steps() const { return static_cast<Index>(counts_.size()); }
  Index sequences() const { return counts_.empty() ? 0 : counts_.front(); }
  Index start(Index t) const { return starts_[static_cast<std::size_t>(t)]; }
  // Of the sequences from `begin` on and before `end`, those with a step t.
  Index alive(Index t, Index begin, Index end) const {
    return std::max<Index>(0, std::min(end, counts_[static_cast<std::size_t>(t)]) - begin);
  }

  // Sequences that go through all steps together on one thread: enough for the products, and few
  // enough that threads find work.
  Index block() const { return std::clamp<Index>(sequences() / 16 / 16 * 16, 32, 256); }
  // Calls body(begin, end) for the blocks.
  template <class Body>
  void for_blocks(Tape& tape, Body&& body) const {
    parallel_for(tape.threads(), sequences(), block(), body);
  }

  // The states before each row: those of the first step from `first`, the others from the rows of
  // `after` that their sequence had one step before, of which they are the first columns.
  Tensor states_before(Tape& tape, const Tensor& first, const Tensor& after) const {
    const Index width = first.cols();
    Tensor before = tape.make({starts_.back(), width});
    for_blocks(tape, [&](Index begin, Index end) {
      for (Index t = 0; t < steps(); ++t)
        for (Index r = begin, last = begin + alive(t, begin, end); r < last; ++r)
          std::copy_n(t == 0 ? first.row(r) : after.row(start(t - 1) + r), width,
                      before.row(start(t) + r));
    });
    return before;
  }

 private:
  std::vector<Index> counts_, starts_;
};

}  // namespace AGATE_NAMESPACE
