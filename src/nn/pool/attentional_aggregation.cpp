#include <agate/core/error.hpp>
#include <agate/nn/pool/attentional_aggregation.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/segment_softmax.hpp>
#include <agate/tensor/segment_sum.hpp>

namespace AGATE_NAMESPACE::nn {
namespace {

using Network = AttentionalAggregation::Network;

struct Width {
  Index in, out;
};

Width width(const Network& network) {
  if (const Linear* linear = std::get_if<Linear>(&network))
    return {linear->weight.value.cols(), linear->weight.value.rows()};
  const auto& channels = std::get<MLP>(network).options().channels;
  return {channels.front(), channels.back()};
}

Var run(const Network& network, const Var& x) {
  return std::visit([&](const auto& of) { return of(x); }, network);
}

void visit_network(Network& network, const std::string& prefix, const ParameterVisitor& visit) {
  std::visit([&](auto& of) { of.visit_parameters(prefix, visit); }, network);
}

}  // namespace

AttentionalAggregation::AttentionalAggregation(Network gate, std::optional<Network> network)
    : gate_nn(std::move(gate)), nn(std::move(network)) {
  const Width of_gate = width(gate_nn);
  check(!nn || width(*nn).in == of_gate.in, ErrorCode::shape,
        "AttentionalAggregation: gate_nn takes ", of_gate.in, " columns, nn ",
        nn ? width(*nn).in : 0);
  check(of_gate.out == 1 || of_gate.out == out_channels(), ErrorCode::shape,
        "AttentionalAggregation: gate_nn makes ", of_gate.out, " columns, expected 1 or ",
        out_channels());
}

Index AttentionalAggregation::out_channels() const {
  return nn ? width(*nn).out : width(gate_nn).in;
}

Var AttentionalAggregation::with_weights(const Var& x, std::span<const Index> offsets,
                                         Tensor* weights) const {
  const Width of_gate = width(gate_nn);
  check(x.cols() == of_gate.in, ErrorCode::shape, "AttentionalAggregation: x has ", x.cols(),
        " columns, expected as many as gate_nn takes, ", of_gate.in);
  const Var gate = segment_softmax(run(gate_nn, x), offsets);
  if (weights) *weights = gate.value();
  const Var values = nn ? run(*nn, x) : x;
  return segment_sum(
      of_gate.out == values.cols() ? multiply(values, gate) : scale_rows(values, gate), offsets);
}

void AttentionalAggregation::visit_parameters(const std::string& prefix,
                                              const ParameterVisitor& visit) {
  visit_network(gate_nn, prefix + "gate_nn.", visit);
  if (nn) visit_network(*nn, prefix + "nn.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
