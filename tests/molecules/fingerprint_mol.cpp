#include <agate/molecules/fingerprint.hpp>
#include <agate/molecules/smiles_table.hpp>

#include "catch.hpp"
#include "data_folder.hpp"

using namespace agate;
using namespace agate::molecules;

namespace {

using Ids = std::vector<Index>;

Fingerprint of(const char* smiles, const FingerprintOptions& options = {}) {
  return morgan_fingerprint(parse_smiles(smiles), options);
}

}  // namespace

TEST_CASE("Morgan fingerprints are those of RDKit", "[molecules]") {
  // By GetMorganFingerprintAsBitVect(mol, 2, 2048) of RDKit 2022.09.5, and with 3 and 100.
  CHECK(of("CCO").bits() == Ids{80, 222, 294, 807, 1057, 1410});
  CHECK(of("c1ccccc1C(=O)O").bits() ==
        Ids{106, 389, 456, 650, 807, 1088, 1138, 1199, 1380, 1385, 1750, 1873, 1917, 1985});
  CHECK(of("CCO", {.radius = 3, .bits = 100}).bits() == Ids{11, 14, 37, 72, 86});
  CHECK(of("C[C@H](N)C(=O)O") == of("C[C@@H](N)C(=O)O"));
  CHECK(of("OCC") == of("CCO"));
  CHECK(refusal([] { of("C", {.radius = -1}); }).says("a radius of -1, expected 0 to 20"));
  CHECK(refusal([] { of("C", {.bits = 0}); }).says("0 bits, expected 1 to 2^20"));
}

TEST_CASE("a fingerprint keeps its bits", "[molecules]") {
  const Ids set{0, 63, 64, 99};
  const Fingerprint f(100, set);
  CHECK(f.bits() == set);
  CHECK(f.count() == 4);
  CHECK(f.words().size() == 2);
  CHECK(Fingerprint(0, {}).bits().empty());
  const Ids falling{3, 1}, twice{1, 1}, beyond{100};
  for (const Ids& wrong : {falling, twice, beyond})
    CHECK(refusal([&] { Fingerprint(100, wrong); }).code == ErrorCode::shape);
}

TEST_CASE("tanimoto is 1 of equals, symmetric, and between 0 and 1", "[molecules]") {
  const Fingerprint aspirin = of("CC(=O)Oc1ccccc1C(=O)O"), salicylic = of("OC(=O)c1ccccc1O");
  CHECK(tanimoto(aspirin, salicylic) == Approx(0.4482758620689655));
  CHECK(tanimoto(aspirin, salicylic) == tanimoto(salicylic, aspirin));
  CHECK(tanimoto(aspirin, aspirin) == 1);
  const Ids low{0}, high{1};
  CHECK(tanimoto(Fingerprint(8, low), Fingerprint(8, high)) == 0);
  CHECK(tanimoto(Fingerprint(8, {}), Fingerprint(8, {})) == 1);
  CHECK(tanimoto(Fingerprint(8, {}), Fingerprint(8, low)) == 0);
  CHECK(refusal([&] {
          tanimoto(aspirin, of("C", {.bits = 64}));
        }).says("fingerprints of 2048 and of 64 bits cannot be compared"));
}

TEST_CASE("the nearest of a list is the first of the most similar", "[molecules]") {
  const std::vector<Fingerprint> list{of("CCO"), of("c1ccccc1"), of("OCC"), of("CCN")};
  const Nearest found = nearest(of("CCO"), list);
  CHECK(found.index == 0);
  CHECK(found.similarity == 1);
  CHECK(nearest(of("c1ccccc1C"), list).index == 1);
  CHECK(nearest(std::span(list), list, 2)[2].index == 0);
  CHECK(nearest(std::span<const Fingerprint>{}, list, 1).empty());
  CHECK(refusal([&] { nearest(list[0], {}); }).code == ErrorCode::value);
  CHECK(refusal([&] { nearest(std::span(list), {}, 1); }).code == ErrorCode::value);
  const std::vector<Fingerprint> other{of("C", {.bits = 64})};
  CHECK(refusal([&] { nearest(std::span(other), list, 1); }).code == ErrorCode::shape);
  CHECK(refusal([&] { nearest(other[0], list); }).code == ErrorCode::shape);
}

TEST_CASE("many queries find what each finds alone, with any number of threads", "[molecules]") {
  const char* folder = data_folder();
  if (!folder) return;
  const auto smiles =
      read_smiles_table(std::string(folder) + "/molecules/delaney-processed.csv.gz").smiles;
  std::vector<Fingerprint> prints;
  for (const std::string& text : smiles) prints.push_back(morgan_fingerprint(parse_smiles(text)));
  const std::span queries(prints.begin(), 300), list(prints.begin() + 300, prints.end());
  const auto found = nearest(queries, list, 1);
  for (const int threads : {2, 3}) {
    const auto again = nearest(queries, list, threads);
    for (std::size_t q = 0; q < found.size(); ++q) CHECK(again[q].index == found[q].index);
  }
  for (std::size_t q = 0; q < found.size(); ++q) {
    const Nearest alone = nearest(queries[q], list);
    CHECK(found[q].index == alone.index);
    CHECK(found[q].similarity == alone.similarity);
  }
}
