#include <agate/core/error.hpp>
#include <agate/nn/pool/basic_aggregation.hpp>
#include <agate/tensor/rows.hpp>
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

// Each column by itself: a graph has one row to put together, its nodes have many.
Var BasicAggregation::side_by_side(const std::vector<Var>& parts,
                                   std::span<const Index> offsets) const {
  std::vector<Var> of_graphs;
  Index columns = 0;
  for (const Var& part : parts) {
    of_graphs.push_back(operation_(part, offsets));
    columns += part.cols();
  }
  check(columns == channels_, ErrorCode::shape, name_, ": the parts have ", columns,
        " columns, expected channels = ", channels_);
  return concat(of_graphs);
}

SumAggregation::SumAggregation(Index channels)
    : BasicAggregation("SumAggregation", channels, segment_sum) {}
MeanAggregation::MeanAggregation(Index channels)
    : BasicAggregation("MeanAggregation", channels, segment_mean) {}
MaxAggregation::MaxAggregation(Index channels)
    : BasicAggregation("MaxAggregation", channels, segment_max) {}

}  // namespace AGATE_NAMESPACE::nn
