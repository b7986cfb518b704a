#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

namespace tool {
namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string duration(double seconds) {
  char text[32];
  if (seconds < 100)
    std::snprintf(text, sizeof text, "%.0f s", seconds);
  else if (seconds < 6000)
    std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
  else
    std::snprintf(text, sizeof text, "%.1f h", seconds / 3600);
  return text;
}

std::atomic<bool> ends_training = false, stop_asked = false;

}  // namespace

Progress::Progress(bool quiet, agate::Index runs, agate::Index parts)
    : quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      runs_(runs),
      parts_(parts),
      start_(now()),
      last_(start_) {}

void Progress::begin_part(agate::Index part, const std::string& name) {
  part_ = part;
  part_name_ = name + " (" + std::to_string(part + 1) + "/" + std::to_string(parts_) + ")  ";
}

std::string Progress::line(agate::Index run, const agate::train::EpochReport& r,
                           agate::Index patience) const {
  // At the pace so far: this run lasts at most until patience runs out, a run like it the others.
  const double per_epoch = r.seconds / static_cast<double>(r.epoch);
  const agate::Index rest =
      std::min(r.epochs - r.epoch, std::max<agate::Index>(0, r.best_epoch + patience - r.epoch));
  const agate::Index done = part_ * runs_ + run, to_come = parts_ * runs_ - done - 1;
  const double left = static_cast<double>(rest) * per_epoch +
                      static_cast<double>(to_come) *
                          (done > 0 ? (now() - start_ - r.seconds) / static_cast<double>(done)
                                    : static_cast<double>(r.epoch + rest) * per_epoch);
  char text[200];
  std::snprintf(
      text, sizeof text,
      "run %lld/%lld  epoch %lld  loss %.4f  val loss %.4f  val metric %.4f  best %.4f at "
      "%lld  %.1f ms/epoch  ~%s left",
      static_cast<long long>(run + 1), static_cast<long long>(runs_),
      static_cast<long long>(r.epoch), r.train_loss, r.val_loss, r.val_metric, r.best_val_metric,
      static_cast<long long>(r.best_epoch), 1000 * per_epoch, duration(left).c_str());
  return part_name_ + text;
}

void Progress::epoch(agate::Index run, const agate::train::EpochReport& report,
                     agate::Index patience) {
  if (quiet_) return;
  const double time = now();
  if (time - start_ < 1 || time - last_ < (terminal_ ? 0.2 : 5)) return;
  last_ = time;
  if (terminal_)
    std::fprintf(stderr, "\r\033[K%s", line(run, report, patience).c_str());
  else
    std::fprintf(stderr, "%s\n", line(run, report, patience).c_str());
  shown_ = terminal_;
}

void Progress::clear() {
  if (shown_) std::fprintf(stderr, "\r\033[K");
  shown_ = false;
}

Counter::Counter(bool quiet, std::string things)
    : quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      things_(std::move(things)),
      start_(now()),
      last_(start_) {}

void Counter::show(agate::Index done, agate::Index total) {
  const double time = now();
  if (quiet_ || time - start_ < 1 || time - last_ < (terminal_ ? 0.2 : 5)) return;
  last_ = time;
  const double left = (time - start_) * static_cast<double>(total - done) /
                      static_cast<double>(std::max<agate::Index>(1, done));
  std::fprintf(stderr,
               terminal_ ? "\r\033[K%lld of %lld %s  ~%s left" : "%lld of %lld %s  ~%s left\n",
               static_cast<long long>(done), static_cast<long long>(total), things_.c_str(),
               duration(left).c_str());
  shown_ = terminal_;
}

void Counter::clear() {
  if (shown_) std::fprintf(stderr, "\r\033[K");
  shown_ = false;
}

void hold_signals() {
  sigset_t held;
  sigemptyset(&held);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&held, signal);
  pthread_sigmask(SIG_BLOCK, &held, nullptr);
  std::thread([held] {
    int signal = 0;
    while (sigwait(&held, &signal) == 0) {
      if (ends_training && !stop_asked.exchange(true)) continue;
      std::signal(signal, SIG_DFL);
      pthread_sigmask(SIG_UNBLOCK, &held, nullptr);
      std::raise(signal);
    }
  }).detach();
}

void catch_interrupts() { ends_training = true; }

bool interrupted() { return stop_asked; }

}  // namespace tool
