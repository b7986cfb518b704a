#include <agate/core/error.hpp>
#include <thread>

#include "catch.hpp"
#include "core/thread_pool.hpp"

using namespace agate;

TEST_CASE("an errand is done once, beside jobs, whoever does it") {
  for (const int threads : {0, 1, 2, 4}) {
    for (int round = 0; round < 50; ++round) {
      int done = 0;
      const auto work = [&] {
        // A loop inside stays where the errand is done, or is shared where finish() does it.
        std::atomic<int> sum{0};
        parallel_for(threads, 100, 10,
                     [&](Index begin, Index end) { sum += static_cast<int>(end - begin); });
        done += sum;
      };
      Errand errand(threads, work);
      std::atomic<int> visits{0};
      for (int job = 0; job < 3; ++job)
        parallel_for(threads, 64, 4,
                     [&](Index begin, Index end) { visits += static_cast<int>(end - begin); });
      errand.finish();
      CHECK(visits == 3 * 64);
      CHECK(done == 100);
    }
  }
}

TEST_CASE("with one thread, or inside a job, an errand is done where it is wanted") {
  std::thread::id by;
  const auto work = [&] { by = std::this_thread::get_id(); };
  Errand alone(1, work);
  std::this_thread::yield();
  CHECK(by == std::thread::id());
  alone.finish();
  CHECK(by == std::this_thread::get_id());

  std::atomic<int> elsewhere{0};
  parallel_chunks(2, 8, [&](Index) {
    std::thread::id inner_by;
    const auto inner = [&] { inner_by = std::this_thread::get_id(); };
    Errand errand(2, inner);
    errand.finish();
    elsewhere += inner_by != std::this_thread::get_id();
  });
  CHECK(elsewhere == 0);
}

TEST_CASE("an idle worker does an errand that nobody waits for") {
  std::atomic<bool> done{false};
  std::thread::id by;
  const auto work = [&] {
    by = std::this_thread::get_id();
    done = true;
  };
  Errand errand(2, work);
  while (!done) std::this_thread::yield();
  errand.finish();
  CHECK(by != std::this_thread::get_id());
}

TEST_CASE("what an errand throws surfaces where it is wanted, and nowhere else") {
  const auto work = [] { fail(ErrorCode::value, "an errand's own"); };
  for (const int threads : {1, 2}) {
    for (int round = 0; round < 50; ++round) {
      Errand errand(threads, work);
      CHECK(refusal([&] { errand.finish(); }).says("an errand's own"));
      const Errand unwanted(threads, work);
    }
  }
}
