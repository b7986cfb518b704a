#pragma once
/// \file
/// RecurrentCell: what the cells of recurrent networks have in common, their sizes and parameters.

#include <agate/nn/module.hpp>
#include <agate/tensor/features.hpp>
#include <optional>

namespace AGATE_NAMESPACE::nn {

/// The arguments of torch.nn.LSTMCell and torch.nn.GRUCell.
struct RecurrentCellOptions {
  Index input_size = 0, hidden_size = 0;  ///< both at least 1
  bool bias = true;
};

/// Parameters under torch's names: `weight_ih` (gates * hidden_size, input_size), `weight_hh`
/// (gates * hidden_size, hidden_size), `bias_ih`, `bias_hh` (gates * hidden_size), one gate after
/// the other; all start uniform in +-1 / sqrt(hidden_size).
class RecurrentCell : public Module {
 public:
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override;
  /// The names with a suffix, as torch.nn.LSTM has them: `weight_ih_l0`, `bias_hh_l1_reverse`.
  void visit_parameters(const std::string& prefix, const std::string& suffix,
                        const ParameterVisitor& visit);
  const RecurrentCellOptions& options() const { return options_; }

  Parameter weight_ih, weight_hh;
  std::optional<Parameter> bias_ih, bias_hh;

 protected:
  /// `name`, which must stay, begins what is said of errors. Error(value) for sizes below 1.
  RecurrentCell(const char* name, Index gates, const RecurrentCellOptions& options, Random& random);
  /// Error(shape) when x or a part of that shape of a state does not fit the sizes or each other.
  void check_step(const Features& x, const Shape& state) const;
  /// Error(shape) when x or a part of a first state does not fit the sizes.
  void check_sizes(const Features& x, const Shape& state) const;
  /// A constant of `rows` x hidden_size zeros.
  Var zeros(Tape& tape, Index rows) const;

 private:
  const char* name_;
  RecurrentCellOptions options_;
};

}  // namespace AGATE_NAMESPACE::nn
