#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <atomic>
#include <cmath>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace agate;

TEST_CASE("every chunk of a range is visited once, whatever the threads") {
  for (const int threads : {0, 1, 2, 3, 8}) {
    for (const Index n : {Index{0}, Index{1}, Index{7}, Index{64}, Index{1001}}) {
      for (const Index grain : {Index{1}, Index{7}, Index{64}, Index{5000}}) {
        std::vector<std::atomic<int>> visits(static_cast<std::size_t>(n));
        std::atomic<Index> chunks{0}, too_large{0}, misplaced{0};
        parallel_for(threads, n, grain, [&](Index begin, Index end) {
          ++chunks;
          too_large += end - begin > grain || end <= begin;
          misplaced += begin % grain != 0;
          for (Index i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
        });
        CHECK(chunks == chunk_count(n, grain));
        CHECK(too_large == 0);
        CHECK(misplaced == 0);
        for (const auto& count : visits)
          if (count != 1) FAIL("an item was visited " << count << " times");
      }
    }
  }
  CHECK(chunk_count(-1, 4) == 0);
  CHECK(chunk_count(8, 4) == 2);
  CHECK(chunk_count(9, 4) == 3);
}

TEST_CASE("no chunks, no calls") {
  parallel_chunks(4, 0, [](Index) { FAIL("called"); });
  parallel_chunks(4, -5, [](Index) { FAIL("called"); });
}

TEST_CASE("sums over chunks are the same bit by bit with 1 to 8 threads") {
  const Index n = 100000, grain = 777;
  const auto sum = [&](int threads) {
    std::vector<float> parts(static_cast<std::size_t>(chunk_count(n, grain)));
    parallel_for(threads, n, grain, [&](Index begin, Index end) {
      float part = 0;
      for (Index i = begin; i < end; ++i) part += std::sin(static_cast<float>(i));
      parts[static_cast<std::size_t>(begin / grain)] = part;
    });
    float total = 0;
    for (const float part : parts) total += part;
    return total;
  };
  const float expected = sum(1);
  for (int threads = 2; threads <= 8; ++threads) CHECK(sum(threads) == expected);
}

TEST_CASE("several threads do work at the same time") {
  // Each of two chunks waits for the other: one thread alone would wait for ever.
  std::atomic<int> arrived{0};
  std::set<std::thread::id> ids;
  std::mutex mutex;
  parallel_chunks(2, 2, [&](Index) {
    ++arrived;
    while (arrived < 2) std::this_thread::yield();
    std::lock_guard lock(mutex);
    ids.insert(std::this_thread::get_id());
  });
  CHECK(ids.size() == 2);
  CHECK(ids.contains(std::this_thread::get_id()));
}

TEST_CASE("the exception of the lowest chunk surfaces once, on the calling thread") {
  for (const int threads : {1, 2, 8}) {
    for (int round = 0; round < 20; ++round) {
      int caught = 0;
      std::atomic<int> running{0};
      try {
        parallel_chunks(threads, 100, [&](Index c) {
          ++running;
          struct Leave {
            std::atomic<int>& count;
            ~Leave() { --count; }
          } leave{running};
          if (c >= 17) fail(ErrorCode::value, "chunk ", c);
        });
      } catch (const Error& error) {
        ++caught;
        CHECK(running == 0);
        CHECK(std::string(error.what()) == "chunk 17");
      }
      CHECK(caught == 1);
    }
  }
  // And the next call works as if nothing had happened.
  std::atomic<int> calls{0};
  parallel_chunks(4, 10, [&](Index) { ++calls; });
  CHECK(calls == 10);
}

TEST_CASE("a call inside a body runs, on the thread of the body") {
  std::atomic<int> inner{0}, strangers{0};
  parallel_chunks(4, 8, [&](Index) {
    const auto outer_thread = std::this_thread::get_id();
    parallel_for(4, 100, 10, [&](Index begin, Index end) {
      inner += static_cast<int>(end - begin);
      strangers += std::this_thread::get_id() != outer_thread;
    });
  });
  CHECK(inner == 800);
  CHECK(strangers == 0);
}

TEST_CASE("a nested exception reaches the outer caller") {
  const auto refused = refusal([] {
    parallel_chunks(4, 8, [](Index outer) {
      parallel_chunks(4, 8, [&](Index c) { check(c < 3, ErrorCode::value, outer, "/", c); });
    });
  });
  CHECK(refused.sentence == "0/3");
}

TEST_CASE("calls from several threads at once do not disturb each other") {
  std::atomic<Index> total{0};
  {
    std::vector<std::jthread> callers;
    for (int t = 0; t < 4; ++t)
      callers.emplace_back([&] {
        for (int i = 0; i < 50; ++i)
          parallel_for(2, 1000, 100, [&](Index begin, Index end) { total += end - begin; });
      });
  }
  CHECK(total == 4 * 50 * 1000);
}

TEST_CASE("there is at least one thread") { CHECK(default_threads() >= 1); }
