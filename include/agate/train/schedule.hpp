#pragma once
/// \file
/// Learning-rate schedules, by the names and formulas of torch.optim.lr_scheduler.

#include <agate/core/config.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// Which schedule, and its numbers.
struct ScheduleOptions {
  std::string name = "constant";  ///< constant, step, cosine, plateau or inverse_sqrt
  double lr = 0;                  ///< at the start
  Index epochs = 1;               ///< cosine: T_max
  double gamma = 0.5;             ///< step, plateau: what lr is multiplied by
  Index step_size = 50;           ///< step: after so many epochs; plateau: after so many without
                                  ///< a lower validation loss
  Index warmup = 0;               ///< so many epochs before, in which lr grows linearly
};

/// The names that ScheduleOptions::name may have.
const std::vector<std::string>& schedule_names();

/// The learning rate of each epoch. With t epochs since the warm-up:
///   step     lr * gamma^floor(t / step_size)
///   cosine   lr * (1 + cos(pi t / (epochs - warmup))) / 2
///   inverse_sqrt  lr * sqrt((warmup + 1) / epoch): what follows the warm-up of Vaswani et al. 2017
///   plateau  multiplied by gamma when the validation loss has not fallen for step_size epochs
class Schedule {
 public:
  explicit Schedule(const ScheduleOptions& options);  ///< Error(usage) for an unknown name
  /// Of epoch 1, 2, ..., given the validation loss of the epoch before (plateau alone looks at it).
  double lr(Index epoch, double val_loss);

 private:
  ScheduleOptions options_;
  double factor_ = 1, lowest_;
  Index waited_ = 0;
};

}  // namespace AGATE_NAMESPACE::train
