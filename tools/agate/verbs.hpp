#pragma once

#include "settings.hpp"

namespace tool {

// Each returns the exit code: 0 done, 130 interrupted after saving; errors are thrown.
int train(const Settings& settings);
int compare(const std::vector<Settings>& models);
int predict(const Settings& settings);
int evaluate(const Settings& settings);
int explain(const Settings& settings);
int bench(const Settings& settings);
int info(const Settings& settings);

}  // namespace tool
