#pragma once
// The threads behind parallel_chunks, shared by all callers of the process.
//
// The caller of a job works on it too, and waits only for chunks that another thread has begun: a
// worker that wakes late, or that the system does not run, costs nothing. (A team that meets at a
// barrier, as OpenMP's does, made a training step ten times slower on a busy machine.)

#include <agate/core/parallel.hpp>
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
  struct Job {
    Job(FunctionRef<void(Index)> b, Index c, int s) : body(b), chunks(c), seats(s) {}
    FunctionRef<void(Index)> body;
    Index chunks;
    int seats;                   // workers that may still join
    std::atomic<int> inside{0};  // workers that have joined and not left
    std::atomic<Index> next{0};
    std::atomic<bool> failed{false};
    std::mutex error_mutex;
    Index error_chunk = 0;
    std::exception_ptr error;
  };
  static void work(Job& job);
  void serve();
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
