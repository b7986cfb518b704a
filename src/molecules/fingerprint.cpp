#include <DataStructs/ExplicitBitVect.h>
#include <GraphMol/Fingerprints/MorganFingerprints.h>

#include <agate/molecules/fingerprint.hpp>
#include <bit>

#include "molecules/molecule_data.hpp"

namespace AGATE_NAMESPACE::molecules {
Fingerprint::Fingerprint(Index size, std::span<const Index> set)
    : size_(size), count_(std::ssize(set)) {
  check(size >= 0, ErrorCode::shape, "a fingerprint of ", size, " bits");
  words_.resize(static_cast<std::size_t>((size + 63) / 64));
  Index before = -1;
  for (const Index bit : set) {
    check(bit > before && bit < size, ErrorCode::shape, "fingerprint: bit ", bit, " after bit ",
          before, " of ", size, ", expected them ascending");
    words_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    before = bit;
  }
}

std::vector<Index> Fingerprint::bits() const {
  std::vector<Index> set;
  set.reserve(static_cast<std::size_t>(count_));
  for (std::size_t w = 0; w < words_.size(); ++w)
    for (std::uint64_t rest = words_[w]; rest; rest &= rest - 1)
      set.push_back(static_cast<Index>(w) * 64 + std::countr_zero(rest));
  return set;
}

Fingerprint morgan_fingerprint(const Molecule& molecule, const FingerprintOptions& options) {
  check(options.radius >= 0 && options.radius <= 20, ErrorCode::value, "fingerprint: a radius of ",
        options.radius, ", expected 0 to 20");
  check(options.bits >= 1 && options.bits <= Index{1} << 20, ErrorCode::value,
        "fingerprint: ", options.bits, " bits, expected 1 to 2^20");
  return translated("fingerprint", [&] {
    const RDKit::RWMol mol = copy_of(molecule);
    const std::unique_ptr<ExplicitBitVect> made(RDKit::MorganFingerprints::getFingerprintAsBitVect(
        mol, static_cast<unsigned>(options.radius), static_cast<unsigned>(options.bits)));
    IntVect set;
    made->getOnBits(set);
    return Fingerprint(options.bits, std::vector<Index>(set.begin(), set.end()));
  });
}

double tanimoto(const Fingerprint& a, const Fingerprint& b) {
  check(a.size() == b.size(), ErrorCode::shape, "fingerprints of ", a.size(), " and of ", b.size(),
        " bits cannot be compared");
  Index both = 0;
  for (std::size_t w = 0; w < a.words().size(); ++w)
    both += std::popcount(a.words()[w] & b.words()[w]);
  const Index either = a.count() + b.count() - both;
  return either == 0 ? 1 : static_cast<double>(both) / static_cast<double>(either);
}

Nearest nearest(const Fingerprint& query, std::span<const Fingerprint> list) {
  check(!list.empty(), ErrorCode::value, "nearest fingerprint: the list is empty");
  Nearest best{.index = -1, .similarity = -1};
  for (Index k = 0; k < std::ssize(list); ++k)
    if (const double similarity = tanimoto(query, list[k]); similarity > best.similarity)
      best = {k, similarity};
  return best;
}

}  // namespace AGATE_NAMESPACE::molecules
