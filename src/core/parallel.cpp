#include <sched.h>

#include <agate/core/parallel.hpp>
#include <algorithm>

#include "core/thread_pool.hpp"

namespace AGATE_NAMESPACE {

int default_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void parallel_chunks(int threads, Index chunks, FunctionRef<void(Index chunk)> body) {
  if (chunks <= 0) return;
  if (threads <= 0) {
    static const int all = default_threads();
    threads = all;
  }
  threads = static_cast<int>(std::min<Index>(threads, chunks));
  if (threads == 1 || ThreadPool::working()) {
    for (Index c = 0; c < chunks; ++c) body(c);
    return;
  }
  ThreadPool::instance().run(threads - 1, chunks, body);
}

void parallel_for(int threads, Index n, Index grain,
                  FunctionRef<void(Index begin, Index end)> body) {
  parallel_chunks(threads, chunk_count(n, grain),
                  [&](Index c) { body(c * grain, std::min(n, (c + 1) * grain)); });
}

}  // namespace AGATE_NAMESPACE
