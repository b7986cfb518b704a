#pragma once
/// \file
/// Fingerprints: which neighbourhoods of atoms a molecule holds, and how alike two molecules are.

#include <agate/molecules/molecule.hpp>
#include <cstdint>
#include <span>
#include <vector>

namespace AGATE_NAMESPACE::molecules {

/// How large neighbourhoods are, and how many bits tell of them.
struct FingerprintOptions {
  int radius = 2;     ///< bonds from the atom in the middle; 2 gives ECFP4
  Index bits = 2048;  ///< neighbourhoods are hashed to so many
};

/// A row of bits. Immutable; any number of threads may use it.
class Fingerprint {
 public:
  /// Error(shape) unless the bits that are set ascend and lie in [0, size).
  Fingerprint(Index size, std::span<const Index> set);

  Index size() const { return size_; }
  Index count() const { return count_; }  ///< how many are set
  std::vector<Index> bits() const;        ///< those that are set, ascending
  /// Bit k is bit k % 64 of word k / 64.
  std::span<const std::uint64_t> words() const { return words_; }
  bool operator==(const Fingerprint&) const = default;

 private:
  Index size_ = 0, count_ = 0;
  std::vector<std::uint64_t> words_;
};

/// Extended connectivity (Rogers & Hahn 2010) as RDKit's GetMorganFingerprintAsBitVect makes it,
/// with bond types and without stereo. Error(value) for a radius outside 0 .. 20 or a number of
/// bits outside 1 .. 2^20.
Fingerprint morgan_fingerprint(const Molecule& molecule, const FingerprintOptions& options = {});

/// Bits set in both by bits set in either, in [0, 1]; 1 where none is set in either. Error(shape)
/// for different sizes.
double tanimoto(const Fingerprint& a, const Fingerprint& b);

/// The nearest of a list.
struct Nearest {
  Index index = -1;       ///< in the list; of several the first
  double similarity = 0;  ///< tanimoto()
};

/// The most similar of a list, such as the nearest molecule a model was trained on. Error(value)
/// for an empty list, Error(shape) for different sizes.
Nearest nearest(const Fingerprint& query, std::span<const Fingerprint> list);

/// The same of many queries, by an index of the list: some 200 million pairs a second on one
/// thread. `threads` = 0: all.
std::vector<Nearest> nearest(std::span<const Fingerprint> queries,
                             std::span<const Fingerprint> list, int threads);

}  // namespace AGATE_NAMESPACE::molecules
