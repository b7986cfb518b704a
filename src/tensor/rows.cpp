#include <agate/core/error.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>

#include "tensor/add_rows.hpp"

namespace AGATE_NAMESPACE {

namespace {

void check_rows(std::span<const Index> rows, Index there, const char* name) {
  for (Index i : rows)
    check(i >= 0 && i < there, ErrorCode::shape, name, ": row ", i, " of ", there);
}

}  // namespace

Tensor select_rows(const Tensor& x, std::span<const Index> rows) {
  check_rows(rows, x.rows(), "select_rows");
  Tensor y = Tensor::uninitialized({std::ssize(rows), x.cols()});
  for (Index k = 0; k < y.rows(); ++k) std::copy_n(x.row(rows[k]), x.cols(), y.row(k));
  return y;
}

Var gather_rows(const Var& x, std::vector<Index> rows) {
  check_rows(rows, x.rows(), "gather_rows");
  Tape& tape = x.tape();
  const Index cols = x.cols();
  Tensor y = tape.make({static_cast<Index>(rows.size()), cols});
  parallel_for(tape.threads(), y.rows(), row_grain(cols), [&](Index begin, Index end) {
    for (Index k = begin; k < end; ++k)
      std::copy_n(x.value().row(rows[static_cast<std::size_t>(k)]), cols, y.row(k));
  });
  return tape.record(std::move(y), {&x}, [&] {
    return [&tape, dx = x.gradient(), shape = x.shape(), rows](const Tensor& dy) {
      Tensor sum = dx.sum(shape);
      add_rows(tape, rows, sum.cols(), dy.data(), sum.cols(), sum.data(), sum.cols());
    };
  });
}

Var columns(const Var& x, Index begin, Index end) {
  check(0 <= begin && begin <= end && end <= x.cols(), ErrorCode::shape, "columns: ", begin, " to ",
        end, " of ", x.cols());
  Tape& tape = x.tape();
  const Index n = x.rows(), width = end - begin;
  Tensor y = tape.make({n, width});
  for (Index i = 0; i < n; ++i) std::copy_n(x.value().row(i) + begin, width, y.row(i));
  return tape.record(std::move(y), {&x}, [&] {
    return [dx = x.gradient(), shape = x.shape(), n, begin, width](const Tensor& dy) {
      Tensor sum = dx.sum(shape);
      for (Index i = 0; i < n; ++i)
        for (Index c = 0; c < width; ++c) sum.row(i)[begin + c] += dy.row(i)[c];
    };
  });
}

Var concat(const std::vector<Var>& parts) {
  check(!parts.empty(), ErrorCode::shape, "concat: nothing to put together");
  Tape& tape = parts.front().tape();
  const Index n = parts.front().rows();
  Index cols = 0;
  for (const Var& part : parts) {
    check(part.rows() == n, ErrorCode::shape, "concat: ", part.rows(), " rows beside ", n);
    cols += part.cols();
  }
  Tensor y = tape.make({n, cols});
  Index first = 0;
  for (const Var& part : parts) {
    parallel_for(tape.threads(), n, row_grain(part.cols()), [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i)
        std::copy_n(part.value().row(i), part.cols(), y.row(i) + first);
    });
    first += part.cols();
  }
  std::vector<std::pair<GradientSlot, Shape>> slots;
  const Var* wanted = &parts.front();
  for (const Var& part : parts) {
    slots.emplace_back(part.gradient(), part.shape());
    if (part.requires_grad()) wanted = &part;
  }
  return tape.record(std::move(y), {wanted}, [&] {
    return [&tape, slots, n](const Tensor& dy) {
      Index from = 0;
      for (const auto& [slot, shape] : slots) {
        const Index width = shape.rank() == 0 ? 1 : shape[shape.rank() - 1];
        if (slot.wanted()) {
          Tensor dx = tape.make(shape);
          parallel_for(tape.threads(), n, row_grain(width), [&](Index begin, Index end) {
            for (Index i = begin; i < end; ++i) std::copy_n(dy.row(i) + from, width, dx.row(i));
          });
          slot.add(std::move(dx));
        }
        from += width;
      }
    };
  });
}

Var concat_rows(const std::vector<Var>& parts) {
  // Row after row in memory: the parts as single rows, side by side.
  std::vector<Var> flat;
  Index rows = 0;
  for (const Var& part : parts) {
    check(part.cols() == parts.front().cols(), ErrorCode::shape, "concat_rows: ", part.cols(),
          " columns below ", parts.front().cols());
    flat.push_back(reshape(part, {1, part.value().size()}));
    rows += part.rows();
  }
  const Var together = concat(flat);
  return reshape(together, {rows, parts.front().cols()});
}

Var reshape(const Var& x, Shape shape) {
  return x.tape().record(x.value().reshape(shape), {&x}, [&] {
    return [dx = x.gradient(), from = x.shape()](const Tensor& dy) { dx.add(dy.reshape(from)); };
  });
}

}  // namespace AGATE_NAMESPACE
