#pragma once
/// \file
/// Saved models: one safetensors file with the weights under PyTorch Geometric's names, and in its
/// `__metadata__` everything needed to use them again: `agate_format` (1), `agate_version`, `task`,
/// `config`, `classes`, `targets` (`classes` or `multi_label`), `metric`, `schema` (for models
/// trained on tables), `data`, `training` (JSON texts). Of several models the further ones stand
/// under `members.1.`, `members.2.`, ..., and `members` lists their configurations. What programs
/// keep beside them has names that begin with `extra.`.

#include <agate/data/schema.hpp>
#include <agate/io/array.hpp>
#include <agate/models/model.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::models {

/// A model and all that is needed to use it again.
struct ModelFile {
  std::shared_ptr<const Model> model;
  /// Further models of the same, from other seeds: what all say together is in predict.hpp.
  std::vector<std::shared_ptr<const Model>> others{};
  std::string task = "node";
  std::vector<std::string> classes;  ///< or the names of the labels, when multi_label
  bool multi_label = false;          ///< an output says yes or no to each label by itself
  std::string metric = "accuracy";   ///< what it was trained for
  std::optional<data::FeatureSchema> schema{};
  std::string data{};      ///< what it was trained on, for people
  std::string training{};  ///< a JSON object: split, seed, metrics
  /// What a program keeps with its models, under names of its own: texts and arrays.
  std::map<std::string, std::string> extra{};
  std::map<std::string, io::Array> extra_arrays{};
  std::string version{};  ///< of the agate that saved it; filled by load

  /// The model and the others.
  std::vector<std::shared_ptr<const Model>> members() const;
};

/// Crash-safe: the old file stays whole until the new one is complete on disk. Error(io) otherwise.
void save_model(const std::string& path, const ModelFile& file);

/// Error(format) naming the file and what is wrong: not a safetensors file, not one of agate's, a
/// newer format than this version reads, a tensor that is missing, left over or of another shape,
/// or that holds NaN or infinity.
ModelFile load_model(const std::string& path);
/// The same of the bytes of such a file; `name` stands for it in messages.
ModelFile parse_model(const std::string& bytes, const std::string& name);

/// The version of this library, such as "0.1.0".
std::string version();

}  // namespace AGATE_NAMESPACE::models
