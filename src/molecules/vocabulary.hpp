#pragma once
// What RDKit's numbers are called in a vocabulary, and which category each of them is.

#include <agate/molecules/features.hpp>
#include <array>
#include <vector>

namespace AGATE_NAMESPACE::molecules {

struct Words {
  std::array<Property, 9> atoms;
  std::array<Property, 3> bonds;
  /// RDKit's number for each category of each property. Without one for the last category, which is
  /// then what all other numbers are.
  std::array<std::vector<int>, 9> atom_numbers;
  std::array<std::vector<int>, 3> bond_numbers;
};

const Words& words_of(Vocabulary vocabulary);

}  // namespace AGATE_NAMESPACE::molecules
