#include <agate/nn/linear.hpp>
#include <agate/tensor/dropout.hpp>

#include "models/heads/head.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

// y = lin(dropout(h)). Parameters `lin.*`.
class LinearHead : public Head {
 public:
  LinearHead(const ModelConfig& c, Index width, Random& random)
      : lin_({.in = width, .out = c.out}, random),
        dropout_(c.dropout_per_head ? 0 : static_cast<Real>(c.dropout)) {}
  Var operator()(const Var& h, const Input&, Tensor*) const override {
    return lin_(dropout(h, dropout_));
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    lin_.visit_parameters(prefix + "lin.", visit);
  }

 private:
  nn::Linear lin_;
  Real dropout_;
};

// The last layer has made the output.
class NoHead : public Head {
 public:
  Var operator()(const Var& h, const Input&, Tensor*) const override { return h; }
  void visit_parameters(const std::string&, const nn::ParameterVisitor&) override {}
};

}  // namespace

std::unique_ptr<Head> make_node_head(const ModelConfig& c, Index width, Random& random) {
  if (c.post_linear) return std::make_unique<LinearHead>(c, width, random);
  return std::make_unique<NoHead>();
}

}  // namespace AGATE_NAMESPACE::models
