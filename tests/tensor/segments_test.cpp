#include <agate/tensor/segment_expand.hpp>
#include <agate/tensor/segment_max.hpp>
#include <agate/tensor/segment_sum.hpp>
#include <cmath>
#include <limits>

#include "catch.hpp"

using namespace agate;

namespace {

bool is(const Tensor& t, std::vector<Real> expected) {
  return t.size() == Index(expected.size()) &&
         std::equal(expected.begin(), expected.end(), t.data());
}

}  // namespace

TEST_CASE("sums, maxima and copies by segments, by hand") {
  const std::vector<Index> offsets{0, 2, 2, 3};
  Tape tape;
  const Var x = tape.constant(Tensor::from({3, 2}, {1, -5, 3, -7, 2, 9}));
  CHECK(is(segment_sum(x, offsets).value(), {4, -12, 0, 0, 2, 9}));
  CHECK(is(segment_max(x, offsets).value(), {3, -5, 0, 0, 2, 9}));
  CHECK(is(segment_expand(x, offsets).value(), {1, -5, 1, -5, 2, 9}));
}

TEST_CASE("the gradient of segment_max goes to the first of equals") {
  Tape tape;
  const Var x = tape.variable(Tensor::from({3, 2}, {4, 1, 4, 2, 0, 2}));
  tape.backward(segment_max(x, std::vector<Index>{0, 3}), Tensor::from({1, 2}, {5, 7}));
  CHECK(is(tape.gradient(x), {5, 0, 0, 7, 0, 0}));
}

TEST_CASE("NaN in a segment reaches its column of that segment only") {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  Tape tape;
  const Var x = tape.constant(Tensor::from({4, 2}, {9, 1, nan, 2, 8, 3, 1, 4}));
  const Tensor y = segment_max(x, std::vector<Index>{0, 3, 4}).value();
  CHECK(std::isnan(y.row(0)[0]));
  CHECK((y.row(0)[1] == 3 && y.row(1)[0] == 1 && y.row(1)[1] == 4));
}

TEST_CASE("segments that do not fit are refused") {
  Tape tape;
  const Var x = tape.constant(Tensor::zeros({3, 2}));
  const std::vector<Index> few{0, 2}, falling{0, 2, 1, 3}, none;
  for (auto* operation : {segment_sum, segment_max}) {
    CHECK(refusal([&] { operation(x, few); }).says("offsets from 0 to 2 for 3 rows"));
    CHECK(refusal([&] { operation(x, none); }).code == ErrorCode::shape);
    CHECK(refusal([&] { operation(x, falling); }).says("offsets fall from 2 to 1"));
  }
  CHECK(refusal([&] { segment_expand(x, few); }).says("x has 3 rows for 1 segments"));
  CHECK(refusal([&] { segment_expand(x, falling); }).code == ErrorCode::value);
  CHECK(refusal([&] { segment_expand(x, none); }).code == ErrorCode::shape);
}
