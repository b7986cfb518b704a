#include <agate/core/error.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/reductions.hpp>
#include <algorithm>
#include <numeric>

#include "kernels/head_dots.hpp"
#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

void check_heads(const char* name, const Var& x, Index heads) {
  check(heads >= 1 && x.cols() % heads == 0, ErrorCode::shape, name, ": ", x.cols(),
        " columns cannot be shared among ", heads, " heads");
}

}  // namespace

Var sum(const Var& x) {
  Tape& tape = x.tape();
  const Index size = x.value().size();
  std::vector<Real> partial(static_cast<std::size_t>(chunk_count(size, elementwise_grain)));
  parallel_for(tape.threads(), size, elementwise_grain,
               [&, from = x.value().data()](Index begin, Index end) {
                 // Side by side: additions need not wait for each other.
                 constexpr Index lanes = 16;
                 Real sums[lanes] = {};
                 Index i = begin;
                 for (; i + lanes <= end; i += lanes)
                   for (Index l = 0; l < lanes; ++l) sums[l] += from[i + l];
                 for (; i < end; ++i) sums[0] += from[i];
                 partial[begin / elementwise_grain] = std::accumulate(sums, sums + lanes, Real(0));
               });
  Tensor total = tape.make({1});
  total.fill(std::accumulate(partial.begin(), partial.end(), Real(0)));
  return tape.record(std::move(total), {&x}, [&] {
    return [&tape, dx = x.gradient(), shape = x.shape()](const Tensor& dy) {
      Tensor all = tape.make(shape);
      parallel_for(tape.threads(), all.size(), elementwise_grain,
                   [to = all.data(), d = dy.item()](Index begin, Index end) {
                     std::fill(to + begin, to + end, d);
                   });
      dx.add(std::move(all));
    };
  });
}

Var mean(const Var& x) {
  return scale(sum(x), Real(1) / static_cast<Real>(std::max<Index>(1, x.value().size())));
}

Var mean_heads(const Var& x, Index heads) {
  check_heads("mean_heads", x, heads);
  if (heads == 1) return x;
  Tape& tape = x.tape();
  const Index channels = x.cols() / heads;
  const Real share = Real(1) / static_cast<Real>(heads);
  Tensor y = tape.make_zeros({x.rows(), channels});
  parallel_for(tape.threads(), x.rows(), row_grain(x.cols()), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      for (Index h = 0; h < heads; ++h)
        for (Index c = 0; c < channels; ++c)
          y.row(i)[c] += share * x.value().row(i)[h * channels + c];
  });
  return tape.record(std::move(y), {&x}, [&] {
    return [&tape, dx = x.gradient(), shape = x.shape(), heads, channels, share](const Tensor& dy) {
      Tensor spread = tape.make(shape);
      parallel_for(tape.threads(), dy.rows(), row_grain(spread.cols()),
                   [&](Index begin, Index end) {
                     for (Index i = begin; i < end; ++i)
                       for (Index h = 0; h < heads; ++h)
                         for (Index c = 0; c < channels; ++c)
                           spread.row(i)[h * channels + c] = share * dy.row(i)[c];
                   });
      dx.add(std::move(spread));
    };
  });
}

Var head_dot(const Var& x, const Var& vector, Index heads) {
  check_heads("head_dot", x, heads);
  check(vector.value().size() == x.cols(), ErrorCode::shape, "head_dot: a vector of ",
        vector.value().size(), " elements for ", x.cols(), " columns");
  Tape& tape = x.tape();
  const Index channels = x.cols() / heads, grain = std::max<Index>(256, row_grain(x.cols()));
  Tensor y = tape.make({x.rows(), heads});
  parallel_for(tape.threads(), x.rows(), grain, [&](Index begin, Index end) {
    kernels::head_dots(begin, end, heads, channels, x.value().data(), vector.value().data(), 0,
                       y.data(), heads);
  });
  return tape.record(std::move(y), {&x, &vector}, [&] {
    return [&tape, x, vector, heads, channels, grain](const Tensor& dy) {
      const Index n = x.rows(), width = x.cols();
      Tensor dx = x.requires_grad() ? x.gradient().sum(x.shape()) : Tensor();
      Tensor partial = tape.make_zeros({std::max<Index>(1, chunk_count(n, grain)), width});
      parallel_for(tape.threads(), n, grain, [&](Index begin, Index end) {
        kernels::head_dots_backward(begin, end, heads, channels, x.value().data(),
                                    vector.value().data(), dy.data(),
                                    dx.empty() ? nullptr : dx.data(), partial.row(begin / grain));
      });
      vector.gradient().add(column_sums(tape, partial, vector.shape()));
    };
  });
}

}  // namespace AGATE_NAMESPACE
