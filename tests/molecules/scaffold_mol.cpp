#include <agate/data/split.hpp>
#include <agate/io/file.hpp>
#include <agate/molecules/scaffold.hpp>
#include <agate/molecules/smiles_table.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "data_folder.hpp"

using namespace agate;
using namespace agate::molecules;

namespace {

using Ids = std::vector<Index>;

Ids rows_of(const Ids& items, const data::Dataset& dataset) {
  Ids rows;
  for (const Index item : items) rows.push_back(dataset.row_of(item));
  return rows;
}

Ids sorted(Ids rows) {
  std::ranges::sort(rows);
  return rows;
}

}  // namespace

TEST_CASE("the scaffold of a molecule is its rings and what links them", "[molecules]") {
  const auto scaffold = [](const char* smiles) { return murcko_scaffold(parse_smiles(smiles)); };
  CHECK(scaffold("CCO") == "");
  CHECK(scaffold("Cc1ccccc1O") == "c1ccccc1");
  CHECK(scaffold("OC(=O)c1ccc(cc1)CCc1ccncc1") == "c1ccc(CCc2ccncc2)cc1");
  CHECK(scaffold("CC1CCC(=O)CC1") == "O=C1CCCCC1");
  // Without stereo, and the same however it is written.
  CHECK(scaffold("C[C@H]1CC[C@@H](c2ccccc2)C1") == "c1ccc(C2CCCC2)cc1");
  CHECK(scaffold("c1(C2CCC(C)C2)ccccc1") == "c1ccc(C2CCCC2)cc1");
  CHECK(scaffold("[Na+].c1ccccc1C(=O)[O-]") == "c1ccccc1");
}

TEST_CASE("scaffold splits are those of the stored files, row by row", "[molecules]") {
  const char* folder = data_folder();
  if (!folder) return;
  for (const char* name :
       {"tox21", "clintox", "toxcast_data", "BBBP", "delaney-processed", "Lipophilicity", "HIV"}) {
    INFO(name);
    const std::string base = std::string(folder) + "/molecules/" + name;
    const std::string stem = std::string(name).substr(0, std::string(name).find_first_of("-_"));
    const std::string stored =
        std::string(folder) + "/molecules/" + stem + "_scaffold_split.json.gz";
    const SmilesTable table = read_smiles_table(base + ".csv.gz", {.scaffolds = true});
    data::Dataset d = table.dataset;
    // Every molecule counts, whatever was measured of it.
    d.classes = {"any"};
    d.y.assign(d.y.size(), 0);
    const data::Split split = data::make_split(d, data::ScaffoldSplit{}, 0);
    const auto from = nlohmann::json::parse(io::read_text(stored));
    CHECK((rows_of(split.train, d) == sorted(from["train"].get<Ids>())));
    CHECK((rows_of(split.val, d) == sorted(from["valid"].get<Ids>())));
    CHECK((rows_of(split.test, d) == sorted(from["test"].get<Ids>())));
    Ids rejected;
    for (const RejectedRow& row : table.rejected) rejected.push_back(row.row);
    CHECK(rejected == from["unparsable"].get<Ids>());
    // The file itself gives the same.
    const data::Split read = data::make_split(d, data::FileSplit{stored}, 0);
    CHECK((read.train == split.train));
    CHECK((read.val == split.val));
    CHECK((read.test == split.test));
  }
}
