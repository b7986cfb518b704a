#pragma once
// Many SMILES described at once, and packed into one dataset.

#include <agate/molecules/smiles_table.hpp>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::molecules {

/// What a row holds: a molecule, or the reason why not.
struct ReadMolecule {
  MoleculeFeatures features{};
  std::vector<Edge> bonds{};
  std::string scaffold{};
  std::optional<Fingerprint> fingerprint{};
  std::string reason{};  ///< empty: it is a molecule
};

/// One for each SMILES, on options.threads threads.
std::vector<ReadMolecule> read_molecules(std::span<const std::string> smiles,
                                         const SmilesTableOptions& options);

/// Fills graph, x, edge_attr and graph_offsets of the table's dataset and its edge_offsets with the
/// molecules among `read`, which are freed.
void pack(std::vector<ReadMolecule> read, Vocabulary vocabulary, SmilesTable& table);

}  // namespace AGATE_NAMESPACE::molecules
