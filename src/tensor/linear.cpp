#include <agate/core/error.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>

#include "kernels/gemm.hpp"
#include "kernels/sparse_product.hpp"
#include "tensor/elementwise.hpp"
#include "tensor/sparse_rows.hpp"
#include "tensor/turned.hpp"

namespace AGATE_NAMESPACE {
namespace {

// The rows of the transpose that a's entries name; the others are of undefined value.
Tensor transposed_for(Tape& tape, const Tensor& x, const SparseMatrix& a) {
  // Of a few nodes' features few columns are seen, and the whole weight is much to turn.
  if (a.nonzeros() >= a.cols()) return transposed(tape, x);
  Tensor y = tape.make({x.cols(), x.rows()});
  std::vector<bool> done(static_cast<std::size_t>(x.cols()));
  for (const NodeId j : a.columns()) {
    if (done[static_cast<std::size_t>(j)]) continue;
    done[static_cast<std::size_t>(j)] = true;
    for (Index i = 0; i < x.rows(); ++i) y.row(j)[i] = x.row(i)[j];
  }
  return y;
}

kernels::Mask as_mask(const DropoutMask& m) {
  return {m.key(), m.threshold(), m.kept_scale(), m.active()};
}

/// The products of one group of outputs: the columns [first, first + out) of y, the rows of W.
struct Group {
  Index first, out;
  DropoutMask mask;
};

std::vector<Group> groups_of(const Features& x, Index out) {
  const auto count = static_cast<Index>(x.masks().size());
  if (count == 0) return {{0, out, {}}};
  check(out % count == 0, ErrorCode::shape, "linear: ", out, " outputs cannot be shared among ",
        count, " dropout groups");
  std::vector<Group> groups;
  for (Index g = 0; g < count; ++g)
    groups.push_back({g * out / count, out / count, x.masks()[static_cast<std::size_t>(g)]});
  return groups;
}

Tensor dropped(Tape& tape, const Tensor& x, const DropoutMask& mask) {
  if (!mask.active()) return x;
  Tensor y = tape.make(x.shape());
  parallel_for(tape.threads(), x.size(), elementwise_grain, [&](Index begin, Index end) {
    kernels::dropout(as_mask(mask), begin, end - begin, x.data() + begin, y.data() + begin);
  });
  return y;
}

Var dense_linear(const Features& features, const Var& weight, const Var* bias) {
  const Var& x = features.dense();
  Tape& tape = x.tape();
  const Index n = x.rows(), in = x.cols(), out = weight.rows();
  const auto groups = groups_of(features, out);
  Tensor y = tape.make({n, out});
  const TurnedWeight w(tape, weight.value(), n);
  for (const Group& g : groups)
    kernels::gemm(tape.threads(), n, g.out, in, {dropped(tape, x.value(), g.mask).data(), in},
                  w.from(g.first), false, y.data() + g.first, out,
                  bias ? bias->value().data() + g.first : nullptr);
  return tape.record(std::move(y), {&x, &weight, bias ? bias : &weight}, [&] {
    return [&tape, x, weight, groups, n, in, out, db = bias ? bias->gradient() : GradientSlot(),
            shape = bias ? bias->shape() : Shape()](const Tensor& dy) {
      if (db.wanted()) db.add(column_sums(tape, dy, shape));
      if (weight.requires_grad()) {
        Tensor dw = tape.make(weight.shape());
        for (const Group& g : groups)
          kernels::gemm_tall(tape.threads(), tape.pool(), g.out, in, n, {dy.data() + g.first, out},
                             {dropped(tape, x.value(), g.mask).data(), in}, dw.row(g.first), in);
        weight.gradient().add(std::move(dw));
      }
      if (!x.requires_grad()) return;
      for (const Group& g : groups) {
        Tensor dx = tape.make(x.shape());
        kernels::gemm(tape.threads(), n, in, g.out, {dy.data() + g.first, out},
                      {weight.value().row(g.first), in}, false, dx.data(), in);
        x.gradient().add(dropped(tape, dx, g.mask));
      }
    };
  });
}

kernels::SparseProduct product_of(const SparseMatrix& a, const Features& features,
                                  const Tensor& table) {
  // Every group has the same rate; one key serves all, because each group draws its own words.
  const auto& masks = features.masks();
  const Index groups = std::max<Index>(1, static_cast<Index>(masks.size()));
  return {.rows = a.rows(),
          .offsets = a.offsets().data(),
          .columns = a.columns().data(),
          .values = a.values().data(),
          .mask = masks.empty() ? kernels::Mask{} : as_mask(masks.front()),
          .groups = groups,
          .channels = table.cols() / groups,
          .table = table.data()};
}

kernels::SparseProduct transposed(kernels::SparseProduct product, const SparseMatrix& a) {
  const SparseMatrix::Transpose& t = a.transpose();
  product.rows = a.cols();
  product.offsets = t.offsets.data();
  product.columns = t.rows.data();
  product.positions = t.positions.data();
  return product;
}

Var sparse_linear(const Features& x, const Var& weight) {
  Tape& tape = x.tape();
  const Index out = weight.rows();
  groups_of(x, out);
  Tensor y = tape.make({x.rows(), out});
  kernels::sparse_product(
      tape.threads(), product_of(x.sparse(), x, transposed_for(tape, weight.value(), x.sparse())),
      y.data());
  return tape.record(std::move(y), {&weight}, [&] {
    return [&tape, x, dw = weight.gradient()](const Tensor& dy) {
      Tensor dwt = tape.make({x.cols(), dy.cols()});
      kernels::sparse_product(tape.threads(), transposed(product_of(x.sparse(), x, dy), x.sparse()),
                              dwt.data());
      dw.add(transposed(tape, dwt));
    };
  });
}

// For every entry (i, j) of a, dy(i) . b(j): the gradients of its values.
Tensor entry_dots(Tape& tape, const SparseMatrix& a, const Tensor& dy, const Tensor& b,
                  const Shape& shape) {
  Tensor dots = tape.make(shape);
  const Index cols = b.cols();
  for_rows(tape, a.offsets(), cols, [&](Index i) {
    for (Index p = a.offsets()[i]; p < a.offsets()[i + 1]; ++p) {
      const Real* row = b.row(a.columns()[p]);
      Real dot = 0;
      for (Index c = 0; c < cols; ++c) dot += dy.row(i)[c] * row[c];
      dots.data()[p] = dot;
    }
  });
  return dots;
}

}  // namespace

Var matmul(const Var& a, const Var& b) {
  const Index m = a.rows(), k = a.cols(), n = b.cols();
  check(k == b.rows(), ErrorCode::shape, "matmul: ", a.shape().to_string(), " times ",
        b.shape().to_string());
  Tape& tape = a.tape();
  Tensor y = tape.make({m, n});
  kernels::gemm(tape.threads(), m, n, k, {a.value().data(), k}, {b.value().data(), n}, false,
                y.data(), n);
  return tape.record(std::move(y), {&a, &b}, [&] {
    return [&tape, a, b, m, n, k](const Tensor& dy) {
      if (a.requires_grad()) {
        Tensor da = tape.make(a.shape());
        kernels::gemm(tape.threads(), m, k, n, {dy.data(), n}, {b.value().data(), n, true}, false,
                      da.data(), k);
        a.gradient().add(std::move(da));
      }
      if (b.requires_grad()) {
        Tensor db = tape.make(b.shape());
        kernels::gemm_tall(tape.threads(), tape.pool(), k, n, m, {a.value().data(), k},
                           {dy.data(), n}, db.data(), n);
        b.gradient().add(std::move(db));
      }
    };
  });
}

Var head_matmul(const Var& x, const Var& weight, Index heads) {
  const Index n = x.rows(), width = x.cols(), to = weight.cols(), width_to = heads * to;
  check(heads >= 1 && width % heads == 0 && weight.rows() == width, ErrorCode::shape,
        "head_matmul: ", x.shape().to_string(), " times ", weight.shape().to_string(), " in ",
        heads, " heads");
  Tape& tape = x.tape();
  const Index from = width / heads;
  Tensor y = tape.make({n, width_to});
  for (Index h = 0; h < heads; ++h)
    kernels::gemm(tape.threads(), n, to, from, {x.value().data() + h * from, width},
                  {weight.value().row(h * from), to}, false, y.data() + h * to, width_to);
  return tape.record(std::move(y), {&x, &weight}, [&] {
    return [&tape, x, weight, n, width, heads, from, to, width_to](const Tensor& dy) {
      Tensor dx = x.requires_grad() ? tape.make(x.shape()) : Tensor();
      Tensor dw = weight.requires_grad() ? tape.make(weight.shape()) : Tensor();
      for (Index h = 0; h < heads; ++h) {
        const kernels::Matrix dy_h{dy.data() + h * to, width_to};
        if (!dx.empty())
          kernels::gemm(tape.threads(), n, from, to, dy_h, {weight.value().row(h * from), to, true},
                        false, dx.data() + h * from, width);
        if (!dw.empty())
          kernels::gemm_tall(tape.threads(), tape.pool(), from, to, n,
                             {x.value().data() + h * from, width}, dy_h, dw.row(h * from), to);
      }
      if (!dx.empty()) x.gradient().add(std::move(dx));
      if (!dw.empty()) weight.gradient().add(std::move(dw));
    };
  });
}

Var transpose(const Var& x) {
  Tape& tape = x.tape();
  return tape.record(transposed(tape, x.value()), {&x}, [&] {
    return [&tape, dx = x.gradient()](const Tensor& dy) { dx.add(transposed(tape, dy)); };
  });
}

Var linear(const Features& x, const Var& weight) {
  check(x.cols() == weight.cols(), ErrorCode::shape, "linear: x has ", x.cols(),
        " columns, expected ", weight.cols());
  return x.is_sparse() ? sparse_linear(x, weight) : dense_linear(x, weight, nullptr);
}

Var linear(const Features& x, const Var& weight, const Var& bias) {
  if (x.is_sparse()) return add_bias(linear(x, weight), bias);
  check(x.cols() == weight.cols(), ErrorCode::shape, "linear: x has ", x.cols(),
        " columns, expected ", weight.cols());
  check(bias.value().size() == weight.rows(), ErrorCode::shape, "linear: ", bias.value().size(),
        " biases for ", weight.rows(), " outputs");
  return dense_linear(x, weight, &bias);
}

Var sparse_matmul(const SparseMatrix& a, const Var& b) {
  check(a.cols() == b.rows(), ErrorCode::shape, "sparse_matmul: ", a.rows(), " x ", a.cols(),
        " times ", b.shape().to_string());
  Tape& tape = b.tape();
  const Features plain(tape, a);
  Tensor y = tape.make({a.rows(), b.cols()});
  kernels::sparse_product(tape.threads(), product_of(a, plain, b.value()), y.data());
  return tape.record(std::move(y), {&b}, [&] {
    return [&tape, a, plain, db = b.gradient()](const Tensor& dy) {
      Tensor result = tape.make({a.cols(), dy.cols()});
      kernels::sparse_product(tape.threads(), transposed(product_of(a, plain, dy), a),
                              result.data());
      db.add(std::move(result));
    };
  });
}

Var shifted_matmul(const SparseMatrix& a, const Var& shift, const Var& b) {
  check(a.rows() == a.cols() && a.cols() == b.rows() && shift.value().size() == 1, ErrorCode::shape,
        "shifted_matmul: ", a.rows(), " x ", a.cols(), " with ", shift.value().size(),
        " shifts, times ", b.shape().to_string());
  Tape& tape = b.tape();
  const auto product = [a, shift, plain = Features(tape, a)](const Tensor& table) {
    kernels::SparseProduct p = product_of(a, plain, table);
    p.shift = shift.value().data();
    return p;
  };
  Tensor y = tape.make(b.shape());
  kernels::sparse_product(tape.threads(), product(b.value()), y.data());
  return tape.record(std::move(y), {&shift, &b}, [&] {
    return [&tape, a, shift, b, product](const Tensor& dy) {
      if (shift.requires_grad()) {
        const Tensor products =
            map(tape, dy, b.value(), [](Real d, Real v) { return d * v; }).reshape({dy.size(), 1});
        shift.gradient().add(column_sums(tape, products, shift.shape()));
      }
      if (!b.requires_grad()) return;
      Tensor db = tape.make(b.shape());
      kernels::sparse_product(tape.threads(), transposed(product(dy), a), db.data());
      b.gradient().add(std::move(db));
    };
  });
}

Var sparse_matmul(const SparseMatrix& a, const Var& values, const Var& b) {
  check(a.cols() == b.rows() && values.value().size() == a.nonzeros(), ErrorCode::shape,
        "sparse_matmul: ", a.rows(), " x ", a.cols(), " with ", values.value().size(),
        " values for ", a.nonzeros(), " entries, times ", b.shape().to_string());
  Tape& tape = b.tape();
  const auto product = [a, values, plain = Features(tape, a)](const Tensor& table) {
    kernels::SparseProduct p = product_of(a, plain, table);
    p.values = values.value().data();
    return p;
  };
  Tensor y = tape.make({a.rows(), b.cols()});
  kernels::sparse_product(tape.threads(), product(b.value()), y.data());
  return tape.record(std::move(y), {&values, &b}, [&] {
    return [&tape, a, values, b, product](const Tensor& dy) {
      if (values.requires_grad())
        values.gradient().add(entry_dots(tape, a, dy, b.value(), values.shape()));
      if (!b.requires_grad()) return;
      Tensor db = tape.make(b.shape());
      kernels::sparse_product(tape.threads(), transposed(product(dy), a), db.data());
      b.gradient().add(std::move(db));
    };
  });
}

}  // namespace AGATE_NAMESPACE
