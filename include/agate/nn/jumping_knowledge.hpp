#pragma once
/// \file
/// JumpingKnowledge: Xu et al., "Representation Learning on Graphs with Jumping Knowledge
/// Networks", ICML 2018: what all layers found, not the last one alone.

#include <agate/nn/linear.hpp>
#include <agate/nn/recurrent/lstm.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::nn {

/// PyTorch Geometric's arguments.
struct JumpingKnowledgeOptions {
  std::string mode = "cat";  ///< a name of jumping_knowledge_modes()
  Index channels = 0;        ///< of each representation; the mode lstm needs it
  Index num_layers = 0;      ///< representations; the mode lstm needs it
};

/// cat, max, lstm.
const std::vector<std::string>& jumping_knowledge_modes();

/// Of the representations x_1 .. x_T of the nodes, which T layers made,
///   cat   [x_1, ..., x_T], side by side
///   max   the greatest of each channel
///   lstm  sum over t of a_t x_t, a = softmax over t of att(h_t), with the states h of a
///         bidirectional LSTM over x_1, ..., x_T of num_layers * channels / 2 channels a direction.
///
/// T times n x channels -> n x channels, of cat n x the sum of their columns. Parameters of lstm:
/// `lstm.*` (those of LSTM) and `att.*`; of the others none. Of equals the gradient of max goes to
/// the first. Error(usage) for another mode, Error(value) for lstm without channels or num_layers,
/// Error(shape) when the representations do not fit each other or, for lstm, the options.
class JumpingKnowledge : public Module {
 public:
  JumpingKnowledge(const JumpingKnowledgeOptions& options, Random& random);

  Var operator()(const std::vector<Var>& xs) const;
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  const JumpingKnowledgeOptions& options() const { return options_; }

  std::optional<LSTM> lstm;
  std::optional<Linear> att;

 private:
  Var weighted(const std::vector<Var>& xs) const;

  JumpingKnowledgeOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
