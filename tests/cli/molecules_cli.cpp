// Molecules from the command line to the picture.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "temporary_folder.hpp"

#ifdef AGATE_HAS_MOLECULES

namespace {

/// Chains of two to nine carbons with or without an acid, which is what is asked for.
std::string acids() {
  std::string table = "name,smiles,acid,mass,remark\n";
  for (int k = 0; k < 120; ++k) {
    const std::string chain(static_cast<std::size_t>(2 + k % 8), 'C');
    const bool acid = k % 3 == 0;
    table += "m" + std::to_string(k) + "," + chain +
             (acid         ? "C(=O)O"
              : k % 3 == 1 ? "CO"
                           : "CN") +
             "," +
             (k % 10 == 9 ? ""
              : acid      ? "1"
                          : "0") +
             "," + std::to_string(30 + 7 * (k % 8)) + ".5,none\n";
  }
  return table + "bad,C1CC,1,3.5,none\n";
}

constexpr const char* quick =
    " --hidden 16 --dropout 0 --attention-dropout 0 --lr 0.01 --batch-size 32 --epochs 40 --quiet ";

}  // namespace

TEST_CASE("molecules: trained on, saved, predicted and explained") {
  const TemporaryFolder folder;
  folder.file("m.csv", acids());
  const Ran train =
      shell("agate train --smiles m.csv --targets acid --id name --model attentive_fp" +
                std::string(quick) + "--runs 2 --calibrate --save m.safetensors --json r.json",
            folder.path(""));
  INFO(train.err);
  REQUIRE(train.code == 0);
  CHECK(holds(train.out, "fingerprints, logistic regression: roc_auc"));
  CHECK(holds(train.out, "calibration error"));
  CHECK(holds(train.out, "2 models in one file"));
  const auto results = nlohmann::json::parse(slurp(folder.path("r.json")));
  CHECK(results["test_mean"].get<double>() > 0.9);
  CHECK(results["labels"][0]["label"] == "acid");

  const Ran predict =
      shell("agate predict --model m.safetensors --smiles m.csv --id name", folder.path(""));
  CHECK(predict.code == 0);
  CHECK(predict.out.starts_with("id,acid,p(acid),spread(acid),likeness\nm0,1,"));
  CHECK(std::count(predict.out.begin(), predict.out.end(), '\n') == 121);
  CHECK(holds(predict.err, "m.csv:122: SMILES \"C1CC\""));
  const Ran one =
      shell("agate predict --quiet --model m.safetensors --smiles CCCCCC'(=O)'O", folder.path(""));
  CHECK(one.out.starts_with("id,acid,p(acid),spread(acid),likeness\nCCCCCC(=O)O,,0."));
  CHECK(holds(
      shell("agate predict --model m.safetensors --smiles 'c1ccc2[nH]ccc2c1'", folder.path("")).err,
      "1 of 1 molecules are unlike anything"));

  const Ran explain = shell(
      "agate explain --model m.safetensors --smiles 'CCCCCC(=O)O' --picture a.svg --json a.json "
      "--report one.html",
      folder.path(""));
  INFO(explain.err);
  REQUIRE(explain.code == 0);
  CHECK(holds(explain.out, "without the 2 atoms that come first it changes by"));
  CHECK(slurp(folder.path("a.svg")).starts_with("<svg"));
  const auto told = nlohmann::json::parse(slurp(folder.path("a.json")))[0];
  REQUIRE(told["atoms"].size() == 8);
  // One of the acid's own atoms comes first, and counts more than chance.
  const auto atoms = told["atoms"].get<std::vector<double>>();
  const auto first =
      std::ranges::max_element(atoms, {}, [](double v) { return std::abs(v); }) - atoms.begin();
  CHECK(first >= 5);
  CHECK(told["fidelity"]["top"].get<double>() > told["fidelity"]["random"].get<double>());

  const Ran sheet = shell(
      "agate explain --quiet --model m.safetensors --smiles m.csv --method gradient --top 3 "
      "--report all.html",
      folder.path(""));
  CHECK(sheet.code == 0);
  const std::string page = slurp(folder.path("all.html"));
  CHECK(page.starts_with("<!DOCTYPE html>"));
  std::size_t cards = 0;
  for (std::size_t at = page.find("class=\"card\""); at != std::string::npos;
       at = page.find("class=\"card\"", at + 1))
    ++cards;
  CHECK(cards == 3);
}

TEST_CASE("molecules: numbers, scaffolds, bad rows and names with markup") {
  const TemporaryFolder folder;
  folder.file("m.csv", acids());
  const Ran numbers = shell(
      "agate train --smiles m.csv --targets mass --model gine --preset "
      "molecule --split random:0.8/0.1/0.1" +
          std::string(quick) + "--save n.safetensors",
      folder.path(""));
  INFO(numbers.err);
  CHECK(numbers.code == 0);
  CHECK(holds(numbers.out, "test rmse"));
  CHECK(holds(numbers.out, "fingerprints, perceptron: rmse"));
  folder.file("x.csv", "id,smiles\n<script>alert(1)</script>,CCO\n");
  CHECK(shell("agate explain --quiet --model n.safetensors --smiles x.csv --id id --report x.html",
              folder.path(""))
            .code == 0);
  CHECK_FALSE(holds(slurp(folder.path("x.html")), "<script"));
}

TEST_CASE("molecules: what makes no sense is refused") {
  const TemporaryFolder folder;
  folder.file("m.csv", acids());
  folder.file("long.smi", std::string(3000, 'C') + "\n");
  REQUIRE(shell("agate train --smiles m.csv --targets acid --model gcn --preset molecule" +
                    std::string(quick) + "--save m.safetensors",
                folder.path(""))
              .code == 0);
  const auto refused = [&](const std::string& line, int code, const std::string& sentence) {
    INFO(line);
    const Ran ran = shell(line, folder.path(""));
    CHECK(ran.code == code);
    INFO(ran.err);
    CHECK(holds(ran.err, sentence));
  };
  refused("agate train --smiles m.csv", 2, "--smiles without --targets");
  refused("agate train --smiles none.csv --targets all", 1, "there is no file none.csv");
  refused("agate train --smiles CCO --targets all", 1, "there is no file CCO");
  refused("agate train --smiles m.csv --targets acidity", 1, "no column \"acidity\"");
  refused("agate train --smiles m.csv --targets acid,mass", 1, "mass");
  refused("agate train --smiles m.csv --targets acid --invalid refuse", 1, "m.csv:122");
  refused("agate train --smiles m.csv --data karate --targets acid", 2, "several sources");
  refused("agate predict --model m.safetensors --smiles C1CC", 1, "never closed");
  refused("agate predict --model m.safetensors --smiles ''", 2, "");
  refused("agate predict --model m.safetensors --smiles long.smi", 1, "at most 2000");
  refused("agate predict --model m.safetensors --data karate", 2, "a model of molecules");
  refused("agate explain --model m.safetensors --smiles CCO --target base", 2, "known: acid");
  refused("agate explain --model m.safetensors --smiles CCO --method magic", 2, "magic");
  refused("agate explain --model m.safetensors --smiles CCO --method attention", 1,
          "pay no attention");
  refused("agate explain --model m.safetensors --smiles m.csv --picture p.svg", 2,
          "shows one molecule");
}

#endif
