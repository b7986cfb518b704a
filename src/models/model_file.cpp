#include <agate/core/error.hpp>
#include <agate/io/safetensors.hpp>
#include <agate/models/model_file.hpp>
#include <agate/models/weights.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "models/check_size.hpp"
#include "models/file_metadata.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

std::vector<std::string> read_classes(const std::string& text, const std::string& path) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  check(json.is_array(), ErrorCode::format, path, ": \"classes\" is not a list");
  std::vector<std::string> classes;
  for (const auto& name : json) {
    check(name.is_string(), ErrorCode::format, path, ": \"classes\" holds more than texts");
    classes.push_back(name.get<std::string>());
  }
  return classes;
}

const std::string extra_prefix = "extra.";

// What programs keep with the models leaves the file.
void take_extra(io::SafeTensors& file, ModelFile& loaded) {
  for (const auto& [name, text] : file.metadata)
    if (name.starts_with(extra_prefix)) loaded.extra[name.substr(extra_prefix.size())] = text;
  for (auto& [name, array] : file.arrays)
    if (name.starts_with(extra_prefix))
      loaded.extra_arrays[name.substr(extra_prefix.size())] = std::move(array);
  std::erase_if(file.arrays, [](const auto& a) { return a.first.starts_with(extra_prefix); });
}

// Of the k-th of the others.
std::string member_prefix(std::size_t k) { return "members." + std::to_string(k + 1) + "."; }

std::unique_ptr<Model> empty_model(const std::string& config_text, const io::SafeTensors& file,
                                   const std::string& path) {
  try {
    const ModelConfig config = model_config_from_json(config_text);
    check_size(config, file, path);
    return make_model(config, 0);
  } catch (const Error& error) {
    fail(ErrorCode::format, path, ": ", error.what());
  }
}

// Further models, which the metadata lists; their weights leave the file.
std::vector<std::shared_ptr<const Model>> read_others(io::SafeTensors& file,
                                                      const std::string& path, const Model& first) {
  std::vector<std::shared_ptr<const Model>> others;
  const auto listed = file.metadata.find("members");
  if (listed == file.metadata.end()) return others;
  const auto configs = nlohmann::json::parse(listed->second, nullptr, false);
  check(configs.is_array(), ErrorCode::format, path, ": \"members\" is not a list");
  for (const auto& config : configs) {
    auto model = empty_model(config.dump(), file, path);
    const std::string prefix = member_prefix(others.size());
    check(model->config().task == first.config().task && model->config().in == first.config().in &&
              model->config().out == first.config().out,
          ErrorCode::format, path, ": what lies under ", prefix, " is a model of other data");
    load_weights(file, path, *model, prefix);
    std::erase_if(file.arrays, [&](const auto& entry) { return entry.first.starts_with(prefix); });
    others.push_back(std::move(model));
  }
  return others;
}

}  // namespace

std::vector<std::shared_ptr<const Model>> ModelFile::members() const {
  std::vector<std::shared_ptr<const Model>> all{model};
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

std::string version() { return AGATE_VERSION; }

void save_model(const std::string& path, const ModelFile& file) {
  io::SafeTensors out = to_safetensors(*file.model);
  out.metadata = {{"agate_format", std::to_string(file_format)},
                  {"agate_version", version()},
                  {"task", file.task},
                  {"config", to_json(file.model->config())},
                  {"classes", nlohmann::json(file.classes).dump()},
                  {"targets", file.model->config().regression ? "numbers"
                              : file.multi_label              ? "multi_label"
                                                              : "classes"},
                  {"metric", file.metric},
                  {"data", file.data},
                  {"training", file.training}};
  if (file.schema) out.metadata["schema"] = data::to_json(*file.schema);
  auto configs = nlohmann::ordered_json::array();
  for (std::size_t k = 0; k < file.others.size(); ++k) {
    configs.push_back(nlohmann::ordered_json::parse(to_json(file.others[k]->config())));
    for (auto& [name, array] : to_safetensors(*file.others[k]).arrays)
      out.arrays.emplace_back(member_prefix(k) + name, std::move(array));
  }
  if (!configs.empty()) out.metadata["members"] = configs.dump();
  for (const auto& [name, text] : file.extra) out.metadata[extra_prefix + name] = text;
  for (const auto& [name, array] : file.extra_arrays)
    out.arrays.emplace_back(extra_prefix + name, array);
  io::write_safetensors(path, out);
}

namespace {

ModelFile model_of(io::SafeTensors file, const std::string& path) {
  check_file_format(file, path);
  ModelFile loaded;
  take_extra(file, loaded);
  loaded.task = metadata_entry(file, path, "task");
  check(loaded.task == "node" || loaded.task == "edge" || loaded.task == "link" ||
            loaded.task == "graph",
        ErrorCode::format, path, ": task \"", loaded.task, "\" is not known to this agate (",
        version(), ")");
  loaded.version = metadata_entry(file, path, "agate_version");
  loaded.classes = read_classes(metadata_entry(file, path, "classes"), path);
  // Files from before these entries hold classes.
  if (const auto targets = file.metadata.find("targets"); targets != file.metadata.end()) {
    check(targets->second == "classes" || targets->second == "multi_label" ||
              targets->second == "numbers",
          ErrorCode::format, path, ": targets \"", targets->second,
          "\" are not known to this agate (", version(), ")");
    loaded.multi_label = targets->second == "multi_label";
  }
  if (const auto metric = file.metadata.find("metric"); metric != file.metadata.end())
    loaded.metric = metric->second;
  loaded.data = metadata_entry(file, path, "data");
  loaded.training = metadata_entry(file, path, "training");
  auto model = empty_model(metadata_entry(file, path, "config"), file, path);
  if (const auto schema = file.metadata.find("schema"); schema != file.metadata.end()) try {
      loaded.schema = data::schema_from_json(schema->second);
    } catch (const Error& error) {
      fail(ErrorCode::format, path, ": ", error.what());
    }
  check(model->config().task == loaded.task, ErrorCode::format, path, ": task \"", loaded.task,
        "\", and its configuration is of task \"", model->config().task, '"');
  const Index out = model->config().out;
  check(static_cast<Index>(loaded.classes.size()) == out, ErrorCode::format, path, ": ",
        loaded.classes.size(), " class names for ", out, " outputs");
  loaded.others = read_others(file, path, *model);
  load_weights(file, path, *model);
  loaded.model = std::move(model);
  return loaded;
}

}  // namespace

ModelFile load_model(const std::string& path) { return model_of(io::read_safetensors(path), path); }

ModelFile parse_model(const std::string& bytes, const std::string& name) {
  return model_of(io::parse_safetensors(bytes, name), name);
}

}  // namespace AGATE_NAMESPACE::models
