#include <agate/core/error.hpp>
#include <agate/nn/pool/basic_aggregation.hpp>
#include <agate/tensor/segment_max.hpp>
#include <agate/tensor/segment_mean.hpp>
#include <agate/tensor/segment_sum.hpp>

namespace AGATE_NAMESPACE::nn {

BasicAggregation::BasicAggregation(const char* name, Index channels, Operation operation)
    : name_(name), channels_(channels), operation_(operation) {
  check(channels >= 1, ErrorCode::value, name, ": channels = ", channels, ", expected at least 1");
}

Var BasicAggregation::operator()(const Var& x, std::span<const Index> offsets) const {
  check(x.cols() == channels_, ErrorCode::shape, name_, ": x has ", x.cols(),
        " columns, expected channels = ", channels_);
  return operation_(x, offsets);
}

Var BasicAggregation::of_part(const Var& columns, std::span<const Index> offsets) const {
  return operation_(columns, offsets);
}

SumAggregation::SumAggregation(Index channels)
    : BasicAggregation("SumAggregation", channels, segment_sum) {}
MeanAggregation::MeanAggregation(Index channels)
    : BasicAggregation("MeanAggregation", channels, segment_mean) {}
MaxAggregation::MaxAggregation(Index channels)
    : BasicAggregation("MaxAggregation", channels, segment_max) {}

}  // namespace AGATE_NAMESPACE::nn
