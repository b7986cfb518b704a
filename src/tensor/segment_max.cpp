#include <agate/tensor/segment_max.hpp>
#include <array>

#include "tensor/segments.hpp"

namespace AGATE_NAMESPACE {
namespace {

Tensor greatest(Tape& tape, const Tensor& x, std::span<const Index> offsets) {
  const Index cols = x.cols();
  Tensor y = tape.make({std::ssize(offsets) - 1, cols});
  for_strips(tape, offsets, cols, [&](const Strip& s) {
    Real* most = y.row(s.segment);
    for (Index c = s.first_column; c < s.last_column; ++c)
      most[c] = s.begin < s.end ? x.row(s.begin)[c] : Real(0);
    for (Index i = s.begin + 1; i < s.end; ++i) {
      const Real* row = x.row(i);
      // A NaN is taken, and never left again.
      for (Index c = s.first_column; c < s.last_column; ++c)
        most[c] = row[c] > most[c] || row[c] != row[c] ? row[c] : most[c];
    }
  });
  return y;
}

}  // namespace

Var segment_max(const Var& x, std::span<const Index> offsets) {
  check_segments("segment_max", offsets, x.rows());
  Tape& tape = x.tape();
  Tensor y = greatest(tape, x.value(), offsets);
  return tape.record(y, {&x}, [&] {
    return
        [&tape, x, y, kept = std::vector<Index>(offsets.begin(), offsets.end())](const Tensor& dy) {
          Tensor d = tape.make(x.shape());
          for_strips(tape, kept, x.cols(), [&](const Strip& s) {
            const Index first = s.first_column, width = s.last_column - first;
            // What no row has taken yet: the first that equals the greatest takes all of it.
            std::array<Real, strip_width> left;
            std::copy_n(dy.row(s.segment) + first, width, left.begin());
            const Real* most = y.row(s.segment) + first;
            for (Index i = s.begin; i < s.end; ++i) {
              const Real* row = x.value().row(i) + first;
              Real* to = d.row(i) + first;
              for (Index c = 0; c < width; ++c) {
                const bool taken = row[c] == most[c];
                to[c] = taken ? left[c] : Real(0);
                left[c] = taken ? Real(0) : left[c];
              }
            }
          });
          x.gradient().add(std::move(d));
        };
  });
}

}  // namespace AGATE_NAMESPACE
