#include <GraphMol/RingInfo.h>

#include <agate/molecules/features.hpp>
#include <algorithm>

#include "molecules/molecule_data.hpp"
#include "molecules/vocabulary.hpp"

namespace AGATE_NAMESPACE::molecules {
namespace {

std::array<int, 9> numbers_of(const RDKit::Atom& atom, const RDKit::RingInfo& rings) {
  return {atom.getAtomicNum(),
          atom.getChiralTag(),
          static_cast<int>(atom.getTotalDegree()),
          atom.getFormalCharge(),
          static_cast<int>(atom.getTotalNumHs()),
          static_cast<int>(atom.getNumRadicalElectrons()),
          atom.getHybridization(),
          atom.getIsAromatic(),
          rings.numAtomRings(atom.getIdx()) != 0};
}

std::array<int, 3> numbers_of(const RDKit::Bond& bond) {
  return {bond.getBondType(), bond.getStereo(), bond.getIsConjugated()};
}

/// The category of each number; `place` says whose they are.
template <std::size_t n, class Place>
std::array<std::int16_t, n> categories_of(const std::array<int, n>& numbers,
                                          const std::array<std::vector<int>, n>& known,
                                          const std::array<Property, n>& properties,
                                          const Place& place) {
  std::array<std::int16_t, n> categories;
  for (std::size_t p = 0; p < n; ++p) {
    const auto at = std::ranges::find(known[p], numbers[p]) - known[p].begin();
    if (at == std::ssize(properties[p].categories)) [[unlikely]]
      fail(ErrorCode::value, place(), ": ", properties[p].name, ' ', numbers[p],
           " is not in the vocabulary, which knows ", properties[p].categories.front(), " to ",
           properties[p].categories.back());
    categories[p] = static_cast<std::int16_t>(at);
  }
  return categories;
}

}  // namespace

MoleculeFeatures features(const Molecule& molecule, Vocabulary vocabulary) {
  const Words& words = words_of(vocabulary);
  const RDKit::ROMol& mol = *molecule.data().mol;
  MoleculeFeatures found;
  found.atoms.reserve(mol.getNumAtoms());
  found.bonds.reserve(mol.getNumBonds());
  for (const RDKit::Atom* atom : mol.atoms())
    found.atoms.push_back(categories_of(
        numbers_of(*atom, *mol.getRingInfo()), words.atom_numbers, words.atoms,
        [&] { return "atom " + std::to_string(atom->getIdx()) + " (" + atom->getSymbol() + ")"; }));
  for (const RDKit::Bond* bond : mol.bonds())
    found.bonds.push_back(categories_of(numbers_of(*bond), words.bond_numbers, words.bonds,
                                        [&] { return "bond " + std::to_string(bond->getIdx()); }));
  return found;
}

std::vector<BondEdge> bond_edges(const Molecule& molecule, Vocabulary vocabulary) {
  std::vector<BondEdge> edges;
  for (const auto& [source, target] : molecule.bonds()) {
    const Index bond = std::ssize(edges) / 2;
    edges.push_back({{source, target}, bond});
    edges.push_back({{target, source}, bond});
  }
  if (vocabulary == Vocabulary::pyg)
    std::ranges::sort(edges, {},
                      [](const BondEdge& e) { return std::pair(e.edge.source, e.edge.target); });
  return edges;
}

}  // namespace AGATE_NAMESPACE::molecules
