#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/nn/norm/batch_norm.hpp>
#include <agate/nn/norm/graph_norm.hpp>
#include <agate/nn/norm/layer_norm.hpp>
#include <agate/nn/norm/norm.hpp>
#include <agate/tensor/activations.hpp>
#include <type_traits>

namespace AGATE_NAMESPACE::nn {
namespace {

template <class Kind>
class NormOf : public Norm {
 public:
  explicit NormOf(Kind norm) : norm_(std::move(norm)) {}
  Var operator()(const Var& x, std::span<const Index> offsets) const override {
    if constexpr (requires { norm_(x, offsets); })
      return norm_(x, offsets);
    else
      return norm_(x);
  }
  Var activated(const std::string& activation, const Var& x,
                std::span<const Index> offsets) const override {
    if constexpr (std::is_same_v<Kind, BatchNorm>)
      if (activation == "relu") return norm_(x, {.before = {}, .relu = true});
    return Norm::activated(activation, x, offsets);
  }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override {
    norm_.visit_parameters(prefix, visit);
  }

 private:
  Kind norm_;
};

template <class Kind>
std::unique_ptr<Norm> norm(Kind kind) {
  return std::make_unique<NormOf<Kind>>(std::move(kind));
}

}  // namespace

Var Norm::activated(const std::string& name, const Var& x, std::span<const Index> offsets) const {
  return activation(name, (*this)(x, offsets));
}

const std::vector<std::string>& norm_names() {
  static const std::vector<std::string> names{"none", "batch", "layer", "graph"};
  return names;
}

std::unique_ptr<Norm> make_norm(const std::string& name, Index channels) {
  if (name == "none") return nullptr;
  if (name == "batch") return norm(BatchNorm({.in_channels = channels}));
  if (name == "layer") return norm(LayerNorm({.in_channels = channels}));
  if (name == "graph") return norm(GraphNorm({.in_channels = channels}));
  fail(ErrorCode::usage, "norm \"", name, "\" is not known", suggestion(name, norm_names()));
}

}  // namespace AGATE_NAMESPACE::nn
