#include <agate/molecules/molecule.hpp>
#include <string>
#include <thread>

#include "catch.hpp"

using namespace agate;
using namespace agate::molecules;

TEST_CASE("a molecule tells its atoms and bonds in the order of the SMILES", "[molecules]") {
  const Molecule molecule = parse_smiles("Cl[C@H](/C=C/C)Br");
  CHECK(molecule.num_atoms() == 6);
  CHECK(molecule.num_bonds() == 5);
  CHECK(molecule.symbols() == std::vector<std::string>{"Cl", "C", "C", "C", "C", "Br"});
  CHECK(molecule.bonds() == std::vector<Edge>{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {1, 5}});
  CHECK(molecule.canonical_smiles() == parse_smiles("Br[C@H](Cl)/C=C/C").canonical_smiles());
  CHECK(molecule.canonical_smiles() != parse_smiles("Br[C@@H](Cl)/C=C/C").canonical_smiles());
}

TEST_CASE("salts, charges, isotopes, single atoms and large molecules", "[molecules]") {
  CHECK(parse_smiles("[Na+].CC(=O)[O-]").num_atoms() == 5);
  CHECK(parse_smiles("[13CH4]").canonical_smiles() == "[13CH4]");
  CHECK(parse_smiles("C").num_bonds() == 0);
  CHECK(parse_smiles("*").symbols() == std::vector<std::string>{"*"});
  CHECK(parse_smiles("[2H]O[2H]").num_atoms() == 3);
  CHECK(parse_smiles("[H]O[H]").num_atoms() == 1);
  CHECK(parse_smiles(" CCO \n").canonical_smiles() == "CCO");
  CHECK(parse_smiles("CCO ethanol").canonical_smiles() == "CCO");
  std::string peptide;
  for (int i = 0; i < 40; ++i) peptide += "NCC(=O)C";
  CHECK(parse_smiles(peptide).num_atoms() == 200);
  // RDKit's own way takes 50 seconds.
  CHECK(parse_smiles(std::string(2000, 'C')).num_atoms() == 2000);
}

TEST_CASE("what is no molecule is refused with the reason", "[molecules]") {
  const auto says = [](const std::string& smiles, const std::string& part) {
    const Refusal r = refusal([&] { parse_smiles(smiles); });
    INFO(smiles << " -> " << r.sentence);
    CHECK(r.code == ErrorCode::format);
    CHECK(r.says("SMILES \"" + smiles.substr(0, 60)));
    CHECK(r.says(part));
  };
  says("", "it is empty");
  says("  ", "it is empty");
  says("CC(C", "a branch ( is opened and never closed");
  says("CC)C", "a branch ) is closed and was never opened");
  says("C1CC", "ring bond 1 is opened and never closed");
  says("C%12CC", "ring bond 12 is opened and never closed");
  says("C%1", "% is not followed by the two digits");
  says("C[N", "a bracket [ is opened");
  says("C[]", "a bracket [] holds no atom");
  says("CN]", "a bracket ] is closed");
  says("C,C", "the character ',' means nothing in it");
  says("Xx", "RDKit finds no molecule in it");
  says("CN(C)(C)(C)C", "valence for atom # 1 N");
  says("c1cccc1", "kekulize");
  says("C" + std::string(500, '('), "...\": a branch");
  for (const std::string& smiles :
       {std::string("C\0C", 3), std::string("C\xC3\xA9"), std::string("[\x01]")}) {
    const Refusal r = refusal([&] { parse_smiles(smiles); });
    CHECK(r.says("SMILES \"" + std::string(smiles[0] == 'C' ? "C?" : "[?")));
    CHECK(r.says("a character that is not ASCII"));
  }
}

TEST_CASE("a SMILES that is too long is not parsed", "[molecules]") {
  const Refusal r = refusal([] { parse_smiles(std::string(10000, 'C')); });
  CHECK(r.code == ErrorCode::limit);
  CHECK(r.says("has 10000 characters, at most 2000 are read"));
  CHECK(r.sentence.size() < 200);
  CHECK(refusal([] { parse_smiles("CCCC", 3); }).code == ErrorCode::limit);
}

TEST_CASE("many threads parse and share molecules", "[molecules]") {
  const Molecule shared = parse_smiles("C[C@H](N)C(=O)O.F/C=C/F");
  const std::string expected = shared.canonical_smiles();
  std::vector<std::string> found(8);
  std::vector<std::thread> threads;
  for (std::string& text : found)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        text = shared.canonical_smiles();
        if (text != expected || parse_smiles(text).canonical_smiles() != expected) return;
        if (refusal([] { parse_smiles("C1CC"); }).sentence.empty()) text.clear();
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& text : found) CHECK(text == expected);
}
