#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/nn/jumping_knowledge.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/maximum.hpp>
#include <agate/tensor/rows.hpp>
#include <agate/tensor/softmax.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::nn {

const std::vector<std::string>& jumping_knowledge_modes() {
  static const std::vector<std::string> modes{"cat", "max", "lstm"};
  return modes;
}

JumpingKnowledge::JumpingKnowledge(const JumpingKnowledgeOptions& options, Random& random)
    : options_(options) {
  const auto& [mode, channels, num_layers] = options_;
  const auto& known = jumping_knowledge_modes();
  if (std::find(known.begin(), known.end(), mode) == known.end())
    fail(ErrorCode::usage, "JumpingKnowledge: mode \"", mode, "\" is not known",
         suggestion(mode, known));
  if (mode != "lstm") return;
  check(channels >= 1 && num_layers >= 1, ErrorCode::value,
        "JumpingKnowledge: the mode lstm needs channels and num_layers of at least 1, channels = ",
        channels, ", num_layers = ", num_layers);
  const Index hidden = checked_product(num_layers, channels, "num_layers * channels") / 2;
  check(hidden >= 1, ErrorCode::value,
        "JumpingKnowledge: num_layers * channels = ", num_layers * channels,
        ", the mode lstm needs at least 2");
  lstm.emplace(LSTMOptions{.input_size = channels, .hidden_size = hidden, .bidirectional = true},
               random);
  att.emplace(LinearOptions{.in = 2 * hidden, .out = 1}, random);
}

Var JumpingKnowledge::weighted(const std::vector<Var>& xs) const {
  const auto layers = static_cast<std::size_t>(options_.num_layers);
  check(xs.size() == layers, ErrorCode::shape, "JumpingKnowledge: ", xs.size(),
        " representations, expected num_layers = ", layers);
  std::vector<Var> scores;
  for (const Var& h : (*lstm)(xs)) scores.push_back((*att)(h));
  const Var weights = softmax(concat(scores));
  auto part = [&](std::size_t t) {
    const auto column = static_cast<Index>(t);
    return scale_rows(xs[t], columns(weights, column, column + 1));
  };
  Var y = part(0);
  for (std::size_t t = 1; t < xs.size(); ++t) y = add(y, part(t));
  return y;
}

Var JumpingKnowledge::operator()(const std::vector<Var>& xs) const {
  check(!xs.empty(), ErrorCode::shape, "JumpingKnowledge: 0 representations, expected at least 1");
  if (lstm) return weighted(xs);
  if (options_.mode == "cat") return concat(xs);
  Var y = xs.front();
  for (std::size_t t = 1; t < xs.size(); ++t) y = maximum(y, xs[t]);
  return y;
}

void JumpingKnowledge::visit_parameters(const std::string& prefix, const ParameterVisitor& visit) {
  if (lstm) lstm->visit_parameters(prefix + "lstm.", visit);
  if (att) att->visit_parameters(prefix + "att.", visit);
}

}  // namespace AGATE_NAMESPACE::nn
