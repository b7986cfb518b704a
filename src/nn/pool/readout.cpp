#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/nn/pool/attentional_aggregation.hpp>
#include <agate/nn/pool/attentive_fp_readout.hpp>
#include <agate/nn/pool/basic_aggregation.hpp>
#include <agate/nn/pool/graph_multiset_transformer.hpp>
#include <agate/nn/pool/readout.hpp>
#include <agate/nn/pool/set2set.hpp>

namespace AGATE_NAMESPACE::nn {

Var Readout::with_weights(const Var& x, std::span<const Index> offsets, Tensor*) const {
  return (*this)(x, offsets);
}

Var Readout::of_part(const Var&, std::span<const Index>) const {
  fail(ErrorCode::unsupported, "readout: it looks at all columns of a row together");
}

const std::vector<std::string>& readout_names() {
  static const std::vector<std::string> names{"sum",     "mean",      "max",         "attention",
                                              "set2set", "multihead", "attentive_fp"};
  return names;
}

std::unique_ptr<Readout> make_readout(const std::string& name, Index channels, Random& random,
                                      const ReadoutOptions& options) {
  if (name == "sum") return std::make_unique<SumAggregation>(channels);
  if (name == "mean") return std::make_unique<MeanAggregation>(channels);
  if (name == "max") return std::make_unique<MaxAggregation>(channels);
  if (name == "attention")
    return std::make_unique<AttentionalAggregation>(Linear({.in = channels, .out = 1}, random));
  if (name == "set2set")
    return std::make_unique<Set2Set>(Set2SetOptions{.in_channels = channels}, random);
  if (name == "multihead")
    return std::make_unique<GraphMultisetTransformer>(
        GraphMultisetTransformerOptions{
            .channels = channels, .heads = channels % 4 == 0 ? 4 : 1, .layer_norm = true},
        random);
  if (name == "attentive_fp")
    return std::make_unique<AttentiveFPReadout>(
        AttentiveFPReadoutOptions{.channels = channels,
                                  .num_timesteps = options.timesteps,
                                  .dropout = options.dropout,
                                  .attention_dropout = options.attention_dropout},
        random);
  fail(ErrorCode::usage, "readout \"", name, "\" is not known", suggestion(name, readout_names()));
}

}  // namespace AGATE_NAMESPACE::nn
