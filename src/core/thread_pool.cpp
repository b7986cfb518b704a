#include "core/thread_pool.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace AGATE_NAMESPACE {
namespace {

thread_local bool is_working = false;

// Jobs follow each other closely in a training step: a short look-out is cheaper than a sleep.
constexpr auto look_out = std::chrono::microseconds(30);

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

template <class Condition>
bool wait_briefly(Condition&& condition) {
  const auto end = std::chrono::steady_clock::now() + look_out;
  do {
    for (int i = 0; i < 32; ++i) {
      if (condition()) return true;
      pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  return false;
}

}  // namespace

ThreadPool& ThreadPool::instance() {
  static ThreadPool pool;
  return pool;
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

bool ThreadPool::working() { return is_working; }

void ThreadPool::work(Job& job) {
  const bool before = std::exchange(is_working, true);
  for (Index c; !job.failed.load(std::memory_order_relaxed) &&
                (c = job.next.fetch_add(1, std::memory_order_relaxed)) < job.chunks;) {
    try {
      job.body(c);
    } catch (...) {
      std::lock_guard lock(job.error_mutex);
      if (!job.error || c < job.error_chunk) {
        job.error = std::current_exception();
        job.error_chunk = c;
      }
      job.failed = true;
    }
  }
  is_working = before;
}

void ThreadPool::hire(int workers) {
  try {
    while (static_cast<int>(workers_.size()) < workers) workers_.emplace_back([this] { serve(); });
  } catch (const std::system_error&) {
    // The system gives no more threads: those there are, or the caller alone, do the work.
  }
}

ThreadPool::Job* ThreadPool::open_job() {
  for (Job* job : jobs_)
    if (job->seats > 0) return job;
  return nullptr;
}

void ThreadPool::run(int helpers, Index chunks, FunctionRef<void(Index chunk)> body) {
  Job job(body, chunks, helpers);
  {
    std::lock_guard lock(mutex_);
    hire(helpers);
    jobs_.push_back(&job);
    open_seats_.fetch_add(helpers, std::memory_order_relaxed);
    for (int i = 0; i < std::min(helpers, sleepers_); ++i) wake_.notify_one();
  }
  work(job);
  std::unique_lock lock(mutex_);
  std::erase(jobs_, &job);
  open_seats_.fetch_sub(job.seats, std::memory_order_relaxed);
  job.left.wait(lock, [&] { return job.inside == 0; });
  lock.unlock();
  if (job.error) std::rethrow_exception(job.error);
}

void ThreadPool::serve() {
  for (;;) {
    wait_briefly([&] { return open_seats_.load(std::memory_order_relaxed) > 0; });
    std::unique_lock lock(mutex_);
    Job* job = nullptr;
    ++sleepers_;
    wake_.wait(lock, [&] { return stopping_ || (job = open_job()) != nullptr; });
    --sleepers_;
    if (stopping_) return;
    --job->seats;
    ++job->inside;
    open_seats_.fetch_sub(1, std::memory_order_relaxed);
    lock.unlock();
    work(*job);
    lock.lock();
    // Under the lock: the job lives on its caller's stack until nobody is inside.
    if (--job->inside == 0) job->left.notify_one();
  }
}

}  // namespace AGATE_NAMESPACE
