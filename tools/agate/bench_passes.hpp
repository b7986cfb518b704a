#pragma once
// What the workloads of the benchmark are made of.

#include <agate/core/random.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/tensor/tape.hpp>
#include <memory>

#include "bench_workloads.hpp"

namespace tool {

inline agate::Tensor random_tensor(agate::Shape shape) {
  agate::Random random(1);
  agate::Tensor t = agate::Tensor::uninitialized(shape);
  for (agate::Real& v : t.values()) v = static_cast<agate::Real>(random.uniform(-1, 1));
  return t;
}

// Runs forward(tape), and backward from the sum of what it gives.
template <class Forward>
Workload pass(int threads, bool backward, Forward forward) {
  auto tape = std::make_shared<agate::Tape>(
      agate::TapeOptions{.training = backward, .record = backward, .threads = threads});
  return {[tape, forward, backward] {
    const agate::Var y = backward ? agate::sum(forward(*tape)) : forward(*tape);
    if (backward) tape->backward(y);
    tape->reset();
  }};
}

}  // namespace tool
