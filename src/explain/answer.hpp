#pragma once
// The number that explanations explain.

#include <agate/data/dataset.hpp>

namespace AGATE_NAMESPACE::explain {

// The answer y of a row of outputs in column c: the number predicted, the logit of a label or of a
// link, or the log-odds of a class; with `slope` (as many as outputs) also dy / doutput.
double answer(const data::Dataset& dataset, const Real* row, Index outputs, Index c, Real* slope);

// What changes are measured in: probabilities, or numbers.
double on_scale(const data::Dataset& dataset, double y);

// "attribution: method ... is not known" unless it is among attribution_methods() or, for items,
// `mask`.
void check_method(const std::string& method, const std::vector<std::string>& known);

}  // namespace AGATE_NAMESPACE::explain
