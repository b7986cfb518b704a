#pragma once
/// \file
/// parallel_for: fixed chunks of a range, shared among threads.
///
/// The chunks depend on the size of the problem and never on the number of threads, and a body
/// writes only what belongs to its chunk: so every result is the same, bit for bit, with any number
/// of threads. The threads are shared by the whole process and start on first use.

#include <agate/core/config.hpp>
#include <memory>
#include <type_traits>

namespace AGATE_NAMESPACE {

/// A reference to something callable; it must outlive the call it is passed to.
template <class Signature>
class FunctionRef;

/// The same for the signature that it is called with.
template <class Result, class... Args>
class FunctionRef<Result(Args...)> {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef>) FunctionRef(F&& f)
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
        call_([](void* object, Args... args) -> Result {
          return (*static_cast<std::remove_reference_t<F>*>(object))(args...);
        }) {}
  Result operator()(Args... args) const { return call_(object_, args...); }

 private:
  void* object_;
  Result (*call_)(void*, Args...);
};

/// How many threads 0 ("all") stands for: the processors this process may use.
int default_threads();

/// The number of chunks of `grain` items that n items make.
inline Index chunk_count(Index n, Index grain) { return n <= 0 ? 0 : (n + grain - 1) / grain; }

/// Calls body(c) once for each c in [0, chunks), on up to `threads` threads (0: all), in no
/// particular order. The first exception of a body (the one of the lowest chunk that threw) is
/// thrown again on the calling thread after all threads have stopped. Called from inside a body
/// that runs beside others it stays on its thread.
void parallel_chunks(int threads, Index chunks, FunctionRef<void(Index chunk)> body);

/// Calls body(begin, end) for the chunks of `grain` items of [0, n). A single chunk runs on the
/// calling thread: choose the grain so that a chunk is worth waking a thread (some 20
/// microseconds).
void parallel_for(int threads, Index n, Index grain,
                  FunctionRef<void(Index begin, Index end)> body);

}  // namespace AGATE_NAMESPACE
