#include <sched.h>

#include <agate/core/parallel.hpp>
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#if defined(AGATE_OPENMP)
#include <omp.h>
#endif

namespace AGATE_NAMESPACE {
namespace {

thread_local bool inside_parallel = false;

/// The first failure, by chunk number, of a set of chunks that run at the same time.
class Failure {
 public:
  bool happened() const { return happened_.load(std::memory_order_relaxed); }
  void keep(Index chunk) {
    std::lock_guard lock(mutex_);
    if (!happened_ || chunk < chunk_) {
      chunk_ = chunk;
      error_ = std::current_exception();
    }
    happened_ = true;
  }
  void rethrow() {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::atomic<bool> happened_{false};
  std::mutex mutex_;
  Index chunk_ = 0;
  std::exception_ptr error_;
};

}  // namespace

int default_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1u, std::thread::hardware_concurrency());
}

void parallel_chunks(int threads, Index chunks, FunctionRef<void(Index chunk)> body) {
  if (chunks <= 0) return;
  if (threads <= 0) {
    static const int all = default_threads();
    threads = all;
  }
  threads = static_cast<int>(std::min<Index>(threads, chunks));
  if (threads == 1 || inside_parallel) {
    for (Index c = 0; c < chunks; ++c) body(c);
    return;
  }
  std::atomic<Index> next{0};
  Failure failure;
  auto work = [&] {
    inside_parallel = true;
    for (Index c; !failure.happened() && (c = next.fetch_add(1)) < chunks;) {
      try {
        body(c);
      } catch (...) {
        failure.keep(c);
      }
    }
    inside_parallel = false;
  };
#if defined(AGATE_OPENMP)
#pragma omp parallel num_threads(threads)
  work();
#else
  std::vector<std::jthread> team;
  for (int t = 1; t < threads; ++t) team.emplace_back(work);
  work();
  team.clear();
#endif
  failure.rethrow();
}

void parallel_for(int threads, Index n, Index grain,
                  FunctionRef<void(Index begin, Index end)> body) {
  parallel_chunks(threads, chunk_count(n, grain),
                  [&](Index c) { body(c * grain, std::min(n, (c + 1) * grain)); });
}

}  // namespace AGATE_NAMESPACE
