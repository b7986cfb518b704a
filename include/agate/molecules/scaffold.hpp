#pragma once
/// \file
/// The scaffold of a molecule: its rings and what links them.

#include <agate/molecules/molecule.hpp>
#include <string>

namespace AGATE_NAMESPACE::molecules {

/// The canonical SMILES, without stereo, of the scaffold of Bemis & Murcko ("The Properties of
/// Known Drugs. 1. Molecular Frameworks", 1996) as RDKit's MurckoScaffoldSmiles and with it
/// DeepChem make it: side chains go, atoms double-bonded to what stays stay. "" of a molecule
/// without rings. Error(unsupported) with RDKit's reason where it makes none.
std::string murcko_scaffold(const Molecule& molecule);

}  // namespace AGATE_NAMESPACE::molecules
