#pragma once
/// \file
/// How good predictions are.

#include <agate/tensor/tensor.hpp>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// The class with the largest logit of each row; the lowest of equals; -1 for a row with NaN.
std::vector<int> predicted_classes(const Tensor& logits);

/// The share of the rows named whose predicted class is y. Error(value) when none is named.
double accuracy(const Tensor& logits, std::span<const int> y, std::span<const Index> rows);

/// The mean over the classes that occur in y of 2 TP / (2 TP + FP + FN), over the rows named.
double macro_f1(const Tensor& logits, std::span<const int> y, std::span<const Index> rows);

/// The mean of -log softmax(logits)(i, y[i]) over the rows named.
double cross_entropy_value(const Tensor& logits, std::span<const int> y,
                           std::span<const Index> rows);

}  // namespace AGATE_NAMESPACE::train
