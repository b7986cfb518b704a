#include <agate/nn/attention/external_attention.hpp>
#include <agate/tensor/l1_normalize.hpp>
#include <agate/tensor/segment_softmax.hpp>
#include <array>

namespace AGATE_NAMESPACE::nn {

ExternalAttention::ExternalAttention(const ExternalAttentionOptions& o, Random& random)
    : mk({.in = o.embed_dim, .out = o.slots, .bias = false}, random),
      mv({.in = o.slots, .out = o.embed_dim, .bias = false}, random) {}

Var ExternalAttention::operator()(const Features& x, std::span<const Index> offsets) const {
  return mv(l1_normalize(segment_softmax(mk(x), offsets)));
}

Var ExternalAttention::operator()(const Features& x) const {
  return (*this)(x, std::array<Index, 2>{0, x.rows()});
}

void ExternalAttention::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  mk.visit_parameters(prefix + "mk.", visit);
  mv.visit_parameters(prefix + "mv.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
