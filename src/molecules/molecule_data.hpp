#pragma once
// The one place where a Molecule is RDKit's.

#include <GraphMol/RWMol.h>

#include <agate/core/error.hpp>
#include <agate/molecules/molecule.hpp>
#include <exception>
#include <memory>
#include <new>

namespace AGATE_NAMESPACE::molecules {

struct Molecule::Data {
  std::unique_ptr<const RDKit::ROMol> mol;
};

/// RDKit writes properties into molecules that are const: what does so works on a copy.
inline RDKit::RWMol copy_of(const Molecule& molecule) { return RDKit::RWMol(*molecule.data().mol); }

/// What `action` returns; what RDKit throws becomes Error(unsupported) "PLACE: its reason".
template <class Action>
auto translated(const char* place, Action&& action) try {
  return action();
} catch (const Error&) {
  throw;
} catch (const std::bad_alloc&) {
  throw;
} catch (const std::exception& error) {
  fail(ErrorCode::unsupported, place, ": ", error.what());
}

}  // namespace AGATE_NAMESPACE::molecules
