#include <agate/core/error.hpp>
#include <agate/tensor/dropout.hpp>

#include "kernels/elementary.hpp"
#include "tensor/elementwise.hpp"

namespace AGATE_NAMESPACE {
namespace {

// Less than elsewhere: the random numbers cost several times what a product does.
constexpr Index dropout_grain = elementwise_grain / 4;

}  // namespace

DropoutMask::DropoutMask(Tape& tape, Real p, const char* name) {
  check(p >= 0 && p < 1, ErrorCode::value, name, ": dropout p = ", p, ", expected 0 <= p < 1");
  if (!tape.training() || p == 0) return;
  key_ = tape.next_random();
  threshold_ = static_cast<std::uint32_t>(static_cast<double>(p) * 0x1p32);
  scale_ = 1 / (1 - p);
  active_ = true;
}

Var dropout(const Var& x, Real p) {
  Tape& tape = x.tape();
  const DropoutMask mask(tape, p, "dropout");
  if (!mask.active()) return x;
  const kernels::Mask kernel_mask{mask.key(), mask.threshold(), mask.kept_scale(), true};
  auto apply = [&tape, kernel_mask](const Tensor& from) {
    Tensor to = tape.make(from.shape());
    parallel_for(tape.threads(), from.size(), dropout_grain, [&](Index begin, Index end) {
      kernels::dropout(kernel_mask, begin, end - begin, from.data() + begin, to.data() + begin);
    });
    return to;
  };
  return tape.record(apply(x.value()), {&x}, [&] {
    return [dx = x.gradient(), apply](const Tensor& dy) { dx.add(apply(dy)); };
  });
}

}  // namespace AGATE_NAMESPACE
