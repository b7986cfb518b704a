#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/train/schedule.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace AGATE_NAMESPACE::train {

const std::vector<std::string>& schedule_names() {
  static const std::vector<std::string> names{"constant", "step", "cosine", "plateau",
                                              "inverse_sqrt"};
  return names;
}

Schedule::Schedule(const ScheduleOptions& options)
    : options_(options), lowest_(std::numeric_limits<double>::infinity()) {
  check(std::ranges::find(schedule_names(), options.name) != schedule_names().end(),
        ErrorCode::usage, "schedule \"", options.name, "\" is not known",
        suggestion(options.name, schedule_names()));
  check(options.step_size >= 1 && options.warmup >= 0, ErrorCode::value,
        "schedule: step_size = ", options.step_size, ", warmup = ", options.warmup,
        ", expected at least 1 and 0");
}

double Schedule::lr(Index epoch, double val_loss) {
  const auto& o = options_;
  if (epoch <= o.warmup)
    return o.lr * static_cast<double>(epoch) / static_cast<double>(o.warmup + 1);
  const Index t = epoch - o.warmup - 1;
  if (o.name == "step") return o.lr * std::pow(o.gamma, static_cast<double>(t / o.step_size));
  if (o.name == "cosine") {
    const auto length = static_cast<double>(std::max<Index>(1, o.epochs - o.warmup));
    return o.lr * (1 + std::cos(std::numbers::pi * static_cast<double>(t) / length)) / 2;
  }
  if (o.name == "inverse_sqrt")
    return o.lr * std::sqrt(static_cast<double>(o.warmup + 1) / static_cast<double>(epoch));
  if (o.name == "plateau" && t > 0) {
    waited_ = val_loss < lowest_ ? 0 : waited_ + 1;
    lowest_ = std::min(lowest_, val_loss);
    if (waited_ > o.step_size) {
      factor_ *= o.gamma;
      waited_ = 0;
    }
  }
  return o.lr * factor_;
}

}  // namespace AGATE_NAMESPACE::train
