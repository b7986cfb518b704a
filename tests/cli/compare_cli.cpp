#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "explain/svg_check.hpp"

namespace {

nlohmann::json read_json(const std::string& path) { return nlohmann::json::parse(slurp(path)); }

// Without what differs from one execution to the next.
nlohmann::json lasting(nlohmann::json entry) {
  for (const char* key : {"peak_mb", "peak_rss_mb"}) {
    CHECK(entry.contains(key));
    entry.erase(key);
  }
  for (auto& run : entry["runs"])
    for (const char* key : {"epoch_ms", "seconds"}) run.erase(key);
  return entry;
}

const std::string options =
    "--data karate --runs 2 --seed 3 --split random:0.3/0.3/0.4 --epochs 40 --set hidden=4 --quiet";

}  // namespace

TEST_CASE("compare gives each model what train gives it alone") {
  const TemporaryFolder folder;
  const Ran ran =
      shell("agate compare --models gcn,gat,mlp " + options + " --json c.json --chart c.svg",
            folder.path(""));
  INFO(ran.err << ran.out);
  REQUIRE(ran.code == 0);
  CHECK(ran.err.empty());
  const auto compared = read_json(folder.path("c.json"));
  REQUIRE(compared.size() == 3);
  double best = 0;
  std::string best_model;
  for (const auto& entry : compared) {
    const std::string model = entry["model"];
    REQUIRE(
        shell("agate train --model " + model + " " + options + " --json t.json", folder.path(""))
            .code == 0);
    const auto alone = read_json(folder.path("t.json"));
    CHECK(entry["test_mean"] == alone["test_mean"]);
    CHECK(lasting(entry) == lasting(alone));
    char percent[64];
    std::snprintf(percent, sizeof percent, "%.2f +- %.2f %%",
                  100 * entry["test_mean"].get<double>(), 100 * entry["test_std"].get<double>());
    const auto at = ran.out.find("\n" + model + " ");
    REQUIRE(at != std::string::npos);
    const std::string line = ran.out.substr(at + 1, ran.out.find('\n', at + 1) - at - 1);
    CHECK(line.find(percent) != std::string::npos);
    CHECK(line.find(" " + entry["parameters"].dump() + " ") != std::string::npos);
    if (entry["test_mean"] > best) {
      best = entry["test_mean"];
      best_model = line;
    }
  }
  CHECK(ran.out.find("\ngcn ") < ran.out.find("\ngat "));
  CHECK(ran.out.find("\ngat ") < ran.out.find("\nmlp "));
  CHECK(best_model.find(" * ") != std::string::npos);
  const std::string svg = slurp(folder.path("c.svg"));
  CHECK(xml_fault(svg) == "");
  CHECK(count(svg, "class=\"bar\"") == 3);
  CHECK(count(svg, "class=\"run\"") == 6);
  CHECK(count(svg, "font-weight=\"bold\">" + best_model.substr(0, 3) + "<") == 1);
}

TEST_CASE("a model without the preset keeps its default, and the table says so") {
  const TemporaryFolder folder;
  const Ran ran =
      shell("agate compare --models mlp,gcn --preset paper " + options + " --json c.json",
            folder.path(""));
  REQUIRE(ran.code == 0);
  CHECK(ran.out.find("mlp has no preset \"paper\": its default\n") != std::string::npos);
  const auto compared = read_json(folder.path("c.json"));
  CHECK(compared[0]["preset"] == "default");
  CHECK(compared[1]["preset"] == "paper");
  CHECK(compared[1]["config"]["stop"] == "gcn");
}

TEST_CASE("a model that fails leaves the others their results") {
  const TemporaryFolder folder;
  // Sums over the neighbours leave the range of floats sooner than one row does.
  const Ran ran =
      shell("agate compare --models gin,mlp --lr 100 --optimizer sgd " + options + " --json c.json",
            folder.path(""));
  INFO(ran.err << ran.out);
  CHECK(ran.code == 1);
  CHECK(ran.err.starts_with("agate: gin: train: the "));
  CHECK(ran.out.find(" failed\n") != std::string::npos);
  const auto compared = read_json(folder.path("c.json"));
  REQUIRE(compared.size() == 1);
  CHECK(compared[0]["model"] == "mlp");
}

TEST_CASE("compare says where it is, and an interrupt leaves the table of what has ended") {
  const TemporaryFolder folder;
  // Heads make gat slow, and not mlp.
  const Ran ran =
      shell("'" AGATE_PROGRAM
            "' compare --data karate --models mlp,gat --epochs 20000 --stop none --heads 64 "
            "--json c.json 2> said > table & until grep -q '^gat (2/2)  run 1/1  epoch' said; do "
            "sleep 0.1; done; kill -INT $!; wait $!",
            folder.path(""));
  CHECK(ran.code == 130);
  CHECK(slurp(folder.path("said")).find("s left\n") != std::string::npos);
  CHECK(slurp(folder.path("said")).find("agate: interrupted") != std::string::npos);
  CHECK(slurp(folder.path("table")).find("\nmlp   * ") != std::string::npos);
  CHECK(slurp(folder.path("table")).find("not reached\n") != std::string::npos);
  CHECK(read_json(folder.path("c.json")).size() == 1);
}
