#pragma once
// What a configuration asks for, beside what a file holds.

#include <agate/io/safetensors.hpp>
#include <agate/models/model_config.hpp>
#include <string>

namespace AGATE_NAMESPACE::models {

// Error(format), which begins with `path`, where the weights of such a model are more than the
// numbers in the file: to be asked before memory is taken for them.
void check_size(const ModelConfig& config, const io::SafeTensors& file, const std::string& path);

}  // namespace AGATE_NAMESPACE::models
