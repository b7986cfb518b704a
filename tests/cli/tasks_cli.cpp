// Edges, links and whole graphs from the command line to the file.
#include <algorithm>

#include "cli/program.hpp"
#include "temporary_folder.hpp"

TEST_CASE("a model of links names who should know whom") {
  const TemporaryFolder folder;
  const std::string model = folder.path("links.safetensors");
  const Ran train = shell(
      "agate train --data karate --task link --model gcn --epochs 30 --quiet --save " + model, ".");
  CHECK(train.code == 0);
  CHECK(train.out.find("adamic_adar without training: roc_auc") != std::string::npos);
  const Ran best = shell("agate predict --quiet --data karate --top 4 --model " + model, ".");
  CHECK(best.code == 0);
  CHECK(best.out.starts_with("source,target,probability\n"));
  CHECK(std::count(best.out.begin(), best.out.end(), '\n') == 5);
  const Ran one =
      shell("agate predict --quiet --data karate --node 7 --top 3 --model " + model, ".");
  CHECK(one.out.find("\n7,") != std::string::npos);
  const Ran each =
      shell("agate predict --quiet --data karate --node all --top 2 --model " + model, ".");
  CHECK(std::count(each.out.begin(), each.out.end(), '\n') == 1 + 2 * 34);
  CHECK(shell("agate predict --quiet --data karate --node nobody --model " + model, ".").code == 1);
  const Ran scored = shell(
      "agate evaluate --data karate --quiet --split random:0.85/0.05/0.1 --model " + model, ".");
  CHECK(scored.code == 0);
  CHECK(scored.out.find("mrr") != std::string::npos);
  CHECK(shell("agate evaluate --data karate --quiet --model " + model, ".")
            .err.find("name the --split and the --seed") != std::string::npos);
}

TEST_CASE("a class that is not likely enough is not told") {
  const TemporaryFolder folder;
  const std::string model = folder.path("club.safetensors");
  REQUIRE(shell("agate train --data karate --epochs 50 --quiet --save " + model).code == 0);
  const Ran all = shell("agate predict --data karate --abstain 1 --model " + model);
  CHECK(all.err.find("34 of them not told") != std::string::npos);
  CHECK(all.out.find("1,Mr. Hi,,0.") != std::string::npos);
  const Ran none = shell("agate predict --data karate --abstain 0.01 --model " + model);
  CHECK(none.err.find(", 0 of them not told") != std::string::npos);
  CHECK(none.out.find(",,") == std::string::npos);
}

TEST_CASE("a model of edges fills the empty cells of a table") {
  const TemporaryFolder folder;
  std::string table = "from,to,rating,kind\n", asked = "from,to,rating,kind\n";
  for (int e = 0; e < 400; ++e) {
    const int source = e % 19, target = (e * 7 + e / 19) % 23;
    const std::string row = "s" + std::to_string(source) + ",t" + std::to_string(target) + ",";
    const std::string kind = e % 3 == 0 ? ",work\n" : ",home\n";
    table += row + (target % 2 == 0 ? "5" : "-5") + kind;
    if (e % 40 == 0) asked += row + kind;
  }
  folder.file("ratings.csv", table);
  folder.file("asked.csv", asked);
  const std::string model = folder.path("edges.safetensors");
  const Ran train = shell("agate train --edges " + folder.path("ratings.csv") +
                              " --directed --task edge --label 'rating>0' --model transformer_conv "
                              "--batch-size 50 --epochs 40 --quiet --save " +
                              model + " --out " + folder.path("all.csv"),
                          ".");
  CHECK(train.code == 0);
  CHECK(train.out.find("mean_label without training") != std::string::npos);
  CHECK(slurp(folder.path("all.csv"))
            .starts_with("source,target,label,predicted,probability,p(no),p(yes)\n"));
  const Ran predict =
      shell("agate predict --quiet --edges " + folder.path("asked.csv") + " --model " + model, ".");
  CHECK(predict.code == 0);
  CHECK(std::count(predict.out.begin(), predict.out.end(), '\n') == 11);
  // A feature of the edges that training had and these lack.
  folder.file("bare.csv", "from,to\ns1,t1\n");
  const Ran bare =
      shell("agate predict --quiet --edges " + folder.path("bare.csv") + " --model " + model, ".");
  CHECK(bare.code == 1);
  CHECK(bare.err.find("kind") != std::string::npos);
  const Ran numbers =
      shell("agate train --edges " + folder.path("ratings.csv") +
                " --directed --task edge --label rating --regression --model mlp --epochs 5 "
                "--quiet --json /dev/stdout",
            ".");
  CHECK(numbers.code == 0);
  CHECK(numbers.out.find("\"metric\": \"rmse\"") != std::string::npos);
}

TEST_CASE("a grid is chosen from by validation, in every fold") {
  const Ran ran = shell(
      "agate train --data karate --model gcn --split random:0.5/0.3/0.2 --runs 2 --epochs 5 "
      "--quiet --grid 'hidden=4,8 lr=0.01'",
      ".");
  CHECK(ran.code == 0);
  CHECK(ran.out.find("hidden=") != std::string::npos);
  CHECK(ran.out.find("lr=0.01") != std::string::npos);
}
