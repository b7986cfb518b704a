#include <agate/nn/attention/additive_attention.hpp>
#include <agate/nn/attention/cross_attention.hpp>
#include <agate/nn/attention/dot_product_attention.hpp>
#include <agate/nn/attention/kernel_attention.hpp>
#include <agate/nn/attention/luong_attention.hpp>
#include <agate/nn/attention/self_attention.hpp>

#include "nn/layer_gradients.hpp"
#include "nn/layer_with_inputs.hpp"

using namespace agate;

namespace {

const std::vector<Index> query_offsets{0, 2, 5}, key_offsets{0, 4, 6};

std::vector<Support> supports() {
  const auto segments = Support::segments(query_offsets, key_offsets);
  return {segments, Support::segments(query_offsets, key_offsets, true), segments.to_graph()};
}

Tensor rows(Index count, Index columns) {
  return table::example({count, columns}, static_cast<std::uint32_t>(count + columns));
}

// For each support the gradients of the parameters and of the inputs.
template <class Layer>
void check_on_supports(const std::string& name, Layer& layer, const std::vector<Tensor>& inputs,
                       const std::function<Var(const std::vector<Var>&, const Support&)>& run) {
  for (const Support& support : supports()) {
    LayerWithInputs all(layer, inputs);
    check_gradients(name, all, [&](Tape& tape) {
      std::vector<Var> v;
      for (std::size_t k = 0; k < inputs.size(); ++k) v.push_back(all.input(tape, k));
      return run(v, support);
    });
  }
}

}  // namespace

TEST_CASE("gradients of the attention modules agree with central differences") {
  using Vars = const std::vector<Var>&;
  Random random(4);
  nn::DotProductAttention dot({.heads = 2, .dropout = 0.3});
  check_on_supports("DotProductAttention", dot, {rows(5, 6), rows(6, 6), rows(6, 4)},
                    [&](Vars v, const Support& s) { return dot(v[0], v[1], v[2], s); });
  for (const Index out : {0, 3}) {
    nn::CrossAttention cross({.in = 5,
                              .in_context = 4,
                              .channels = 3,
                              .heads = 2,
                              .out = out,
                              .dropout = out > 0 ? 0.3 : 0},
                             random);
    check_on_supports("CrossAttention", cross, {rows(5, 5), rows(6, 4)},
                      [&](Vars v, const Support& s) { return cross(v[0], v[1], s); });
  }
  nn::AdditiveAttention additive({.query_dim = 3, .key_dim = 4, .hidden = 5, .dropout = 0.3},
                                 random);
  check_on_supports("AdditiveAttention", additive, {rows(5, 3), rows(6, 4), rows(6, 2)},
                    [&](Vars v, const Support& s) { return additive(v[0], v[1], v[2], s); });
  nn::KernelAttention kernel({.bandwidth = 1.5, .learn_bandwidth = true});
  check_on_supports("KernelAttention", kernel, {rows(5, 3), rows(6, 3), rows(6, 2)},
                    [&](Vars v, const Support& s) { return kernel(v[0], v[1], v[2], s); });
}

TEST_CASE("gradients of SelfAttention agree with central differences") {
  Random random(4);
  nn::SelfAttention layer({.in = 5, .channels = 2, .heads = 3, .out = 4}, random);
  LayerWithInputs all(layer, {rows(6, 5)});
  check_gradients("SelfAttention", all, [&](Tape& tape) {
    return layer(all.input(tape, 0), Support::segments(key_offsets, true));
  });
}

TEST_CASE("gradients of LuongAttention agree with central differences") {
  Random random(4);
  for (const auto score : {nn::LuongScore::dot, nn::LuongScore::general, nn::LuongScore::concat})
    for (const Index attentional : {0, 3}) {
      const Index key_dim = score == nn::LuongScore::dot ? 4 : 5;
      nn::LuongAttention layer({.query_dim = 4,
                                .key_dim = key_dim,
                                .score = score,
                                .hidden = 6,
                                .attentional = attentional,
                                .dropout = 0.2},
                               random);
      check_on_supports(
          "LuongAttention", layer, {rows(5, 4), rows(6, key_dim)},
          [&](const std::vector<Var>& v, const Support& s) { return layer(v[0], v[1], s); });
    }
}
