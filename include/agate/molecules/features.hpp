#pragma once
/// \file
/// What is known of each atom and bond of a molecule, as integers: nine categories of an atom and
/// three of a bond, in either of two published vocabularies.

#include <agate/graph/graph.hpp>
#include <agate/molecules/molecule.hpp>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::molecules {

/// - `ogb`: of the Open Graph Benchmark (Hu et al. 2020, ogb/utils/features.py). Atoms have
///   119 + 5 + 12 + 12 + 10 + 6 + 6 + 2 + 2 = 174 categories and bonds 5 + 6 + 2 = 13; what is not
///   in a list is "misc".
/// - `pyg`: of PyTorch Geometric's from_smiles. Atoms have 119 + 9 + 11 + 12 + 9 + 5 + 8 + 2 + 2
///   = 177 and bonds 22 + 6 + 2 = 30; what is not in a list is refused.
enum class Vocabulary { ogb, pyg };

/// "ogb", "pyg", and back: Error(usage) for another word.
std::string to_string(Vocabulary vocabulary);
/// The vocabulary of that name.
Vocabulary parse_vocabulary(const std::string& text);

/// One thing that is known, and what each of its categories is called.
struct Property {
  std::string name;
  std::vector<std::string> categories;
};

/// Of atoms: atomic_num, chirality, degree (with hydrogens), formal_charge, num_hs,
/// num_radical_electrons, hybridization, is_aromatic, is_in_ring.
const std::array<Property, 9>& atom_properties(Vocabulary vocabulary);
/// Of bonds: bond_type, stereo, is_conjugated.
const std::array<Property, 3>& bond_properties(Vocabulary vocabulary);

/// The columns of the one-hot of each property, side by side: "atomic_num=6", "bond_type=DOUBLE".
std::vector<std::string> atom_columns(Vocabulary vocabulary);
/// The same of bonds.
std::vector<std::string> bond_columns(Vocabulary vocabulary);

/// The category of each property of one atom, in the order of atom_properties().
using AtomCategories = std::array<std::int16_t, 9>;
/// The category of each property of one bond, in the order of bond_properties().
using BondCategories = std::array<std::int16_t, 3>;

/// What is known of the atoms and bonds of a molecule.
struct MoleculeFeatures {
  std::vector<AtomCategories> atoms;
  std::vector<BondCategories> bonds;
};

/// The category that each atom and bond has of each property, counted from 0. Error(value) naming
/// the atom (or bond), the property and the value that the vocabulary does not know.
MoleculeFeatures features(const Molecule& molecule, Vocabulary vocabulary);

/// One direction of a bond.
struct BondEdge {
  Edge edge;
  Index bond = 0;
};

/// Both directions of every bond as the vocabulary's authors list them. ogb: bond by bond, from its
/// first atom to its second and back. pyg: by source, then by target.
std::vector<BondEdge> bond_edges(const Molecule& molecule, Vocabulary vocabulary);

}  // namespace AGATE_NAMESPACE::molecules
