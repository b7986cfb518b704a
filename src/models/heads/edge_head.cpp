#include <agate/core/error.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/rows.hpp>

#include "models/heads/head.hpp"
#include "models/heads/perceptron.hpp"
#include "nn/link/pair_ends.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

// y = MLP([h_i, h_j, h_i * h_j, e_ij]) of the edge i -> j with the features e_ij. Parameters
// `head.*`.
class EdgeHead : public Head {
 public:
  EdgeHead(const ModelConfig& c, Index width, Random& random)
      : pair_dim_(c.pair_dim), mlp_(perceptron(c, 3 * width + c.pair_dim, width, random)) {}

  Var operator()(const Var& h, const Input& input, Tensor*) const override {
    const auto [sources, targets] = nn::pair_ends("edge head", h, input.pairs);
    std::vector<Var> parts{sources, targets, multiply(sources, targets)};
    if (pair_dim_ > 0) {
      check(input.pair_attr && input.pair_attr->cols() >= pair_dim_, ErrorCode::shape,
            "edge head: pair_attr has ", input.pair_attr ? input.pair_attr->cols() : 0,
            " columns, expected at least pair_dim = ", pair_dim_);
      // What stands behind them, the labels of other edges, is for messages.
      parts.push_back(columns(*input.pair_attr, 0, pair_dim_));
    }
    return mlp_(concat(parts));
  }
  void visit_parameters(const std::string& prefix, const nn::ParameterVisitor& visit) override {
    mlp_.visit_parameters(prefix + "head.", visit);
  }

 private:
  Index pair_dim_;
  nn::MLP mlp_;
};

}  // namespace

std::unique_ptr<Head> make_edge_head(const ModelConfig& c, Index width, Random& random) {
  return std::make_unique<EdgeHead>(c, width, random);
}

}  // namespace AGATE_NAMESPACE::models
