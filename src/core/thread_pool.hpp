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

#include <agate/core/parallel.hpp>
#include <array>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace AGATE_NAMESPACE {

class ThreadPool {
 public:
  static ThreadPool& instance();
  ~ThreadPool();

  // body(c) once for each c in [0, chunks), on the calling thread and up to `helpers` others.
  void run(int helpers, Index chunks, FunctionRef<void(Index chunk)> body);
  // Whether this thread is working on a job.
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
  void leave(Job& job);
  void wait_until_empty(const Job& job);

  std::mutex mutex_;
  std::condition_variable wake_, left_;
  std::vector<Job*> jobs_;
  std::vector<std::thread> workers_;
  std::atomic<int> open_seats_{0};
  std::atomic<int> callers_asleep_{0};
  int sleepers_ = 0;
  bool stopping_ = false;
};

}  // namespace AGATE_NAMESPACE
