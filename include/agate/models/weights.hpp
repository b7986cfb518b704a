#pragma once
/// \file
/// The weights of any module as a safetensors file under their names: those of torch's and PyTorch
/// Geometric's state_dict, so that a file written there by safetensors.torch.save_file is read
/// here.

#include <agate/io/safetensors.hpp>
#include <agate/nn/module.hpp>
#include <string>

namespace AGATE_NAMESPACE::models {

/// Crash-safe, as io::write_safetensors.
void save_weights(const std::string& path, const nn::Module& module);

/// With a prefix such as "encoder.layers.0.self_attn." only what is named so is read, the prefix
/// left out. Error(format) naming the file and what is missing, left over, of another shape, or not
/// finite; then the module has not changed.
void load_weights(const std::string& path, nn::Module& module, const std::string& prefix = "");

/// The same for what is in memory; `name` stands for the file in messages.
io::SafeTensors to_safetensors(const nn::Module& module);
/// As load_weights() of a file; `name` stands for its path in messages.
void load_weights(const io::SafeTensors& file, const std::string& name, nn::Module& module,
                  const std::string& prefix = "");

}  // namespace AGATE_NAMESPACE::models
