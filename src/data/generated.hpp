#pragma once
// Datasets that are made, not read: NAME:SIZE.

#include <agate/data/dataset.hpp>
#include <optional>
#include <string>

namespace AGATE_NAMESPACE::data {

/// Nothing when `name` is not the name of a generated dataset with a colon behind it. Error(usage)
/// for a size that it cannot have.
std::optional<Dataset> generate(const std::string& name);

}  // namespace AGATE_NAMESPACE::data
