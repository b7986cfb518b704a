// Sequences from the command line to the file.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "temporary_folder.hpp"

namespace {

// Twelve letters and what comes after each, in words of up to three.
std::string pairs() {
  std::string text;
  const std::string letters = "abcdefghijkl";
  auto next = [](char c) { return c == 'l' ? 'a' : static_cast<char>(c + 1); };
  for (const char a : letters)
    for (const char b : letters) {
      text += std::string{a, b} + "\t" + next(a) + next(b) + "\n";
      text += std::string{a, b, a} + "\t" + next(a) + next(b) + next(a) + "\n";
    }
  return text;
}

}  // namespace

TEST_CASE("a person's own pairs are learned, scored, said and shown") {
  const TemporaryFolder folder;
  folder.file("pairs.tsv", pairs());
  const std::string model = folder.path("m.safetensors"), json = folder.path("r.json");
  const Ran train = shell("agate train --pairs " + folder.path("pairs.tsv") +
                          " --model bahdanau --hidden 32 --dropout 0 --lr 0.01 --epochs 40 --quiet "
                          "--save " +
                          model + " --json " + json + " --report " + folder.path("r.html"));
  CHECK(train.code == 0);
  CHECK(train.out.find("held out") != std::string::npos);
  for (const char* there : {"bahdanau on", "What it says", "What it looks at", "Learning"})
    CHECK(slurp(folder.path("r.html")).find(there) != std::string::npos);
  const auto results = nlohmann::json::parse(slurp(json));
  CHECK(results["task"] == "sequence");
  CHECK(results["test_mean"] > 0.9);
  CHECK(results["runs"][0]["tests"]["held out"]["exact"] == results["test_mean"]);

  const Ran scored = shell("agate evaluate --quiet --pairs " + folder.path("pairs.tsv") +
                           " --model " + model + " --json /dev/stdout");
  CHECK(scored.code == 0);
  CHECK(nlohmann::json::parse(scored.out)["exact"] > 0.9);
  CHECK(nlohmann::json::parse(scored.out)["sequences"] == 288);
  // The part that training tested on gives the score that training told.
  const Ran part = shell("agate evaluate --pairs " + folder.path("pairs.tsv") + " --model " +
                         model + " --split random:0.8/0.1/0.1 --json /dev/stdout");
  CHECK(part.err.empty());
  CHECK(nlohmann::json::parse(part.out)["exact"] == results["test_mean"]);
  CHECK(nlohmann::json::parse(part.out)["sequences"] < 40);
  CHECK(shell("agate evaluate --pairs " + folder.path("pairs.tsv") + " --model " + model)
            .err.find("those it was trained on among them") != std::string::npos);

  folder.file("asked.tsv", "ab\nla\n");
  const Ran said =
      shell("agate predict --quiet --pairs " + folder.path("asked.tsv") + " --model " + model);
  CHECK(said.out == "source,said\nab,bc\nla,ab\n");
  const Ran beam = shell("agate predict --quiet --beam 4 --source kl --model " + model);
  CHECK(beam.out == "source,said\nkl,la\n");
  const Ran shown =
      shell("agate explain --source abc --model " + model + " --picture " + folder.path("a.svg"));
  CHECK(shown.code == 0);
  CHECK(shown.out.find("said    bcd") != std::string::npos);
  CHECK(slurp(folder.path("a.svg")).find("(end)") != std::string::npos);
  CHECK(shell("agate info --model " + model).out.find("12 characters: a b c") != std::string::npos);

  folder.file("strange.tsv", "ab\na?\n");
  const Ran strange =
      shell("agate predict --pairs " + folder.path("strange.tsv") + " --model " + model);
  CHECK(strange.code == 1);
  CHECK(strange.err.find("strange.tsv:2: \"?\" is not among the 12 characters that are known") !=
        std::string::npos);
}

TEST_CASE("models of sequences are compared in one table") {
  const TemporaryFolder folder;
  const Ran ran = shell(
      "agate compare --task sequence --data sort --lengths 1-3 --per-epoch 60 --epochs 2 --hidden "
      "16 --threads 1 --quiet --models "
      "encoder_decoder,bahdanau,luong,transformer,rfa_transformer,ntm,lstm --json " +
      folder.path("c.json") + " --chart " + folder.path("c.svg") + " --report " +
      folder.path("c.html"));
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(slurp(folder.path("c.html")).find("Models on sort") != std::string::npos);
  CHECK(ran.out.find("length 1-3") != std::string::npos);
  CHECK(ran.out.find("length 12") != std::string::npos);
  const auto json = nlohmann::json::parse(slurp(folder.path("c.json")));
  REQUIRE(json.size() == 7);
  for (const auto& row : json) CHECK(row["runs"][0]["tests"].size() == 3);
  CHECK(slurp(folder.path("c.svg")).find("rfa_transformer") != std::string::npos);
}

TEST_CASE("a model of vectors is drawn and scored on a task") {
  const TemporaryFolder folder;
  const std::string model = folder.path("m.safetensors");
  CHECK(shell("agate train --data copy --lengths 1-3 --model ntm --hidden 16 --memory-rows 8 "
              "--memory-columns 4 --per-epoch 40 --epochs 2 --quiet --save " +
              model)
            .code == 0);
  const Ran said = shell("agate predict --quiet --data copy --lengths 2 --top 3 --model " + model);
  CHECK(said.code == 0);
  CHECK(std::count(said.out.begin(), said.out.end(), '\n') == 4);
  CHECK(said.out.starts_with("source,said,target\n"));
  const Ran scored = shell("agate evaluate --data copy --model " + model);
  CHECK(scored.out.starts_with("500 sequences"));
  const Ran refused = shell("agate explain --data copy --node 3 --model " + model);
  CHECK(refused.code == 2);
  CHECK(refused.err.find("--node is not for sequences; of them explain takes --model") !=
        std::string::npos);
  const Ran shown = shell("agate explain --data copy --lengths 3 --model " + model + " --picture " +
                          folder.path("a.svg"));
  CHECK(shown.code == 0);
  CHECK(slurp(folder.path("a.svg")).find("row of the memory") != std::string::npos);
  CHECK(shell("agate predict --source 01 --model " + model).err.find("reads and says vectors") !=
        std::string::npos);
  CHECK(shell("agate predict --data sort --model " + model).code == 1);
}
