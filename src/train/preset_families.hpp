#pragma once
// Presets that every model has, or every one of a kind.

#include <agate/models/model.hpp>
#include <agate/train/presets.hpp>
#include <string>
#include <utility>
#include <vector>

namespace AGATE_NAMESPACE::train {

using Settings = std::vector<std::pair<std::string, std::string>>;

Preset deep(const models::ModelInfo& info);
Preset graph(const models::ModelInfo& info);
Preset molecule(const models::ModelInfo& info);
Preset ogb(const models::ModelInfo& info);
bool for_molecules(const std::string& model);
Preset edge(const models::ModelInfo& info);
// `more` wins over what all of this family have.
Preset gae(const models::ModelInfo& info, const char* name, const char* about, Settings more);
Preset lookup(const models::ModelInfo& info);

}  // namespace AGATE_NAMESPACE::train
