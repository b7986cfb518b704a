#include "nn/conv/global_attention.hpp"

#include <agate/core/error.hpp>
#include <agate/nn/attention/multihead_attention.hpp>
#include <agate/nn/attention/random_feature_attention.hpp>

namespace AGATE_NAMESPACE::nn {
namespace {

template <class Attention>
class GlobalAttentionOf : public GlobalAttention {
 public:
  explicit GlobalAttentionOf(Attention attention) : attention_(std::move(attention)) {}
  Var operator()(const Var& x, const Support& support) const override {
    if constexpr (requires { attention_(support, x); })
      return attention_(support, x);
    else
      return attention_(x, x, x, support);
  }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override {
    attention_.visit_parameters(prefix, visit);
  }

 private:
  Attention attention_;
};

}  // namespace

std::unique_ptr<GlobalAttention> make_global_attention(const std::string& type, Index channels,
                                                       Index heads, Real dropout, Random& random) {
  check(channels >= 1 && heads >= 1 && channels % heads == 0, ErrorCode::value,
        "GPSConv: channels = ", channels, " cannot be shared among heads = ", heads);
  if (type == "multihead")
    return std::make_unique<GlobalAttentionOf<MultiheadAttention>>(MultiheadAttention(
        {.embed_dim = channels, .num_heads = heads, .dropout = dropout}, random));
  check(type == "rfa", ErrorCode::usage, "GPSConv: attn_type \"", type,
        "\" is not known, expected multihead or rfa");
  return std::make_unique<GlobalAttentionOf<RandomFeatureAttention>>(
      RandomFeatureAttention({.embed_dim = channels, .num_heads = heads}, random));
}

}  // namespace AGATE_NAMESPACE::nn
