#pragma once
// How much memory a piece of work takes.

namespace tool {

// The most resident memory that this process had, in MB; 0 where the system does not say.
double peak_memory_mb();

// Measures from where it is made. One at a time: the system keeps one peak for a process.
class PeakMeter {
 public:
  PeakMeter();
  // The most that was taken since, above what was there before, in MB; NaN where the system does
  // not say.
  double mb() const;

 private:
  double before_ = 0;
  bool measures_ = false;
};

}  // namespace tool
