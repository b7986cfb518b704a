#include "cli/program.hpp"

TEST_CASE("a model trained on a DOT file predicts on a node-link JSON file") {
  const TemporaryFolder folder;
  std::string text = "graph {\n", seen = "{\"nodes\": [";
  for (int i = 0; i < 12; ++i) {
    const std::string node = std::to_string(i);
    text += node + " [kind=" + (i % 2 ? "odd" : "even") + ", size=" + std::to_string(i % 2 * 5) +
            "]; " + node + " -- " + std::to_string((i + 2) % 12) + "\n";
    seen +=
        (i ? ", {\"id\": " : "{\"id\": ") + node + ", \"size\": " + std::to_string(i % 2 * 5) + "}";
  }
  folder.file("numbers.dot", text + "}\n");
  folder.file("new.json", seen + "], \"links\": [{\"source\": 0, \"target\": 2}]}");
  const Ran trained = shell(
      "agate train --data numbers.dot --label kind --split per-class:2/2 --epochs 100 --quiet "
      "--save m.safetensors",
      folder.path(""));
  INFO(trained.err);
  CHECK(trained.code == 0);
  const Ran predicted =
      shell("agate predict --model m.safetensors --data new.json", folder.path(""));
  INFO(predicted.err);
  CHECK(predicted.code == 0);
  CHECK(predicted.out.starts_with("id,label,predicted,probability,p(even),p(odd)\n0,,even,"));
  CHECK(predicted.out.find("\n11,,odd,") != std::string::npos);
  const Ran info = shell("agate info --data numbers.dot --label kind", folder.path(""));
  CHECK(info.out.starts_with("numbers: 12 nodes, 12 edges (undirected), 1 features"));
  const Ran missing = shell("agate train --data numbers.dot --label knd --quiet", folder.path(""));
  CHECK(missing.code == 1);
  CHECK(missing.err == "agate: numbers.dot: no column \"knd\"; there are: kind, id, size\n");
}
