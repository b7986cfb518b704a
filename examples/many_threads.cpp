// One model, many threads of your own: no locks, no copies, the same answer to everyone.
#include <agate/model.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <thread>

int main() try {
  // In your program: agate::Model::load("club.safetensors").
  const agate::Model model({.model = agate::models::make_model({.in = 16, .out = 4}, 1),
                            .classes = {"a", "b", "c", "d"}});
  agate::Random random(2);
  std::vector<agate::Edge> edges;
  for (int e = 0; e < 60; ++e)
    edges.push_back({static_cast<agate::NodeId>(random.below(20)),
                     static_cast<agate::NodeId>(random.below(20))});
  const auto graph = agate::Graph::from_edges(20, edges, {.undirected = true});
  agate::Tensor x = agate::Tensor::uninitialized({20, 16});
  for (agate::Real& v : x.values()) v = static_cast<agate::Real>(random.normal());

  const agate::Tensor expected = model.predict(graph, x);
  constexpr int callers = 8, questions = 2000;
  std::atomic<int> different{0};
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < callers; ++t)
    threads.emplace_back([&] {
      for (int k = 0; k < questions; ++k) {
        const agate::Tensor said = model.predict(graph, x, {.threads = 1});
        if (!std::ranges::equal(said.values(), expected.values())) ++different;
      }
    });
  for (auto& thread : threads) thread.join();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("%d threads asked %d times: %.0f answers a second, %d of them different\n", callers,
              callers * questions, callers * questions / seconds.count(), different.load());
  return different == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "many_threads: %s\n", error.what());
  return 1;
}
