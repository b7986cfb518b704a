#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/metrics.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

namespace AGATE_NAMESPACE::train {
namespace {

void check_rows(const char* name, const Tensor& logits, std::span<const int> y,
                std::span<const Index> rows) {
  check(!rows.empty(), ErrorCode::value, name, ": no rows to score");
  check(static_cast<Index>(y.size()) == logits.rows(), ErrorCode::shape, name, ": ", y.size(),
        " labels for ", logits.rows(), " rows");
}

/// Decisions between two answers.
struct Counts {
  double both = 0, told = 0, true_ones = 0;
  double f1() const { return told + true_ones > 0 ? 2 * both / (told + true_ones) : 0; }
};

/// The scores of one question and its known answers.
struct Question {
  std::vector<double> scores;
  std::vector<char> answers;
  bool has_both() const {
    return std::ranges::count(answers, 1) > 0 && std::ranges::count(answers, 0) > 0;
  }
  template <class Metric>
  double by(Metric metric) const {
    const auto labels = std::make_unique<bool[]>(answers.size());
    std::ranges::copy(answers, labels.get());
    return metric(std::span<const double>(scores),
                  std::span<const bool>(labels.get(), answers.size()));
  }
};

/// Class c of `classes` against the rest: by its logit, or for two classes by the margin, which
/// ranks as the probability does.
Question question_of_class(const Tensor& logits, std::span<const int> y,
                           std::span<const Index> rows, Index c) {
  Question q;
  for (Index i : rows) {
    const Real* row = logits.row(i);
    q.scores.push_back(logits.cols() == 2 ? double(row[c]) - row[1 - c] : double(row[c]));
    q.answers.push_back(y[i] == c);
  }
  return q;
}

Question question_of_label(const Tensor& logits, const Tensor& targets, std::span<const Index> rows,
                           Index c) {
  Question q;
  for (Index i : rows) {
    const Real target = targets.row(i)[c];
    if (target != target) continue;
    q.scores.push_back(logits.row(i)[c]);
    q.answers.push_back(target == 1);
  }
  return q;
}

std::vector<Question> questions(const Tensor& logits, const data::Dataset& dataset,
                                std::span<const Index> rows) {
  std::vector<Question> all;
  // More than two classes are ranked by probability, which puts the rows on one scale.
  const bool many = !dataset.is_multi_label() && logits.cols() > 2;
  const Tensor scores = many ? softmax(logits) : logits;
  for (Index c = !dataset.is_multi_label() && logits.cols() == 2; c < logits.cols(); ++c)
    all.push_back(dataset.is_multi_label() ? question_of_label(scores, dataset.targets, rows, c)
                                           : question_of_class(scores, dataset.y, rows, c));
  return all;
}

template <class Metric>
double mean_over(const std::string& name, const std::vector<Question>& all, Metric metric) {
  double sum = 0;
  int counted = 0;
  for (const Question& q : all)
    if (q.has_both()) {
      sum += q.by(metric);
      ++counted;
    }
  check(counted > 0, ErrorCode::value, name, ": no label of which the rows named hold both values");
  return sum / counted;
}

Counts counts_of(const Question& q) {
  Counts counts;
  for (std::size_t k = 0; k < q.answers.size(); ++k) {
    const bool told = q.scores[k] > 0, known = q.answers[k] == 1;
    counts.told += told;
    counts.true_ones += known;
    counts.both += told && known;
  }
  return counts;
}

double multi_label(const std::string& name, const std::vector<Question>& all) {
  if (name == "macro_f1") {
    double sum = 0;
    int counted = 0;
    for (const Question& q : all)
      if (q.has_both()) {
        sum += counts_of(q).f1();
        ++counted;
      }
    check(counted > 0, ErrorCode::value,
          "macro_f1: no label of which the rows named hold both values");
    return sum / counted;
  }
  Counts counts;
  double right = 0, cells = 0;
  for (const Question& q : all) {
    const Counts one = counts_of(q);
    counts.both += one.both;
    counts.told += one.told;
    counts.true_ones += one.true_ones;
    for (std::size_t k = 0; k < q.answers.size(); ++k)
      right += (q.scores[k] > 0) == (q.answers[k] == 1);
    cells += static_cast<double>(q.answers.size());
  }
  check(cells > 0, ErrorCode::value, name, ": no known label in the rows named");
  return name == "accuracy" ? right / cells : counts.f1();
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
  std::vector<Counts> counts(static_cast<std::size_t>(logits.cols()));
  for (Index i : rows) {
    ++counts[y[i]].true_ones;
    if (predicted[i] >= 0) ++counts[predicted[i]].told;
    if (predicted[i] == y[i]) ++counts[y[i]].both;
  }
  double sum = 0;
  int classes = 0;
  for (const Counts& c : counts)
    if (c.true_ones > 0) {
      sum += c.f1();
      ++classes;
    }
  return sum / classes;
}

double cross_entropy_value(const Tensor& logits, std::span<const int> y,
                           std::span<const Index> rows) {
  Tape tape({.record = false});
  return cross_entropy(tape.constant(logits), y, rows).value().item();
}

namespace {

const std::vector<std::string> class_metrics{"accuracy", "roc_auc", "average_precision", "macro_f1",
                                             "micro_f1"};
const std::vector<std::string> link_metrics{"roc_auc", "average_precision", "hits@20",
                                            "hits@50", "hits@100",          "mrr"};
const std::vector<std::string> number_metrics{"rmse", "mae", "r2"};

/// Links against all pairs without a link.
double link_metric(const std::string& name, const Tensor& outputs, const Tensor& targets,
                   std::span<const Index> rows) {
  std::vector<double> positive, negative;
  for (Index i : rows) (*targets.row(i) == 1 ? positive : negative).push_back(*outputs.row(i));
  if (name == "mrr") return mean_reciprocal_rank(positive, negative);
  return hits_at_k(positive, negative, std::stoi(name.substr(name.find('@') + 1)));
}

/// The mean over the columns.
double number_metric(const std::string& name, const Tensor& outputs, const Tensor& targets,
                     std::span<const Index> rows) {
  double sum = 0;
  for (Index c = 0; c < targets.cols(); ++c) {
    std::vector<double> predicted, known;
    for (Index i : rows) {
      predicted.push_back(outputs.row(i)[c]);
      known.push_back(targets.row(i)[c]);
    }
    sum += name == "rmse"  ? rmse(predicted, known)
           : name == "mae" ? mae(predicted, known)
                           : r2(predicted, known);
  }
  return sum / static_cast<double>(std::max<Index>(1, targets.cols()));
}

}  // namespace

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = class_metrics;
    all.insert(all.end(), link_metrics.begin() + 2, link_metrics.end());
    all.insert(all.end(), number_metrics.begin(), number_metrics.end());
    return all;
  }();
  return names;
}

const std::vector<std::string>& metrics_of(const data::Dataset& dataset) {
  if (dataset.regression) return number_metrics;
  return dataset.task == data::Task::link ? link_metrics : class_metrics;
}

bool is_of_numbers(const std::string& name) {
  return std::ranges::find(number_metrics, name) != number_metrics.end();
}

bool lower_is_better(const std::string& name) { return name == "rmse" || name == "mae"; }

std::vector<LabelScore> label_scores(const Tensor& outputs, const data::Dataset& dataset,
                                     std::span<const Index> rows) {
  std::vector<LabelScore> scores;
  for (const Question& q : questions(outputs, dataset, rows)) {
    const auto ones = static_cast<Index>(std::ranges::count(q.answers, 1));
    const bool both = q.has_both();
    scores.push_back({std::ssize(q.answers), ones, both ? q.by(roc_auc) : std::nan(""),
                      both ? q.by(average_precision) : std::nan("")});
  }
  return scores;
}

double metric(const std::string& name, const Tensor& outputs, const data::Dataset& dataset,
              std::span<const Index> rows) {
  check(std::ranges::find(metric_names(), name) != metric_names().end(), ErrorCode::usage,
        "metric \"", name, "\" is not known", suggestion(name, metric_names()));
  const auto& fitting = metrics_of(dataset);
  check(std::ranges::find(fitting, name) != fitting.end(), ErrorCode::usage, "metric \"", name,
        "\" does not fit what is predicted of ", dataset.name, ", use for example \"",
        fitting.front(), '"');
  if (dataset.regression) return number_metric(name, outputs, dataset.targets, rows);
  if (name == "roc_auc") return mean_over(name, questions(outputs, dataset, rows), roc_auc);
  if (name == "average_precision")
    return mean_over(name, questions(outputs, dataset, rows), average_precision);
  if (dataset.task == data::Task::link) return link_metric(name, outputs, dataset.targets, rows);
  if (!dataset.targets.empty()) return multi_label(name, questions(outputs, dataset, rows));
  return name == "macro_f1" ? macro_f1(outputs, dataset.y, rows)
                            : accuracy(outputs, dataset.y, rows);
}

}  // namespace AGATE_NAMESPACE::train
