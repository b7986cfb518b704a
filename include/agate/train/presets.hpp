#pragma once
/// \file
/// Presets: what a model is trained with unless told otherwise, and the recipes of the papers.

#include <agate/models/model_config.hpp>
#include <agate/train/trainer.hpp>
#include <string>
#include <utility>
#include <vector>

namespace AGATE_NAMESPACE::train {

/// Settings that go together, by a name, for one model.
struct Preset {
  std::string model, name, about;
  std::vector<std::pair<std::string, std::string>> settings;  ///< options of either table
};

/// Every model has a preset `default`.
const std::vector<Preset>& presets();

/// Applies preset `name` of config.model on top of `default`. Error(usage) when the model has no
/// such preset, with those it has.
void apply_preset(const std::string& name, models::ModelConfig& config, TrainOptions& options);

/// Sets one option of either table by name. Error(usage) for an unknown one, with the nearest
/// known.
void set_option(const std::string& name, const std::string& text, models::ModelConfig& config,
                TrainOptions& options);

}  // namespace AGATE_NAMESPACE::train
