// Attention to memories and to channels, written out.
#include <agate/nn/attention/external_attention.hpp>
#include <agate/nn/attention/squeeze_excitation.hpp>
#include <array>
#include <cmath>

#include "catch.hpp"
#include "operation_table.hpp"

using namespace agate;

namespace {

double product(const Real* row, const Tensor& weight, Index out) {
  double sum = 0;
  for (Index c = 0; c < weight.cols(); ++c) sum += double(row[c]) * weight.row(out)[c];
  return sum;
}

const std::array<Index, 4> row_offsets{0, 3, 3, 8};

}  // namespace

TEST_CASE("ExternalAttention is softmax over the rows of a segment, then a share of each slot") {
  Random random(1);
  const Index width = 5, slots = 4;
  const nn::ExternalAttention attention({.embed_dim = width, .slots = slots}, random);
  const Tensor x = table::example({8, width}, 0);
  Tape tape;
  const Tensor y = attention(tape.constant(x), row_offsets).value();
  for (std::size_t b = 0; b + 1 < row_offsets.size(); ++b)
    for (Index i = row_offsets[b]; i < row_offsets[b + 1]; ++i) {
      double a[slots], total = 0;
      for (Index s = 0; s < slots; ++s) {
        double sum = 0;
        for (Index k = row_offsets[b]; k < row_offsets[b + 1]; ++k)
          sum += std::exp(product(x.row(k), attention.mk.weight.value, s));
        total += a[s] = std::exp(product(x.row(i), attention.mk.weight.value, s)) / sum;
      }
      for (Index c = 0; c < width; ++c) {
        double expected = 0;
        for (Index s = 0; s < slots; ++s)
          expected += a[s] / total * attention.mv.weight.value.row(c)[s];
        CHECK(y.row(i)[c] == Approx(expected).margin(1e-5));
      }
    }
  CHECK(attention(tape.constant(x)).shape() == x.shape());
}

TEST_CASE("SqueezeExcitation scales the channels by what the mean of the segment says") {
  Random random(1);
  const Index width = 6;
  const nn::SqueezeExcitation attention({.channels = width, .reduction = 3}, random);
  CHECK(attention.fc1.weight.value.shape() == Shape{2, width});
  const Tensor x = table::example({8, width}, 0);
  Tape tape;
  const Tensor y = attention(tape.constant(x), row_offsets).value();
  for (std::size_t b = 0; b + 1 < row_offsets.size(); ++b) {
    Real mean[width] = {}, hidden[2];
    for (Index i = row_offsets[b]; i < row_offsets[b + 1]; ++i)
      for (Index c = 0; c < width; ++c)
        mean[c] += x.row(i)[c] / static_cast<Real>(row_offsets[b + 1] - row_offsets[b]);
    for (Index r = 0; r < 2; ++r)
      hidden[r] = static_cast<Real>(std::max(
          0.0, product(mean, attention.fc1.weight.value, r) + attention.fc1.bias->value.data()[r]));
    for (Index c = 0; c < width; ++c) {
      const double logit =
          product(hidden, attention.fc2.weight.value, c) + attention.fc2.bias->value.data()[c];
      for (Index i = row_offsets[b]; i < row_offsets[b + 1]; ++i)
        CHECK(y.row(i)[c] == Approx(x.row(i)[c] / (1 + std::exp(-logit))).margin(1e-5));
    }
  }
  CHECK(attention(tape.constant(x)).shape() == x.shape());
}

TEST_CASE("segments that do not fit the rows, and layers of no size, are refused") {
  Random random(1);
  const nn::ExternalAttention external({.embed_dim = 5}, random);
  const nn::SqueezeExcitation squeeze({.channels = 5}, random);
  CHECK(squeeze.fc1.weight.value.shape() == Shape{1, 5});
  Tape tape;
  const Var x = tape.constant(Tensor::zeros({9, 5})), wide = tape.constant(Tensor::zeros({9, 6}));
  CHECK(refusal([&] { external(x, row_offsets); }).says("0 to 8 for 9 rows"));
  CHECK(refusal([&] { squeeze(x, row_offsets); }).says("0 to 8 for 9 rows"));
  const std::array<Index, 3> falling{0, 12, 9};
  CHECK(refusal([&] { squeeze(x, falling); }).says("fall from 12 to 9"));
  CHECK(refusal([&] { external(wide); }).says("x has 6 columns"));
  CHECK(refusal([&] { squeeze(wide); }).says("x has 6 columns"));
  CHECK(refusal([&] {
          nn::SqueezeExcitation({.channels = 5, .reduction = 0}, random);
        }).says("reduction = 0"));
  CHECK(refusal([&] { nn::ExternalAttention({.embed_dim = 5, .slots = 0}, random); }).code ==
        ErrorCode::value);
}
