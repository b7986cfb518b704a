#pragma once
/// \file
/// A picture of a molecule, on which atoms and bonds may be coloured by their weight.

#include <agate/molecules/molecule.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::molecules {

/// Size, colours and text of a drawing.
struct DrawOptions {
  int width = 400, height = 300;  ///< of the picture with the legend, in pixels
  /// One in [-1, 1] for each atom, or none: blue below zero, orange above, white and small at zero
  /// (colours of Okabe & Ito, which the colour-blind tell apart). Symbols are then black.
  std::vector<double> atom_weights{};
  std::vector<double> bond_weights{};  ///< the same for each bond
  /// UTF-8 text under the molecule; a line for each line of it, cut where it is too long.
  std::string legend{};
  bool atom_numbers = false;  ///< each atom's number beside it
};

/// An SVG element, without an XML header, so that it is a file and may stand in HTML: the
/// structural formula as RDKit draws it. Error(shape) unless there is a weight for every atom or
/// bond, or none; Error(value) for a weight outside [-1, 1], a size outside 50 .. 10,000, or a
/// legend that leaves no room for the molecule; Error(unsupported) with RDKit's reason where it
/// draws none. The same molecule and options give the same text. Any number of threads may draw.
std::string draw_svg(const Molecule& molecule, const DrawOptions& options = {});

}  // namespace AGATE_NAMESPACE::molecules
