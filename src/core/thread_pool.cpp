#include "core/thread_pool.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace AGATE_NAMESPACE {
namespace {

thread_local bool is_working = false;

// Jobs follow each other closely in a training step, some of them 10 microseconds long: a look-out
// is cheaper than a sleep, from which a worker comes back after most of them are over.
constexpr auto look_out = std::chrono::microseconds(200);
// What a caller waits for is one chunk, unless the system has taken the processor from its worker.
constexpr auto last_chunk = std::chrono::microseconds(50);

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

template <class Condition>
bool wait_briefly(std::chrono::microseconds time, Condition&& condition) {
  const auto end = std::chrono::steady_clock::now() + time;
  do {
    for (int i = 0; i < 32; ++i) {
      if (condition()) return true;
      pause();
    }
    // Where there are more threads than processors, the one that is waited for may need this one.
    std::this_thread::yield();
  } while (std::chrono::steady_clock::now() < end);
  return false;
}

// The mutex is held for an instant only, so that a sleep would mostly outlast it.
std::unique_lock<std::mutex> lock_briefly(std::mutex& mutex) {
  std::unique_lock lock(mutex, std::try_to_lock);
  for (int i = 0; i < 256 && !lock.owns_lock(); ++i) {
    pause();
    if (lock.try_lock()) return lock;
  }
  if (!lock.owns_lock()) lock.lock();
  return lock;
}

}  // namespace

Errand::Errand(int threads, FunctionRef<void()> work)
    : work_(work),
      offered_((threads <= 0 ? default_threads() : threads) > 1 && !ThreadPool::working()) {
  if (offered_) ThreadPool::instance().offer(*this);
}

Errand::~Errand() {
  if (offered_) ThreadPool::instance().take_back(*this);
}

void Errand::finish() {
  if (!std::exchange(offered_, false) || ThreadPool::instance().take_back(*this)) return work_();
  if (error_) std::rethrow_exception(error_);
}

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

ThreadPool::Job::Job(FunctionRef<void(Index)> b, Index chunks, int helpers)
    : body(b), seats(helpers), num_shares(std::min(helpers + 1, most_shares)), failed(chunks) {
  for (Index s = 0; s < num_shares; ++s) {
    shares[static_cast<std::size_t>(s)].next = s * chunks / num_shares;
    shares[static_cast<std::size_t>(s)].end = (s + 1) * chunks / num_shares;
  }
}

void ThreadPool::work_on(Job& job, Share& share) {
  for (Index c; (c = share.next.fetch_add(1, std::memory_order_relaxed)) < share.end &&
                c < job.failed.load(std::memory_order_relaxed);) {
    try {
      job.body(c);
    } catch (...) {
      std::lock_guard lock(job.error_mutex);
      if (c > job.failed) continue;
      job.error = std::current_exception();
      job.failed = c;
    }
  }
}

void ThreadPool::work(Job& job, int number) {
  const bool before = std::exchange(is_working, true);
  for (int s = 0; s < job.num_shares; ++s)
    work_on(job, job.shares[static_cast<std::size_t>((number + s) % job.num_shares)]);
  is_working = before;
}

void ThreadPool::hire(int workers) {
  try {
    for (int n; (n = static_cast<int>(workers_.size())) < workers;)
      workers_.emplace_back([this, n] { serve(n + 1); });
  } catch (const std::system_error&) {
    // The system gives no more threads: those there are, or the caller alone, do the work.
  }
}

ThreadPool::Job* ThreadPool::open_job() {
  for (Job* job : jobs_)
    if (job->seats > 0) return job;
  return nullptr;
}

void ThreadPool::leave(Job& job) {
  // The last touch of the job, which lives on its caller's stack until nobody is inside.
  if (job.inside.fetch_sub(1) == 1) wake_callers();
}

void ThreadPool::wake_callers() {
  if (callers_asleep_.load() == 0) return;
  // Between the two a caller has looked at its job and not yet gone to sleep.
  { std::lock_guard lock(mutex_); }
  left_.notify_all();
}

void ThreadPool::wait_until(FunctionRef<bool()> over) {
  if (wait_briefly(last_chunk, over)) return;
  std::unique_lock lock(mutex_);
  callers_asleep_.fetch_add(1);
  left_.wait(lock, over);
  callers_asleep_.fetch_sub(1);
}

void ThreadPool::offer(Errand& errand) {
  bool to_wake = false;
  {
    const auto lock = lock_briefly(mutex_);
    hire(1);
    errands_.push_back(&errand);
    open_seats_.fetch_add(1, std::memory_order_relaxed);
    to_wake = sleepers_ > 0;
  }
  if (to_wake) wake_.notify_one();
}

bool ThreadPool::take_back(Errand& errand) {
  {
    const auto lock = lock_briefly(mutex_);
    if (std::erase(errands_, &errand) > 0) {
      open_seats_.fetch_sub(1, std::memory_order_relaxed);
      return true;
    }
  }
  wait_until([&] { return errand.done_.load(); });
  return false;
}

void ThreadPool::do_errand(Errand& errand) {
  is_working = true;
  try {
    errand.work_();
  } catch (...) {
    errand.error_ = std::current_exception();
  }
  is_working = false;
  // The last touch of the errand, which may live no longer than this.
  errand.done_.store(true);
  wake_callers();
}

void ThreadPool::run(int helpers, Index chunks, FunctionRef<void(Index chunk)> body) {
  Job job(body, chunks, helpers);
  int to_wake = 0;
  {
    const auto lock = lock_briefly(mutex_);
    hire(helpers);
    jobs_.push_back(&job);
    open_seats_.fetch_add(helpers, std::memory_order_relaxed);
    to_wake = std::min(helpers, sleepers_);
  }
  for (int i = 0; i < to_wake; ++i) wake_.notify_one();
  work(job, 0);
  {
    const auto lock = lock_briefly(mutex_);
    std::erase(jobs_, &job);
    open_seats_.fetch_sub(job.seats, std::memory_order_relaxed);
  }
  wait_until([&] { return job.inside.load() == 0; });
  if (job.error) std::rethrow_exception(job.error);
}

void ThreadPool::serve(int number) {
  for (;;) {
    const bool seen =
        wait_briefly(look_out, [&] { return open_seats_.load(std::memory_order_relaxed) > 0; });
    auto lock = lock_briefly(mutex_);
    Job* job = nullptr;
    const auto called = [&] {
      return stopping_ || (job = open_job()) != nullptr || !errands_.empty();
    };
    if (!called()) {
      // A job that was over before this thread came: the next one may be as near.
      if (seen) continue;
      ++sleepers_;
      wake_.wait(lock, called);
      --sleepers_;
    }
    if (stopping_) return;
    open_seats_.fetch_sub(1, std::memory_order_relaxed);
    if (!job) {
      Errand& errand = *errands_.front();
      errands_.erase(errands_.begin());
      lock.unlock();
      do_errand(errand);
      continue;
    }
    --job->seats;
    job->inside.fetch_add(1);
    lock.unlock();
    work(*job, number);
    leave(*job);
  }
}

}  // namespace AGATE_NAMESPACE
