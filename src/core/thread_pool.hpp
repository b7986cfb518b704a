#pragma once
// The threads behind parallel_chunks, shared by all callers of the process.
//
// The caller of a job works on it too, and waits only for chunks that another thread has begun: a
// worker that wakes late, or that the system does not run, costs nothing. (A team that meets at a
// barrier, as OpenMP's does, made a training step ten times slower on a busy machine.)
//
// Each thread begins with the same share of every job, so that the rows that it wrote in one
// operation are in its cache when the next one reads them, and then helps with the shares of the
// others.
//
// An errand is work that is wanted only later: a worker does it while there is no job for it, and
// the caller of a job that begins meanwhile does the shares of that worker too, so that none waits.

#include <agate/core/parallel.hpp>
#include <array>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace AGATE_NAMESPACE {

// `work`, which must outlive it, done once: by a worker of the pool if one has time for it before
// finish() is called, and otherwise there. With 1 thread, or inside a job, always there.
class Errand {
 public:
  Errand(int threads, FunctionRef<void()> work);
  // Work that has not begun is not done; work that has begun ends first, and what it threw is lost.
  ~Errand();
  Errand(const Errand&) = delete;
  Errand& operator=(const Errand&) = delete;

  // Returns once the work is done, or throws what it threw.
  void finish();

 private:
  friend class ThreadPool;
  FunctionRef<void()> work_;
  bool offered_;  // to the pool, and neither taken back nor waited for since
  std::atomic<bool> done_{false};
  std::exception_ptr error_;
};

class ThreadPool {
 public:
  static ThreadPool& instance();
  ~ThreadPool();

  // body(c) once for each c in [0, chunks), on the calling thread and up to `helpers` others.
  void run(int helpers, Index chunks, FunctionRef<void(Index chunk)> body);
  // From now on a worker may do it.
  void offer(Errand& errand);
  // True where no worker has begun it, and then none will; otherwise returns once it is done.
  bool take_back(Errand& errand);
  // Whether this thread is working on a job or, for the pool, on an errand.
  static bool working();

 private:
  // Consecutive chunks; apart from the other shares, as their threads work at the same time.
  struct alignas(64) Share {
    std::atomic<Index> next;
    Index end;
  };
  static constexpr int most_shares = 16;
  struct Job {
    Job(FunctionRef<void(Index)> b, Index chunks, int helpers);
    FunctionRef<void(Index)> body;
    int seats;  // workers that may still join
    int num_shares;
    std::array<Share, most_shares> shares;
    std::atomic<int> inside{0};  // workers that have joined and not left
    std::atomic<Index> failed;   // the lowest chunk that threw; those below it still run
    std::mutex error_mutex;
    std::exception_ptr error;
  };
  // `number` of the thread: 0 for callers, then the workers.
  static void work(Job& job, int number);
  static void work_on(Job& job, Share& share);
  void serve(int number);
  void hire(int workers);
  Job* open_job();
  void do_errand(Errand& errand);
  void leave(Job& job);
  void wake_callers();
  void wait_until(FunctionRef<bool()> over);

  std::mutex mutex_;
  std::condition_variable wake_, left_;
  std::vector<Job*> jobs_;
  std::vector<Errand*> errands_;  // which nobody has begun
  std::vector<std::thread> workers_;
  std::atomic<int> open_seats_{0};  // of jobs and, one each, of errands
  std::atomic<int> callers_asleep_{0};
  int sleepers_ = 0;
  bool stopping_ = false;
};

}  // namespace AGATE_NAMESPACE
