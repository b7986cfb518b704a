#include <agate/attention/memory_access.hpp>
#include <agate/core/parallel.hpp>
#include <algorithm>

#include "attention/memory_loops.hpp"

namespace AGATE_NAMESPACE {

Var memory_read(const Var& memory, const Var& weights, const MemoryHeads& heads) {
  constexpr const char* name = "memory_read";
  check_memory_heads(name, heads);
  const Index n = memory.rows(), rows = heads.rows, columns = heads.columns;
  check_memory_input(name, "memory", memory, rows * columns, n);
  check_memory_input(name, "weights", weights, heads.all() * rows, n);
  Tape& tape = memory.tape();
  Tensor y = tape.make_zeros({n, heads.read * columns});
  parallel_for(tape.threads(), n, sequence_grain(heads), [&](Index begin, Index end) {
    for (Index b = begin; b < end; ++b)
      for (Index h = 0; h < heads.read; ++h)
        for (Index i = 0; i < rows; ++i)
          add_times(columns, weights.value().row(b)[h * rows + i],
                    memory.value().row(b) + i * columns, y.row(b) + h * columns);
  });
  return tape.record(std::move(y), {&memory, &weights}, [&] {
    return [&tape, memory, weights, heads, rows, columns](const Tensor& dy) {
      Tensor dm, dw;
      if (memory.requires_grad()) dm = memory.gradient().sum(memory.shape());
      if (weights.requires_grad()) dw = weights.gradient().sum(weights.shape());
      parallel_for(tape.threads(), dy.rows(), sequence_grain(heads), [&](Index begin, Index end) {
        for (Index b = begin; b < end; ++b)
          for (Index h = 0; h < heads.read; ++h)
            for (Index i = 0; i < rows; ++i) {
              const Real* d = dy.row(b) + h * columns;
              if (!dw.empty())
                dw.row(b)[h * rows + i] += dot_of(columns, d, memory.value().row(b) + i * columns);
              if (!dm.empty())
                add_times(columns, weights.value().row(b)[h * rows + i], d,
                          dm.row(b) + i * columns);
            }
      });
    };
  });
}

}  // namespace AGATE_NAMESPACE
