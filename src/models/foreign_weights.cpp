#include <agate/core/error.hpp>
#include <agate/models/foreign_weights.hpp>
#include <algorithm>

#include "models/check_size.hpp"
#include "models/layer_names.hpp"
#include "models/spellings.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

using Roots = std::map<std::string, std::vector<std::string>>;

GivenTensors given_by(const io::SafeTensors& file, const std::string& name,
                      const std::string& prefix) {
  GivenTensors given{.file = prefix.empty() ? name : name + ", under " + prefix, .entries = {}};
  for (const auto& [key, array] : file.arrays)
    if (key.starts_with(prefix))
      given.entries[key.substr(prefix.size())].value = array.as_tensor(name + ": " + key);
  return given;
}

std::vector<std::string> names_of(const GivenTensors& given) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : given.entries) names.push_back(name);
  return names;
}

std::vector<std::string> names_of(const nn::Module& module) {
  std::vector<std::string> names;
  for (const auto& [name, parameter] : module.parameters()) names.push_back(name);
  return names;
}

// Norms hold vectors; every other layer a matrix.
bool is_norm(const GivenTensors& given, const std::string& root) {
  return std::ranges::none_of(given.entries, [&](const auto& entry) {
    return entry.first.starts_with(root) && entry.second.value.shape().rank() > 1;
  });
}

// The roots of the file under which each of ours is to be looked for, where they are not the same.
std::map<std::string, std::string> match_roots(const GivenTensors& given, const nn::Module& module,
                                               const ForeignNames& names) {
  const Roots theirs = roots_by_stem(names_of(given)), ours = roots_by_stem(names_of(module));
  std::map<std::string, std::string> matched;
  auto match = [&](const std::vector<std::string>& own, const std::vector<std::string>& other) {
    check(own.size() == other.size(), ErrorCode::format, given.file, ": it has ", other.size(),
          " layers (from \"", other.empty() ? "" : other.front(), "\" on), the model has ",
          own.size());
    for (std::size_t l = 0; l < own.size(); ++l) matched[own[l]] = other[l];
  };
  for (const auto& [stem, own] : ours) {
    const bool norms = stem.ends_with("norms.");
    if (!names.layers.empty() && (stem.ends_with("convs.") || stem.ends_with("lins."))) {
      match(own, names.layers);
      continue;
    }
    if (theirs.contains(stem) || stem == "residuals.") continue;
    const auto other = std::ranges::find_if(theirs, [&](const auto& candidate) {
      return !ours.contains(candidate.first) && is_norm(given, candidate.second.front()) == norms;
    });
    if (other != theirs.end())
      match(own, other->second);
    else if (own.size() == 1 && theirs.empty())
      matched[own.front()] = "";  // a layer by itself
  }
  return matched;
}

// The perceptron in a layer: "nn." of GINConv, which DGL calls "apply_func.".
std::optional<Tensor> take_within(GivenTensors& given, const std::string& root,
                                  const std::string& tail, bool batch_norm, const Shape& wanted) {
  if (!tail.starts_with("nn.")) return {};
  for (const char* perceptron : {"nn.", "apply_func."})
    if (auto found =
            take_of_perceptron(given, root + perceptron, tail.substr(3), batch_norm, wanted))
      return found;
  return {};
}

// What is left over may only be a second copy of what was taken, or count batches.
void check_rest(const GivenTensors& given) {
  for (const auto& [name, entry] : given.entries) {
    if (entry.taken || name.ends_with("num_batches_tracked")) continue;
    bool copy = false;
    for (const auto& [mine, other] : {std::pair("lin_r.", "lin_l."), std::pair("lin_l.", "lin_r."),
                                      std::pair("fc_dst.", "fc_src.")})
      if (const auto at = name.find(mine); at != std::string::npos) {
        const Tensor* twin =
            given.find(name.substr(0, at) + other + name.substr(at + std::string(mine).size()));
        copy = copy || (twin && twin->shape() == entry.value.shape() &&
                        std::ranges::equal(twin->values(), entry.value.values()));
      }
    check(copy, ErrorCode::format, given.file, ": the tensor \"", name,
          "\" belongs to no part of the model");
  }
}

}  // namespace

void load_foreign_weights(const io::SafeTensors& file, const std::string& name, nn::Module& module,
                          const ForeignNames& names) {
  GivenTensors given = given_by(file, name, names.prefix);
  const auto roots = match_roots(given, module, names);
  std::vector<std::pair<std::string, Tensor>> values;
  const auto own = module.parameters();
  for (const auto& [full, parameter] : own) {
    const LayerName n = layer_name(full);
    const auto found = roots.find(n.root);
    const std::string root = found == roots.end() ? n.root : found->second;
    const Shape& wanted = parameter->value.shape();
    auto value = take_spelled(given, root, n.tail, wanted);
    if (!value) {
      const bool batch_norm = std::ranges::any_of(own, [&](const auto& p) {
        return p.first.starts_with(n.root + "nn.") && p.first.ends_with("running_mean");
      });
      value = take_within(given, root, n.tail, batch_norm, wanted);
    }
    check(value.has_value(), ErrorCode::format, given.file, ": the tensor \"", root, n.tail,
          "\" is missing");
    values.emplace_back(full, std::move(*value));
  }
  check_rest(given);
  module.load_parameters(values, given.file);
}

void load_foreign_weights(const std::string& path, nn::Module& module, const ForeignNames& names) {
  load_foreign_weights(io::read_safetensors(path), path, module, names);
}

std::unique_ptr<Model> model_of_state_dict(const io::SafeTensors& file, const std::string& name,
                                           const ModelConfig& config, const ForeignNames& names) {
  check_size(config, file, name);
  auto model = make_model(config, 0);
  load_foreign_weights(file, name, *model, names);
  return model;
}

}  // namespace AGATE_NAMESPACE::models
