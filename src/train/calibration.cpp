#include <agate/core/error.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/calibration.hpp>
#include <agate/train/metrics.hpp>
#include <algorithm>
#include <cmath>

namespace AGATE_NAMESPACE::train {
namespace {

void check_probabilities(const char* name, const data::Dataset& dataset) {
  check(!dataset.regression, ErrorCode::unsupported, name, ": of ", dataset.name,
        " numbers are predicted, which have no probabilities");
}

/// What was told with which probability, and whether it came true.
struct Answer {
  double probability;
  bool came_true;
};

std::vector<Answer> answers_of(const Tensor& outputs, const data::Dataset& d,
                               std::span<const Index> items) {
  std::vector<Answer> answers;
  if (!d.targets.empty()) {
    const Tensor p = sigmoid(outputs);
    for (Index i : items)
      for (Index c = 0; c < p.cols(); ++c)
        if (const Real t = d.targets.row(i)[c]; t == t) answers.push_back({p.row(i)[c], t == 1});
    return answers;
  }
  const Tensor p = softmax(outputs);
  const auto predicted = predicted_classes(outputs);
  for (Index i : items)
    if (const int guess = predicted[i]; guess >= 0 && d.y[i] >= 0)
      answers.push_back({p.row(i)[guess], guess == d.y[i]});
  return answers;
}

/// log(1 + exp(x)).
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

struct Affine {
  double log_scale = 0, shift = 0;
};

/// The logits of one label and how likely each answer is to be 1.
struct Label {
  std::vector<double> logits, targets;
  double ones = 0, zeros = 0;

  Label(const Tensor& outputs, const data::Dataset& d, std::span<const Index> items, Index c) {
    for (Index i : items) {
      const Real t = d.targets.row(i)[c];
      if (t != t) continue;
      (t == 1 ? ones : zeros) += 1;
      logits.push_back(outputs.row(i)[c]);
      targets.push_back(t);
    }
    for (double& t : targets) t = t == 1 ? (ones + 1) / (ones + 2) : 1 / (zeros + 2);
  }
  double loss(const Affine& a) const {
    double sum = a.log_scale * a.log_scale / 2;
    for (std::size_t k = 0; k < logits.size(); ++k) {
      const double x = std::exp(a.log_scale) * logits[k] + a.shift;
      sum += softplus(x) - targets[k] * x;
    }
    return sum;
  }
  /// One step of Gauss and Newton from `a`, shortened until it helps; whether it did.
  bool improve(Affine& a) const;
};

bool Label::improve(Affine& a) const {
  // The curvature of the log-loss in (log scale, shift), its part that is never negative.
  double g0 = a.log_scale, g1 = 0, h00 = 1, h01 = 0, h11 = 1e-9;
  for (std::size_t k = 0; k < logits.size(); ++k) {
    const double scaled = std::exp(a.log_scale) * logits[k];
    const double p = 1 / (1 + std::exp(-scaled - a.shift)), w = p * (1 - p);
    g0 += (p - targets[k]) * scaled, g1 += p - targets[k];
    h00 += w * scaled * scaled, h01 += w * scaled, h11 += w;
  }
  const double determinant = h00 * h11 - h01 * h01;
  const double d0 = (h11 * g0 - h01 * g1) / determinant, d1 = (h00 * g1 - h01 * g0) / determinant;
  const double before = loss(a);
  for (double step = 1; step > 1e-6; step /= 2) {
    const Affine next{a.log_scale - step * d0, a.shift - step * d1};
    if (loss(next) >= before) continue;
    const bool far = before - loss(next) > 1e-10 * (1 + before);
    a = next;
    return far;
  }
  return false;
}

Affine platt(const Label& label) {
  Affine a;
  for (int k = 0; k < 100 && label.improve(a); ++k) continue;
  return a;
}

/// The logarithm of the scale that makes known classes likeliest, by golden sections.
double log_temperature(const Tensor& outputs, const data::Dataset& d,
                       std::span<const Index> items) {
  std::vector<Index> known;
  for (Index i : items)
    if (d.y[i] >= 0) known.push_back(i);
  if (known.empty()) return 0;
  auto loss = [&](double s) {
    Tensor scaled = outputs.clone();
    for (Real& v : scaled.values()) v *= static_cast<Real>(std::exp(s));
    return static_cast<double>(known.size()) * cross_entropy_value(scaled, d.y, known) + s * s / 2;
  };
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  double low = -5, high = 5;
  double left = high - ratio * (high - low), right = low + ratio * (high - low);
  double at_left = loss(left), at_right = loss(right);
  while (high - low > 1e-4) {
    if (at_left <= at_right) {
      high = right, right = left, at_right = at_left;
      at_left = loss(left = high - ratio * (high - low));
    } else {
      low = left, left = right, at_left = at_right;
      at_right = loss(right = low + ratio * (high - low));
    }
  }
  return (low + high) / 2;
}

}  // namespace

Reliability reliability(const Tensor& outputs, const data::Dataset& dataset,
                        std::span<const Index> items, int bins) {
  check_probabilities("reliability", dataset);
  check(bins > 0, ErrorCode::value, "reliability: ", bins, " bins, expected at least 1");
  const auto answers = answers_of(outputs, dataset, items);
  check(!answers.empty(), ErrorCode::value, "reliability: nothing is known of the items named");
  Reliability r{std::vector<Reliability::Bin>(static_cast<std::size_t>(bins)), 0};
  for (const Answer& answer : answers) {
    const auto k = static_cast<int>(answer.probability * bins);
    auto& bin = r.bins[static_cast<std::size_t>(std::clamp(k, 0, bins - 1))];
    ++bin.count;
    bin.predicted += answer.probability;
    bin.observed += answer.came_true;
  }
  for (auto& bin : r.bins) {
    r.error += std::abs(bin.predicted - bin.observed) / static_cast<double>(answers.size());
    const auto count = static_cast<double>(std::max<Index>(1, bin.count));
    bin.predicted /= count;
    bin.observed /= count;
  }
  return r;
}

void calibrate(models::Model& model, const Tensor& outputs, const data::Dataset& dataset,
               std::span<const Index> items) {
  check_probabilities("calibrate", dataset);
  check(model.config().calibrate, ErrorCode::usage,
        "calibrate: the model was made without its option calibrate");
  const bool classes = dataset.targets.empty();
  const Affine shared{classes ? log_temperature(outputs, dataset, items) : 0, 0};
  for (Index c = 0; c < outputs.cols(); ++c) {
    Affine a = shared;
    if (!classes) {
      const Label label(outputs, dataset, items, c);
      if (label.ones == 0 || label.zeros == 0) continue;
      a = platt(label);
    }
    Real& scale = model.output_scale.value.data()[c];
    Real& shift = model.output_shift.value.data()[c];
    scale = static_cast<Real>(std::exp(a.log_scale) * scale);
    shift = static_cast<Real>(std::exp(a.log_scale) * shift + a.shift);
  }
}

}  // namespace AGATE_NAMESPACE::train
