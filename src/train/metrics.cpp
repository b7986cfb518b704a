#include <agate/core/error.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/metrics.hpp>
#include <algorithm>
#include <vector>

namespace AGATE_NAMESPACE::train {
namespace {

void check_rows(const char* name, const Tensor& logits, std::span<const int> y,
                std::span<const Index> rows) {
  check(!rows.empty(), ErrorCode::value, name, ": no rows to score");
  check(static_cast<Index>(y.size()) == logits.rows(), ErrorCode::shape, name, ": ", y.size(),
        " labels for ", logits.rows(), " rows");
}

}  // namespace

std::vector<int> predicted_classes(const Tensor& logits) {
  std::vector<int> classes(static_cast<std::size_t>(logits.rows()), -1);
  for (Index i = 0; i < logits.rows(); ++i) {
    const Real* row = logits.row(i);
    const Real* end = row + logits.cols();
    if (row != end && std::none_of(row, end, [](Real v) { return v != v; }))
      classes[static_cast<std::size_t>(i)] = static_cast<int>(std::max_element(row, end) - row);
  }
  return classes;
}

double accuracy(const Tensor& logits, std::span<const int> y, std::span<const Index> rows) {
  check_rows("accuracy", logits, y, rows);
  const auto predicted = predicted_classes(logits);
  Index right = 0;
  for (Index i : rows) right += predicted[i] == y[i];
  return static_cast<double>(right) / static_cast<double>(rows.size());
}

double macro_f1(const Tensor& logits, std::span<const int> y, std::span<const Index> rows) {
  check_rows("macro_f1", logits, y, rows);
  const auto predicted = predicted_classes(logits);
  struct Counts {
    double both = 0, told = 0, true_ones = 0;
  };
  std::vector<Counts> counts(static_cast<std::size_t>(logits.cols()));
  for (Index i : rows) {
    ++counts[y[i]].true_ones;
    if (predicted[i] >= 0) ++counts[predicted[i]].told;
    if (predicted[i] == y[i]) ++counts[y[i]].both;
  }
  double sum = 0;
  int classes = 0;
  for (const auto& [both, told, true_ones] : counts)
    if (true_ones > 0) {
      sum += 2 * both / (told + true_ones);
      ++classes;
    }
  return sum / classes;
}

double cross_entropy_value(const Tensor& logits, std::span<const int> y,
                           std::span<const Index> rows) {
  Tape tape({.record = false});
  return cross_entropy(tape.constant(logits), y, rows).value().item();
}

}  // namespace AGATE_NAMESPACE::train
