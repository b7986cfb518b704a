#pragma once
/// \file
/// SumAggregation, MeanAggregation, MaxAggregation: the readouts without parameters.

#include <agate/nn/pool/readout.hpp>

namespace AGATE_NAMESPACE::nn {

/// What the three share: as many columns come out as go in. Error(value) for channels below 1.
class BasicAggregation : public Readout {
 public:
  Var operator()(const Var& x, std::span<const Index> offsets) const override;
  bool by_column() const override { return true; }
  Var of_part(const Var& columns, std::span<const Index> offsets) const override;
  Index out_channels() const override { return channels_; }
  void visit_parameters(const std::string&, const ParameterVisitor&) override {}

 protected:
  using Operation = Var (*)(const Var& x, std::span<const Index> offsets);
  BasicAggregation(const char* name, Index channels, Operation operation);

 private:
  const char* name_;
  Index channels_;
  Operation operation_;
};

/// The sum over the nodes of each graph; zeros for a graph without nodes.
class SumAggregation : public BasicAggregation {
 public:
  explicit SumAggregation(Index channels);
};

/// The mean over the nodes of each graph; zeros for a graph without nodes.
class MeanAggregation : public BasicAggregation {
 public:
  explicit MeanAggregation(Index channels);
};

/// The greatest of each column over the nodes of each graph; zeros for a graph without nodes. See
/// segment_max of agate/tensor/segment_max.hpp for the gradient.
class MaxAggregation : public BasicAggregation {
 public:
  explicit MaxAggregation(Index channels);
};

}  // namespace AGATE_NAMESPACE::nn
