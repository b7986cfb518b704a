#pragma once
/// \file
/// Saved models of sequences: one safetensors file with the weights under their names, and in its
/// `__metadata__` `agate_format` (1), `agate_version`, `task` (sequence), `config`, `data`,
/// `training` (JSON texts).

#include <agate/models/sequence_model.hpp>
#include <memory>
#include <string>

namespace AGATE_NAMESPACE::models {

/// A model of sequences and all that is needed to use it again.
struct SequenceFile {
  std::shared_ptr<const SequenceModel> model;
  std::string data{};      ///< what it was trained on, for people
  std::string training{};  ///< a JSON object
  std::string version{};   ///< of the agate that saved it; filled by load
};

/// Crash-safe: the old file stays whole until the new one is complete on disk. Error(io) otherwise.
void save_sequence_model(const std::string& path, const SequenceFile& file);

/// Error(format) naming the file and what is wrong, as load_model.
SequenceFile load_sequence_model(const std::string& path);

/// Whether a file is a saved model of sequences. Error as
/// io::read_safetensors_metadata.
bool holds_sequence_model(const std::string& path);

}  // namespace AGATE_NAMESPACE::models
