#include <agate/io/array.hpp>
#include <cmath>
#include <cstring>
#include <limits>

#include "catch.hpp"

using namespace agate;
using namespace agate::io;

namespace {

template <class T>
Array array_of(DType type, const std::vector<T>& values, std::vector<Index> shape = {}) {
  if (shape.empty()) shape = {std::ssize(values)};
  return {.type = type,
          .shape = shape,
          .bytes = {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)}};
}

std::vector<Real> values_of(const Tensor& t) { return {t.values().begin(), t.values().end()}; }

}  // namespace

TEST_CASE("every element type becomes a tensor") {
  const std::vector<Real> expected{0, 1, 2};
  CHECK(values_of(array_of<double>(DType::f64, {0, 1, 2}).as_tensor("a")) == expected);
  CHECK(values_of(array_of<float>(DType::f32, {0, 1, 2}).as_tensor("a")) == expected);
  CHECK(values_of(array_of<std::uint16_t>(DType::f16, {0, 0x3C00, 0x4000}).as_tensor("a")) ==
        expected);
  CHECK(values_of(array_of<std::uint16_t>(DType::bf16, {0, 0x3F80, 0x4000}).as_tensor("a")) ==
        expected);
  CHECK(values_of(array_of<std::uint64_t>(DType::u64, {0, 1, 2}).as_tensor("a")) == expected);
  CHECK(values_of(array_of<std::uint32_t>(DType::u32, {0, 1, 2}).as_tensor("a")) == expected);
  CHECK(values_of(array_of<std::uint16_t>(DType::u16, {0, 1, 2}).as_tensor("a")) == expected);
  CHECK(values_of(array_of<std::uint8_t>(DType::u8, {0, 1, 2}).as_tensor("a")) == expected);
  const std::vector<Real> negative{-1, 0, 100};
  CHECK(values_of(array_of<std::int64_t>(DType::i64, {-1, 0, 100}).as_tensor("a")) == negative);
  CHECK(values_of(array_of<std::int32_t>(DType::i32, {-1, 0, 100}).as_tensor("a")) == negative);
  CHECK(values_of(array_of<std::int16_t>(DType::i16, {-1, 0, 100}).as_tensor("a")) == negative);
  CHECK(values_of(array_of<std::int8_t>(DType::i8, {-1, 0, 100}).as_tensor("a")) == negative);
  CHECK(values_of(array_of<std::uint8_t>(DType::boolean, {0, 1, 0xFF}).as_tensor("a")) ==
        std::vector<Real>{0, 1, 1});
}

TEST_CASE("every one of the 65536 halves has its value") {
  for (unsigned bits = 0; bits < 65536; ++bits) {
    const Array one = array_of<std::uint16_t>(DType::f16, {static_cast<std::uint16_t>(bits)});
    const double found = static_cast<double>(one.as_tensor("a").item());
    const int exponent = static_cast<int>((bits >> 10) & 31),
              fraction = static_cast<int>(bits & 1023);
    double expected = exponent == 0    ? std::ldexp(fraction, -24)
                      : exponent == 31 ? std::numeric_limits<double>::infinity()
                                       : std::ldexp(1024 + fraction, exponent - 25);
    if (bits & 0x8000) expected = -expected;
    const bool is_nan = exponent == 31 && fraction != 0;
    if (is_nan ? !std::isnan(found)
               : found != expected || std::signbit(found) != std::signbit(expected))
      FAIL("half " << bits << " became " << found);
  }
}

TEST_CASE("shapes are kept: scalars, empty arrays, four dimensions and no more") {
  CHECK(array_of<float>(DType::f32, {5}, {1, 1, 1, 1}).as_tensor("a").shape() == Shape{1, 1, 1, 1});
  const Array scalar{.type = DType::u8, .shape = {}, .bytes = "\x05"};
  CHECK(scalar.as_tensor("a").item() == 5);
  CHECK(scalar.as_tensor("a").shape().rank() == 0);
  CHECK(scalar.as_indices("a") == std::vector<Index>{5});
  const Array empty{.type = DType::f32, .shape = {0, 7}, .bytes = ""};
  CHECK(empty.as_tensor("a").shape() == Shape{0, 7});
  const auto five = refusal([] {
    array_of<float>(DType::f32, {5}, {1, 1, 1, 1, 1}).as_tensor("x.npz: deep");
  });
  CHECK(five.says("x.npz: deep has 5 dimensions, at most 4 are supported"));
  CHECK(five.code == ErrorCode::shape);
}

TEST_CASE("integers and booleans become indices, others are refused") {
  CHECK(array_of<std::int8_t>(DType::i8, {-3, 4}).as_indices("a") == std::vector<Index>{-3, 4});
  CHECK(array_of<std::uint32_t>(DType::u32, {0xFFFFFFFFu}).as_indices("a") ==
        std::vector<Index>{0xFFFFFFFF});
  CHECK(array_of<std::uint8_t>(DType::boolean, {0, 2}).as_indices("a") == std::vector<Index>{0, 1});
  const auto largest = std::uint64_t{std::numeric_limits<Index>::max()};
  CHECK(array_of<std::uint64_t>(DType::u64, {largest}).as_indices("a") ==
        std::vector<Index>{std::numeric_limits<Index>::max()});
  const auto beyond = refusal([&] {
    array_of<std::uint64_t>(DType::u64, {1, largest + 1}).as_indices("x.npz: y");
  });
  CHECK(beyond.says("x.npz: y: element 1 is 9223372036854775808"));
  CHECK(beyond.code == ErrorCode::format);
  const auto floats = refusal([] { array_of<float>(DType::f32, {1}).as_indices("x.npz: y"); });
  CHECK(floats.says("x.npz: y holds F32, expected integers"));
  CHECK(floats.code == ErrorCode::format);
  CHECK(refusal([] { array_of<std::uint16_t>(DType::f16, {1}).as_indices("y"); }).says("F16"));
}

TEST_CASE("bytes that do not fit the shape are refused, whatever its product") {
  const Index huge = Index{1} << 40;
  for (const std::vector<Index>& shape : {std::vector<Index>{2}, {huge, huge}, {-1}, {0}}) {
    const Array bad{.type = DType::f32, .shape = shape, .bytes = "abcd"};
    CHECK(refusal([&] { bad.as_tensor("a"); }).code == ErrorCode::format);
    CHECK(refusal([&] { bad.as_indices("a"); }).code == ErrorCode::format);
  }
  const Array wide{.type = DType::u8, .shape = {huge, huge}, .bytes = ""};
  CHECK(refusal([&] { wide.size(); }).code == ErrorCode::limit);
}

TEST_CASE("tensors and indices become arrays and come back") {
  const Tensor t = Tensor::from({2, 2}, {1, -2, Real(0.1), 4});
  const Array a = Array::from(t);
  CHECK(a.type == (sizeof(Real) == 4 ? DType::f32 : DType::f64));
  CHECK(a.shape == std::vector<Index>{2, 2});
  CHECK(a.size() == 4);
  CHECK(values_of(a.as_tensor("a")) == values_of(t));
  const std::vector<Index> indices{5, -1, Index{1} << 60};
  CHECK(Array::from(indices).as_indices("a") == indices);
  CHECK(Array::from(std::vector<Index>{}).shape == std::vector<Index>{0});
}
