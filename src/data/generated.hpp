#pragma once
// Datasets that are made, not read: NAME:SIZE, or NAME of a usual size.

#include <agate/data/dataset.hpp>
#include <optional>
#include <string>

namespace AGATE_NAMESPACE::data {

/// Nothing when `name` is not that of a generated dataset. Error(usage) for a size that it cannot
/// have.
std::optional<Dataset> generate(const std::string& name);

}  // namespace AGATE_NAMESPACE::data
