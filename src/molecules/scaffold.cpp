#include <GraphMol/ChemTransforms/ChemTransforms.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <agate/molecules/scaffold.hpp>

#include "molecules/molecule_data.hpp"

namespace AGATE_NAMESPACE::molecules {

std::string murcko_scaffold(const Molecule& molecule) {
  if (molecule.data().mol->getRingInfo()->numRings() == 0) return "";
  return translated("scaffold", [&] {
    const std::unique_ptr<RDKit::ROMol> scaffold(RDKit::MurckoDecompose(copy_of(molecule)));
    scaffold->clearComputedProps();
    scaffold->updatePropertyCache(false);
    RDKit::MolOps::symmetrizeSSSR(*scaffold);
    const bool with_stereo = false;
    return RDKit::MolToSmiles(*scaffold, with_stereo);
  });
}

}  // namespace AGATE_NAMESPACE::molecules
