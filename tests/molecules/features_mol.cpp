#include <agate/molecules/features.hpp>

#include "catch.hpp"

using namespace agate;
using namespace agate::molecules;

namespace {

using Atoms = std::vector<AtomCategories>;
using Bonds = std::vector<BondCategories>;

}  // namespace

TEST_CASE("OGB's features of its test vector", "[molecules]") {
  // Made with OGB's own features.py and RDKit 2022.09.3.
  const MoleculeFeatures f = features(parse_smiles("Cl[C@H](/C=C/C)Br"), Vocabulary::ogb);
  CHECK(f.atoms == Atoms{{16, 0, 1, 5, 0, 0, 2, 0, 0},
                         {5, 2, 4, 5, 1, 0, 2, 0, 0},
                         {5, 0, 3, 5, 1, 0, 1, 0, 0},
                         {5, 0, 3, 5, 1, 0, 1, 0, 0},
                         {5, 0, 4, 5, 3, 0, 2, 0, 0},
                         {34, 0, 1, 5, 0, 0, 2, 0, 0}});
  CHECK(f.bonds == Bonds{{0, 0, 0}, {0, 0, 0}, {1, 2, 0}, {0, 0, 0}, {0, 0, 0}});
}

TEST_CASE("the categories of OGB and their names", "[molecules]") {
  const auto columns = atom_columns(Vocabulary::ogb);
  REQUIRE(columns.size() == 174);
  CHECK(columns[5] == "atomic_num=6");
  CHECK(columns[118] == "atomic_num=misc");
  CHECK(columns[119] == "chirality=CHI_UNSPECIFIED");
  CHECK(columns[173] == "is_in_ring=True");
  CHECK(bond_columns(Vocabulary::ogb).size() == 13);
  CHECK(bond_columns(Vocabulary::ogb)[1] == "bond_type=DOUBLE");
  // What is in no list is "misc": the open atom, and charges beyond 5.
  CHECK(features(parse_smiles("*"), Vocabulary::ogb).atoms[0][0] == 118);
  CHECK(features(parse_smiles("[W+6]"), Vocabulary::ogb).atoms[0][3] == 11);
}

TEST_CASE("the categories of PyTorch Geometric", "[molecules]") {
  CHECK(atom_columns(Vocabulary::pyg).size() == 177);
  CHECK(bond_columns(Vocabulary::pyg).size() == 30);
  CHECK(bond_columns(Vocabulary::pyg)[12] == "bond_type=AROMATIC");
  CHECK(features(parse_smiles("*"), Vocabulary::pyg).atoms[0][0] == 0);
  const Refusal r = refusal([] { features(parse_smiles("C.[W+7]"), Vocabulary::pyg); });
  CHECK(r.code == ErrorCode::value);
  CHECK(r.says("atom 1 (W): formal_charge 7 is not in the vocabulary, which knows -5 to 6"));
  // By from_smiles of PyTorch Geometric 2.8 with RDKit 2022.09.5.
  const MoleculeFeatures f = features(parse_smiles("C[C@H](N)c1ccc[nH]1"), Vocabulary::pyg);
  CHECK(f.atoms == Atoms{{6, 0, 4, 5, 3, 0, 4, 0, 0},
                         {6, 2, 4, 5, 1, 0, 4, 0, 0},
                         {7, 0, 3, 5, 2, 0, 4, 0, 0},
                         {6, 0, 3, 5, 0, 0, 3, 1, 1},
                         {6, 0, 3, 5, 1, 0, 3, 1, 1},
                         {6, 0, 3, 5, 1, 0, 3, 1, 1},
                         {6, 0, 3, 5, 1, 0, 3, 1, 1},
                         {7, 0, 3, 5, 1, 0, 3, 1, 1}});
  const BondCategories single{1, 0, 0}, aromatic{12, 0, 1};
  CHECK(f.bonds == Bonds{single, single, single, aromatic, aromatic, aromatic, aromatic, aromatic});
  const Molecule acetate = parse_smiles("[Na+].CC(=O)[O-]");
  CHECK(features(acetate, Vocabulary::pyg).atoms == Atoms{{11, 0, 0, 6, 0, 0, 1, 0, 0},
                                                          {6, 0, 4, 5, 3, 0, 4, 0, 0},
                                                          {6, 0, 3, 5, 0, 0, 3, 0, 0},
                                                          {8, 0, 1, 5, 0, 0, 3, 0, 0},
                                                          {8, 0, 1, 4, 0, 0, 3, 0, 0}});
  CHECK(features(acetate, Vocabulary::pyg).bonds == Bonds{{1, 0, 0}, {2, 0, 1}, {1, 0, 1}});
  CHECK(features(parse_smiles("Cl/C=C/Br"), Vocabulary::pyg).bonds[1] == BondCategories{2, 3, 0});
}

TEST_CASE("the directions of bonds in each author's order", "[molecules]") {
  const Molecule molecule = parse_smiles("C1CC1");  // bonds 0-1, 1-2, 2-0
  const auto order = [&](Vocabulary vocabulary) {
    std::vector<Edge> edges;
    for (const BondEdge& e : bond_edges(molecule, vocabulary)) {
      const Edge bond = molecule.bonds()[static_cast<std::size_t>(e.bond)];
      CHECK((e.edge == bond || e.edge == Edge{bond.target, bond.source}));
      edges.push_back(e.edge);
    }
    return edges;
  };
  CHECK(order(Vocabulary::ogb) ==
        std::vector<Edge>{{0, 1}, {1, 0}, {1, 2}, {2, 1}, {2, 0}, {0, 2}});
  CHECK(order(Vocabulary::pyg) ==
        std::vector<Edge>{{0, 1}, {0, 2}, {1, 0}, {1, 2}, {2, 0}, {2, 1}});
}

TEST_CASE("vocabularies by name", "[molecules]") {
  for (const Vocabulary v : {Vocabulary::ogb, Vocabulary::pyg})
    CHECK(parse_vocabulary(to_string(v)) == v);
  const Refusal r = refusal([] { parse_vocabulary("dgl"); });
  CHECK(r.code == ErrorCode::usage);
  CHECK(r.says("\"dgl\" is not one of ogb, pyg"));
}
