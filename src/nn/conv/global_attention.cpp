#include "nn/conv/global_attention.hpp"

#include <agate/attention/attend.hpp>
#include <agate/core/error.hpp>
#include <agate/nn/linear.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/rows.hpp>
#include <numeric>

namespace AGATE_NAMESPACE::nn {
namespace {

// Exact self-attention with the parameters of torch.nn.MultiheadAttention.
class SelfAttention : public GlobalAttention {
 public:
  SelfAttention(Index channels, Index heads, Real dropout, Random& random)
      : in_weight_{glorot_uniform({3 * channels, channels}, channels, 3 * channels, random)},
        in_bias_{Tensor::zeros({3 * channels})},
        out_({.in = channels, .out = channels}, random),
        heads_(heads),
        dropout_(dropout) {
    out_.bias->value.fill(0);
  }

  Var operator()(const Var& x, const Support& support) const override {
    const Var values = projected(x, 2);
    return out_(attend(ScaledDotScore{projected(x, 0), projected(x, 1), heads_}, support, values,
                       {.dropout = dropout_})
                    .output);
  }

  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override {
    visit(prefix + "in_proj_weight", in_weight_);
    visit(prefix + "in_proj_bias", in_bias_);
    out_.visit_parameters(prefix + "out_proj.", visit);
  }

 private:
  // Queries, keys or values: a third of the rows of the projection.
  Var projected(const Var& x, Index third) const {
    const Index channels = x.cols();
    std::vector<Index> rows(static_cast<std::size_t>(channels));
    std::iota(rows.begin(), rows.end(), third * channels);
    Tape& tape = x.tape();
    const Var bias = reshape(tape.parameter(in_bias_), {3 * channels, 1});
    return add_bias(linear(x, gather_rows(tape.parameter(in_weight_), rows)),
                    gather_rows(bias, rows));
  }

  Parameter in_weight_, in_bias_;
  Linear out_;
  Index heads_;
  Real dropout_;
};

}  // namespace

std::unique_ptr<GlobalAttention> make_global_attention(const std::string& type, Index channels,
                                                       Index heads, Real dropout, Random& random) {
  check(channels >= 1 && heads >= 1 && channels % heads == 0, ErrorCode::value,
        "GPSConv: channels = ", channels, " cannot be shared among heads = ", heads);
  check(type == "multihead", ErrorCode::usage, "GPSConv: attn_type \"", type,
        "\" is not known, expected multihead");
  return std::make_unique<SelfAttention>(channels, heads, dropout, random);
}

}  // namespace AGATE_NAMESPACE::nn
