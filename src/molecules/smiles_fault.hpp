#pragma once
// What is wrong with a text that is no SMILES.

#include <agate/core/config.hpp>
#include <string>
#include <string_view>

namespace AGATE_NAMESPACE::molecules {

/// The first fault in a word of ASCII that a person would want to be told, as the end of a
/// sentence: "ring bond 1 is opened and never closed". RDKit tells its own in a log that all
/// threads share.
std::string smiles_fault(std::string_view smiles);

}  // namespace AGATE_NAMESPACE::molecules
