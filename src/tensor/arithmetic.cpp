#include <agate/core/error.hpp>
#include <agate/tensor/arithmetic.hpp>

#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

void check_same(const char* name, const Var& a, const Var& b) {
  check(a.shape() == b.shape(), ErrorCode::shape, name, ": ", a.shape().to_string(), " and ",
        b.shape().to_string(), " differ");
}

}  // namespace

Var add(const Var& a, const Var& b) {
  check_same("add", a, b);
  Tape& tape = a.tape();
  return tape.record(map(tape, a.value(), b.value(), [](Real x, Real y) { return x + y; }),
                     {&a, &b}, [&] {
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
  auto times = [factor](Real v) { return factor * v; };
  return tape.record(map(tape, x.value(), times), {&x}, [&] {
    return [&tape, dx = x.gradient(), times](const Tensor& dy) { dx.add(map(tape, dy, times)); };
  });
}

Var scale(const Var& x, const Var& factor) {
  check(factor.value().size() == 1, ErrorCode::shape, "scale: a factor of shape ",
        factor.shape().to_string(), ", expected one element");
  Tape& tape = x.tape();
  const Real f = factor.value().item();
  auto times = [f](Real v) { return f * v; };
  return tape.record(map(tape, x.value(), times), {&x, &factor}, [&] {
    return [&tape, x, factor, times](const Tensor& dy) {
      if (x.requires_grad()) x.gradient().add(map(tape, dy, times));
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
  auto scaled = [&tape, factors, cols](const Tensor& from) {
    Tensor y = tape.make(from.shape());
    parallel_for(tape.threads(), from.rows(), row_grain(cols), [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i)
        for (Index j = 0; j < cols; ++j) y.row(i)[j] = factors.value().data()[i] * from.row(i)[j];
    });
    return y;
  };
  return tape.record(scaled(x.value()), {&x, &factors}, [&] {
    return [&tape, x, factors, scaled, cols](const Tensor& dy) {
      if (x.requires_grad()) x.gradient().add(scaled(dy));
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
                 for (Index i = begin * cols; i < end * cols; i += cols)
                   for (Index j = 0; j < cols; ++j) to[i + j] = from[i + j] + plus[j];
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
