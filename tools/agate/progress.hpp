#pragma once
// Progress on stderr: one live line on a terminal, a plain line now and then elsewhere.

#include <agate/train/trainer.hpp>
#include <string>

namespace tool {

class Progress {
 public:
  // `parts` (the models of a comparison) of `runs` runs each.
  Progress(bool quiet, agate::Index runs, agate::Index parts = 1);
  ~Progress() { clear(); }

  void begin_part(agate::Index part, const std::string& name);
  void epoch(agate::Index run, const agate::train::EpochReport& report, agate::Index patience);
  void clear();  // takes the live line away

 private:
  std::string line(agate::Index run, const agate::train::EpochReport& report,
                   agate::Index patience) const;
  bool quiet_, terminal_, shown_ = false;
  agate::Index runs_, parts_, part_ = 0;
  std::string part_name_;
  double start_, last_;
};

// How many of a known number of things are done, on stderr where that takes longer than a second.
// One thread at a time.
class Counter {
 public:
  Counter(bool quiet, std::string things);
  ~Counter() { clear(); }
  void show(agate::Index done, agate::Index total);
  void clear();

 private:
  bool quiet_, terminal_, shown_ = false;
  std::string things_;
  double start_, last_;
};

// To be called before any other thread is there: SIGINT and SIGTERM go to a thread of their own.
// A handler must not run on one that computes: oneDNN's products use the stack pointer for data,
// over which the handler's frame would be written.
void hold_signals();

// Asks a running training to stop after Ctrl-C (SIGINT) or SIGTERM; the second signal ends the
// program at once.
void catch_interrupts();
bool interrupted();

}  // namespace tool
