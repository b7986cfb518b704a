#include <agate/core/error.hpp>
#include <agate/tensor/arithmetic.hpp>

#include "kernels/elementary.hpp"
#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

void check_same(const char* name, const Var& a, const Var& b) {
  check(a.shape() == b.shape(), ErrorCode::shape, name, ": ", a.shape().to_string(), " and ",
        b.shape().to_string(), " differ");
}

Tensor scaled(Tape& tape, const Tensor& x, Real factor) {
  return make_runs(tape, x.shape(), [&](Index at, Index n, Real* to) {
    kernels::scale(n, factor, x.data() + at, to);
  });
}

}  // namespace

Var add(const Var& a, const Var& b) {
  check_same("add", a, b);
  Tape& tape = a.tape();
  Tensor sum = make_runs(tape, a.shape(), [&](Index at, Index n, Real* to) {
    kernels::add(n, a.value().data() + at, b.value().data() + at, to);
  });
  return tape.record(std::move(sum), {&a, &b}, [&] {
    return [da = a.gradient(), db = b.gradient()](const Tensor& dy) {
      da.add(dy);
      db.add(dy);
    };
  });
}

Var subtract(const Var& a, const Var& b) {
  check_same("subtract", a, b);
  Tape& tape = a.tape();
  return tape.record(map(tape, a.value(), b.value(), [](Real x, Real y) { return x - y; }),
                     {&a, &b}, [&] {
                       return [&tape, da = a.gradient(), db = b.gradient()](const Tensor& dy) {
                         da.add(dy);
                         if (db.wanted()) db.add(map(tape, dy, [](Real d) { return -d; }));
                       };
                     });
}

Var multiply(const Var& a, const Var& b) {
  check_same("multiply", a, b);
  Tape& tape = a.tape();
  auto product = [](Real x, Real y) { return x * y; };
  return tape.record(map(tape, a.value(), b.value(), product), {&a, &b}, [&] {
    return [&tape, a, b, product](const Tensor& dy) {
      if (a.requires_grad()) a.gradient().add(map(tape, dy, b.value(), product));
      if (b.requires_grad()) b.gradient().add(map(tape, dy, a.value(), product));
    };
  });
}

Var scale(const Var& x, Real factor) {
  Tape& tape = x.tape();
  return tape.record(scaled(tape, x.value(), factor), {&x}, [&] {
    return [&tape, dx = x.gradient(), factor](const Tensor& dy) {
      if (dx.wanted()) dx.add(scaled(tape, dy, factor));
    };
  });
}

Var scale(const Var& x, const Var& factor) {
  check(factor.value().size() == 1, ErrorCode::shape, "scale: a factor of shape ",
        factor.shape().to_string(), ", expected one element");
  Tape& tape = x.tape();
  const Real f = factor.value().item();
  return tape.record(scaled(tape, x.value(), f), {&x, &factor}, [&] {
    return [&tape, x, factor, f](const Tensor& dy) {
      if (x.requires_grad()) x.gradient().add(scaled(tape, dy, f));
      if (!factor.requires_grad()) return;
      const Tensor products =
          map(tape, dy, x.value(), [](Real d, Real v) { return d * v; }).reshape({dy.size(), 1});
      factor.gradient().add(column_sums(tape, products, factor.shape()));
    };
  });
}

Var scale_rows(const Var& x, const Var& factors) {
  check(factors.value().size() == x.rows(), ErrorCode::shape,
        "scale_rows: ", factors.value().size(), " factors for ", x.rows(), " rows");
  Tape& tape = x.tape();
  const Index cols = x.cols();
  auto by_rows = [&tape, factors, cols](const Tensor& from) {
    Tensor y = tape.make(from.shape());
    parallel_for(tape.threads(), from.rows(), row_grain(cols), [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i)
        for (Index j = 0; j < cols; ++j) y.row(i)[j] = factors.value().data()[i] * from.row(i)[j];
    });
    return y;
  };
  return tape.record(by_rows(x.value()), {&x, &factors}, [&] {
    return [&tape, x, factors, by_rows, cols](const Tensor& dy) {
      if (x.requires_grad()) x.gradient().add(by_rows(dy));
      if (!factors.requires_grad()) return;
      Tensor d = tape.make(factors.shape());
      parallel_for(tape.threads(), x.rows(), row_grain(cols), [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
          Real sum = 0;
          for (Index j = 0; j < cols; ++j) sum += dy.row(i)[j] * x.value().row(i)[j];
          d.data()[i] = sum;
        }
      });
      factors.gradient().add(std::move(d));
    };
  });
}

Var add_bias(const Var& x, const Var& bias) {
  check(bias.value().size() == x.cols(), ErrorCode::shape, "add_bias: ", bias.value().size(),
        " biases for ", x.cols(), " columns");
  Tape& tape = x.tape();
  Tensor y = tape.make(x.shape());
  const Index cols = x.cols();
  parallel_for(tape.threads(), x.rows(), row_grain(cols),
               [=, from = x.value().data(), plus = bias.value().data(), to = y.data()](Index begin,
                                                                                       Index end) {
                 const Index o = begin * cols;
                 kernels::add_row({end - begin, cols, cols}, from + o, plus, to + o);
               });
  return tape.record(std::move(y), {&x, &bias}, [&] {
    return
        [&tape, dx = x.gradient(), db = bias.gradient(), shape = bias.shape()](const Tensor& dy) {
          dx.add(dy);
          if (db.wanted()) db.add(column_sums(tape, dy, shape));
        };
  });
}

}  // namespace AGATE_NAMESPACE
