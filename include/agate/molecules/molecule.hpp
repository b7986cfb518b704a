#pragma once
/// \file
/// Molecule: what a SMILES describes, read by RDKit. Everything in molecules/ is the component
/// `molecules` of the package agate, target agate::molecules; no public header shows RDKit.

#include <agate/core/config.hpp>
#include <agate/graph/graph.hpp>
#include <memory>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::molecules {

/// A molecule, sanitised as RDKit does it: hydrogens that are not isotopes or the like are
/// implicit, valences hold, aromaticity and rings are known. Immutable and cheap to copy (copies
/// share it); any number of threads may use it. Atoms and bonds are counted from 0, in the order of
/// the SMILES.
class Molecule {
 public:
  struct Data;  ///< what RDKit knows; src/molecules/molecule_data.hpp
  explicit Molecule(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  const Data& data() const { return *data_; }

  Index num_atoms() const;
  Index num_bonds() const;
  /// The two atoms of each bond.
  std::vector<Edge> bonds() const;
  /// Of each atom: "C", "Cl"; "*" for one that is left open.
  std::vector<std::string> symbols() const;
  /// The same text for the same molecule, however it was written; with isotopes and stereo.
  std::string canonical_smiles() const;

 private:
  std::shared_ptr<const Data> data_;
};

/// Characters of a SMILES beyond which none is parsed: RDKit takes more than ten minutes on some of
/// 10,000, and cannot be interrupted.
inline constexpr Index usual_max_length = 2000;

/// Parses a SMILES (Weininger 1988, with RDKit's extensions; blanks at its ends do not count, and a
/// name may follow after a blank). Salts, charges, isotopes, stereo and single atoms are molecules.
/// Error(limit) for a longer text than `max_length`, before it is parsed; Error(format) with the
/// text, shortened, and the reason for an empty one, one that is not SMILES, one without atoms, and
/// for valences or aromaticity that cannot be. Writes nothing to RDKit's logs unless the program
/// turned them on. Any number of threads may call it.
Molecule parse_smiles(const std::string& smiles, Index max_length = usual_max_length);

}  // namespace AGATE_NAMESPACE::molecules
