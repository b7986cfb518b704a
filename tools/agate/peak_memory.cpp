#include "peak_memory.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace tool {
namespace {

double memory_mb(const std::string& field) {
  double kb = 0;
  if (std::FILE* file = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, file))
      if (std::string(line).starts_with(field)) kb = std::atof(line + field.size() + 1);
    std::fclose(file);
  }
  return kb / 1024;
}

bool forget_peak() {
  std::FILE* file = std::fopen("/proc/self/clear_refs", "w");
  if (!file) return false;
  const bool written = std::fputs("5", file) >= 0;
  return std::fclose(file) == 0 && written;
}

}  // namespace

double peak_memory_mb() { return memory_mb("VmHWM"); }

PeakMeter::PeakMeter() {
#ifdef __GLIBC__
  // What earlier work gave back would otherwise be there before, and be taken again unseen.
  malloc_trim(0);
#endif
  measures_ = forget_peak();
  before_ = memory_mb("VmRSS");
}

double PeakMeter::mb() const {
  return measures_ ? std::max(0.0, peak_memory_mb() - before_) : std::nan("");
}

}  // namespace tool
