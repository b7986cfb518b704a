#include <agate/core/error.hpp>
#include <agate/nn/mlp.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/dropout.hpp>
#include <agate/tensor/linear.hpp>

namespace AGATE_NAMESPACE::nn {

MLP::MLP(MLPOptions options, Random& random) : options_(std::move(options)) {
  const auto& [channels, activation, batch_norm, dropout] = options_;
  check(channels.size() >= 2, ErrorCode::value, "MLP: ", channels.size(),
        " channels, expected at least those of the input and of the output");
  check_activation("MLP", activation);
  for (std::size_t l = 0; l + 1 < channels.size(); ++l) {
    linears_.emplace_back(LinearOptions{.in = channels[l], .out = channels[l + 1]}, random);
    if (batch_norm && l + 2 < channels.size())
      norms_.emplace_back(BatchNormOptions{.in_channels = channels[l + 1]});
  }
}

Var MLP::operator()(const Features& x) const {
  const Index in = options_.channels.front();
  check(x.cols() == in, ErrorCode::shape, "MLP: x has ", x.cols(),
        " columns, expected channels[0] = ", in);
  return after_projection(linear(x, x.tape().parameter(first_weight())));
}

Var MLP::after_projection(const Var& z) const {
  Tape& tape = z.tape();
  const bool relu = options_.activation == "relu";
  const auto bias = [&](std::size_t l) { return tape.parameter(*linears_[l].bias); };
  // A norm behind a product adds its bias, too.
  Var h = norms_.empty() ? add_bias(z, bias(0)) : z;
  for (std::size_t l = 1; l < linears_.size(); ++l) {
    if (norms_.empty())
      h = activation(options_.activation, h);
    else if (relu)
      h = norms_[l - 1](h, {.before = bias(l - 1), .relu = true});
    else
      h = activation(options_.activation, norms_[l - 1](h, {.before = bias(l - 1)}));
    const auto x = dropout(h, options_.dropout);
    const bool last = l + 1 == linears_.size();
    h = norms_.empty() || last ? linears_[l](x) : linear(x, tape.parameter(linears_[l].weight));
  }
  return h;
}

void MLP::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  const std::size_t step = norms_.empty() ? 2 : 3;
  for (std::size_t l = 0; l < linears_.size(); ++l) {
    linears_[l].visit_parameters(prefix + std::to_string(step * l) + ".", visit);
    if (l < norms_.size())
      norms_[l].visit_parameters(prefix + std::to_string(step * l + 1) + ".", visit);
  }
}

}  // namespace AGATE_NAMESPACE::nn
