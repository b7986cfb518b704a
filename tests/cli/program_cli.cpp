#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.hpp"
#include "explain/svg_check.hpp"

namespace {

const std::string tables =
    "--nodes " AGATE_SOURCE_DIR "/datasets/karate/nodes.csv --edges " AGATE_SOURCE_DIR
    "/datasets/karate/edges.csv";

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

}  // namespace

TEST_CASE("train writes a model, predictions, results and a picture") {
  const TemporaryFolder folder;
  const Ran ran =
      shell("agate train --data karate --epochs 60 --runs 2 --save '" +
            folder.path("m.safetensors") + "' --out '" + folder.path("p.csv") + "' --json '" +
            folder.path("r.json") + "' --picture '" + folder.path("g.svg") + "'");
  CHECK(ran.code == 0);
  CHECK(ran.out.find("test accuracy") != std::string::npos);
  CHECK(folder.count() == 4);
  const auto csv = lines(slurp(folder.path("p.csv")));
  REQUIRE(csv.size() == 35);
  CHECK(csv[0] == "id,label,predicted,probability,spread,p(Mr. Hi),p(Officer)");
  CHECK(slurp(folder.path("g.svg")).find("<svg") != std::string::npos);
  const auto json = nlohmann::json::parse(slurp(folder.path("r.json")));
  for (const char* key : {"agate", "data", "task", "model", "split", "metric", "runs", "test_mean",
                          "test_std", "metrics", "parameters", "peak_rss_mb", "threads"})
    CHECK(json.contains(key));
  REQUIRE(json["runs"].size() == 2);
  for (const char* key :
       {"seed", "fold", "test", "val", "best_epoch", "epochs", "epoch_ms", "seconds", "metrics"})
    CHECK(json["runs"][1].contains(key));
  CHECK(json["runs"][1]["seed"] == 1);
  CHECK(json["test_mean"].get<double>() > 0.6);
  const Ran info = shell("agate info --model '" + folder.path("m.safetensors") + "'");
  CHECK(info.code == 0);
  CHECK(info.out.find("convs.0.lin.weight") != std::string::npos);
}

TEST_CASE("train and predict draw what the last layer attended to") {
  const TemporaryFolder folder;
  const Ran ran = shell(
      "agate train --data karate --epochs 5 --output-heads 2 --quiet --heat-map t.svg "
      "--save m.safetensors && agate predict --model m.safetensors --data karate --quiet "
      "--heat-map p.svg --out p.csv",
      folder.path(""));
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out.find("heat map written to t.svg\n") != std::string::npos);
  for (const char* name : {"t.svg", "p.svg"}) {
    const std::string svg = slurp(folder.path(name));
    // Each of 78 friendships both ways, and 34 nodes to themselves.
    CHECK(count(svg, "class=\"cell\"") == 2 * (2 * 78 + 34));
    CHECK(count(svg, ">head 2<") == 1);
    CHECK(count(svg, ">no edge<") == 1);
    CHECK(xml_fault(svg) == "");
  }
}

TEST_CASE("evaluate scores a saved model, on all labels or on the parts of a split") {
  const TemporaryFolder folder;
  const std::string model = folder.path("m.safetensors"), json = folder.path("e.json");
  REQUIRE(shell("agate train --data karate --epochs 60 --quiet --save '" + model + "' --json '" +
                folder.path("r.json") + "'")
              .code == 0);
  const Ran ran = shell("agate evaluate --model '" + model +
                        "' --data karate --split per-class:4/4 --json '" + json + "'");
  CHECK(ran.code == 0);
  CHECK(ran.out.find("precision") != std::string::npos);
  const auto trained = nlohmann::json::parse(slurp(folder.path("r.json"))),
             evaluated = nlohmann::json::parse(slurp(json));
  CHECK(evaluated["test_mean"] == trained["test_mean"]);
  CHECK(evaluated["parts"]["val"]["accuracy"] == trained["runs"][0]["val"]);
  int seen = 0;
  for (const auto& row : evaluated["confusion"])
    for (int count : row) seen += count;
  CHECK(seen == 34 - 16);
  CHECK(shell("agate evaluate --model '" + model + "' --data karate").code == 0);
}

TEST_CASE("a model trained with structural features finds them again") {
  const TemporaryFolder folder;
  const std::string model = folder.path("m.safetensors");
  REQUIRE(shell("agate train --data karate --structural spectral:2,random_walk:3 --model gcn "
                "--epochs 20 --quiet --save '" +
                model + "' --out '" + folder.path("a.csv") + "'")
              .code == 0);
  const Ran ran = shell("agate predict --model '" + model + "' --data karate --quiet --out '" +
                        folder.path("b.csv") + "'");
  CHECK(ran.code == 0);
  CHECK(slurp(folder.path("a.csv")) == slurp(folder.path("b.csv")));
}

TEST_CASE("several labels for each node, from table to table") {
  const TemporaryFolder folder;
  std::string nodes = "id,age,sporty,musical\n", edges = "source,target\n";
  for (int i = 0; i < 40; ++i)
    nodes += std::to_string(i) + "," + std::to_string(i % 4) + "," + std::to_string(i % 2) + "," +
             (i % 5 == 0 ? "" : std::to_string(i / 2 % 2)) + "\n";
  for (int i = 0; i < 40; ++i)
    edges += std::to_string(i) + "," + std::to_string((i + 4) % 40) + "\n";
  folder.file("n.csv", nodes);
  folder.file("e.csv", edges);
  const std::string at = "cd '" + folder.path("") + "'\n";
  const Ran ran =
      shell(at +
            "agate train --nodes n.csv --edges e.csv --label sporty,musical --epochs 80 "
            "--save m.safetensors --out p.csv --json r.json");
  CHECK(ran.code == 0);
  CHECK(lines(slurp(folder.path("p.csv")))[0] == "id,sporty,p(sporty),musical,p(musical)");
  CHECK(nlohmann::json::parse(slurp(folder.path("r.json")))["metric"] == "roc_auc");
  CHECK(
      shell(at + "agate evaluate --model m.safetensors --nodes n.csv --edges e.csv --quiet").code ==
      0);
  CHECK(
      shell(at + "agate predict --model m.safetensors --nodes n.csv --edges e.csv --quiet").code ==
      0);
  const Ran picture = shell(at +
                            "agate train --nodes n.csv --edges e.csv --label sporty,musical "
                            "--epochs 2 --quiet --picture g.svg");
  CHECK(picture.code == 1);
  CHECK(picture.err.find("has none") != std::string::npos);
}

TEST_CASE("bench measures what it is asked for") {
  const TemporaryFolder folder;
  const Ran ran = shell("agate bench --only 'small graph' --rounds 2 --quiet --json '" +
                        folder.path("b.json") + "'");
  CHECK(ran.code == 0);
  const auto json = nlohmann::json::parse(slurp(folder.path("b.json")));
  REQUIRE(json["rows"].size() == 1);
  CHECK(json["rows"][0]["median_ms"].get<double>() > 0);
}

TEST_CASE("the same seed writes the same file with any number of threads") {
  const TemporaryFolder folder;
  for (const char* threads : {"1", "3"})
    CHECK(shell("agate train --data polblogs --epochs 15 --quiet --threads " +
                std::string(threads) + " --save '" + folder.path(threads) + "'")
              .code == 0);
  CHECK(slurp(folder.path("1")) == slurp(folder.path("3")));
  CHECK(!slurp(folder.path("1")).empty());
}

TEST_CASE(
    "predict takes columns in another order and unseen categories, and names what is missing") {
  const TemporaryFolder folder;
  std::string people = "id,age,town,side\n", friends = "source,target\n";
  for (int i = 0; i < 40; ++i) {
    people += "p" + std::to_string(i) + "," + std::to_string(20 + i % 7 + 30 * (i % 2)) +
              (i % 3 ? ",Oslo," : ",Bergen,") + (i < 36 ? (i % 2 ? "red" : "blue") : "") + "\n";
    friends += "p" + std::to_string(i) + ",p" + std::to_string((i + 2) % 40) + "\n";
  }
  const std::string model = folder.path("m.safetensors");
  const Ran trained = shell("agate train --nodes '" + folder.file("n.csv", people) + "' --edges '" +
                            folder.file("e.csv", friends) + "' --label side --epochs 80 --save '" +
                            model + "' --out '" + folder.path("first.csv") + "'");
  REQUIRE(trained.code == 0);
  auto predict = [&](const std::string& nodes, const std::string& edges) {
    return shell("agate predict --model '" + model + "' --nodes '" + folder.file("n2.csv", nodes) +
                 "' --edges '" + folder.file("e2.csv", edges) + "'");
  };
  // The same people again give the same probabilities, to the last digit.
  const Ran again = predict(people, friends);
  CHECK(again.code == 0);
  CHECK(again.out == slurp(folder.path("first.csv")));

  const Ran other = predict("town,shoe,age,id\nOslo,1,24,ann\nParis,2,51,bob\n,3,50,cat\n",
                            "source,target\nann,bob\ncat,bob\n");
  CHECK(other.code == 0);
  REQUIRE(lines(other.out).size() == 4);
  CHECK(lines(other.out)[2].starts_with("bob,,red,"));
  CHECK(lines(other.out)[3].starts_with("cat,,red,"));
  CHECK(other.err.find("shoe") != std::string::npos);

  const Ran missing = predict("id,town\nann,Oslo\nbob,Oslo\n", "source,target\nann,bob\n");
  CHECK(missing.code == 1);
  CHECK(missing.err.find("\"age\"") != std::string::npos);
  const Ran unknown = predict("id,age,town\nann,20,Oslo\n", "source,target\nann,zoe\n");
  CHECK(unknown.code == 1);
  CHECK(unknown.err.find("\"zoe\" is not an id") != std::string::npos);
}

TEST_CASE("an interrupted training saves what it has and exits with 130") {
  const TemporaryFolder folder;
  const std::string model = folder.path("m.safetensors");
  // As Ctrl-C does, some time after the program has said what it trains on.
  const Ran ran =
      shell("'" AGATE_PROGRAM
            "' train --data polblogs --epochs 1000000 "
            "--patience 1000000 --save '" +
            model + "' 2> '" + folder.path("said") + "' & until grep -q 'split random' '" +
            folder.path("said") + "'; do sleep 0.1; done; sleep 0.5; kill -INT $!; wait $!");
  CHECK(ran.code == 130);
  CHECK(slurp(folder.path("said")).find("interrupted") != std::string::npos);
  CHECK(shell("agate predict --quiet --data polblogs --model '" + model + "' > /dev/null").code ==
        0);
}

TEST_CASE("a full disk leaves the old model whole") {
  const TemporaryFolder folder;
  const std::string model = folder.file("m.safetensors", "old");
  // A limit on the size of files stands for the full disk.
  const Ran ran = shell("ulimit -f 1; trap '' XFSZ; agate train --data karate --epochs 3 --save '" +
                        model + "'");
  CHECK(ran.code == 1);
  CHECK(ran.err.find(model) != std::string::npos);
  CHECK(slurp(model) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("every switch goes both ways, and what is said last holds") {
  const auto dropped = [](const std::string& flags) {
    const Ran ran = shell("agate train --data tox21 --model gine --preset molecule " + flags +
                          " --print-config");
    REQUIRE(ran.code == 0);
    return nlohmann::json::parse(ran.out).at("drop_hidden").get<bool>();
  };
  CHECK_FALSE(dropped(""));  // the preset says so
  CHECK(dropped("--drop-hidden"));
  CHECK(dropped("--no-drop-hidden --drop-hidden"));
  CHECK_FALSE(dropped("--drop-hidden --no-drop-hidden"));
  CHECK(dropped("--set drop_hidden=false --drop-hidden"));
  CHECK_FALSE(dropped("--drop-hidden --set layers=3 drop_hidden=false"));
  CHECK(shell("agate train --no-drop-hiden").err.find("--no-drop-hidden") != std::string::npos);
}

TEST_CASE("the effective options can be printed, and read back") {
  const TemporaryFolder folder;
  const Ran printed =
      shell("agate train --data karate --preset paper --heads 4 --no-bias --print-config");
  REQUIRE(printed.code == 0);
  const auto json = nlohmann::json::parse(printed.out);
  CHECK(json["heads"] == 4);
  CHECK(json["bias"] == false);
  CHECK(json["value_dropout"] == 0.6);
  const Ran again =
      shell("agate train --print-config --config '" + folder.file("c.json", printed.out) + "'");
  CHECK(again.out == printed.out);
  const Ran flag_wins =
      shell("agate train --print-config --heads 2 --config '" + folder.path("c.json") + "'");
  CHECK(nlohmann::json::parse(flag_wins.out)["heads"] == 2);
}

TEST_CASE("info tells what there is") {
  const Ran all = shell("agate info");
  CHECK(all.code == 0);
  CHECK(all.out.find("karate") != std::string::npos);
  CHECK(all.out.find("gcn") != std::string::npos);
  const Ran karate = shell("agate info " + tables + " --label club");
  CHECK(karate.code == 0);
  CHECK(karate.out.find("34 nodes, 78 edges (undirected)") != std::string::npos);
  CHECK(shell("agate").out.find("Usage") != std::string::npos);
  CHECK(shell("agate train --help").out.find("--negative-slope") != std::string::npos);
  CHECK(shell("agate --version").out == "agate 0.1.0\n");
}
