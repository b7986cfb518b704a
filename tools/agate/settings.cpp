#include "settings.hpp"

#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/io/file.hpp>
#include <agate/io/graph_file.hpp>
#include <agate/models/sequence_config.hpp>
#include <agate/train/presets.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "text.hpp"

namespace tool {

using agate::check;
using agate::ErrorCode;
using agate::fail;

namespace {

template <class T>
Flag flag_of(const agate::Option<T>& option, const std::string& help) {
  std::string value = "TEXT";
  if (!option.choices.empty()) {
    value.clear();
    for (const std::string& choice : option.choices) value += (value.empty() ? "" : "|") + choice;
  } else if (std::holds_alternative<bool T::*>(option.field)) {
    value.clear();
  } else if (!std::holds_alternative<std::string T::*>(option.field)) {
    value = "NUMBER";
  }
  const T defaults;
  std::string text = agate::get_option(option, defaults);
  const bool said = !text.empty() && !value.empty();
  return {option.name, help + (said ? " [" + text + "]" : ""), value,
          value.empty() && text == "true"};
}

std::string known_models() {
  std::string names;
  for (const auto& info : agate::models::model_registry())
    names += (names.empty() ? "" : ", ") + info.name;
  return names;
}

// Of options that say something else in each verb, or list what there is.
std::string help_of(const agate::Option<RunOptions>& option, const Verb& verb) {
  if (option.name == "models") return "the architectures, as A,B,C: " + known_models();
  if (option.name != "model") return option.help;
  if (!verb.training) return "a saved model (.safetensors)";
  return "the architecture: " + known_models() + " [gat]";
}

bool is_run_option(const std::string& name) {
  return std::any_of(run_options().begin(), run_options().end(),
                     [&](const auto& option) { return option.name == name; });
}

// --config FILE: an object of options of any table; those of the program may be among them.
std::vector<std::pair<std::string, std::string>> read_config(const std::string& path) {
  const auto json = nlohmann::json::parse(agate::io::read_file(path, 1 << 24), nullptr, false);
  check(json.is_object(), ErrorCode::format, path, ": not a JSON object of options");
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& [key, value] : json.items()) {
    check(value.is_primitive() && !value.is_null(), ErrorCode::format, path, ": \"", key,
          "\" is neither a text, a number, true nor false");
    values.emplace_back(key, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return values;
}

}  // namespace

std::vector<Flag> flags_of(const Verb& verb) {
  std::vector<Flag> flags;
  for (const std::string& name : verb.run_options)
    for (const auto& option : run_options())
      if (option.name == name) flags.push_back(flag_of(option, help_of(option, verb)));
  if (verb.training) {
    for (const auto& option : agate::models::model_options())
      flags.push_back(flag_of(option, option.help));
    // What models of sequences have beside them.
    for (const auto& option : agate::models::sequence_options())
      if (std::ranges::find(flags, option.name, &Flag::name) == flags.end())
        flags.push_back(flag_of(option, "sequences: " + option.help));
  }
  for (const auto& option : agate::train::train_options())
    if (verb.training ||
        std::ranges::find(verb.train_options, option.name) != verb.train_options.end())
      flags.push_back(flag_of(option, option.help));
  return flags;
}

namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

// The task's own, or else that of the data.
std::string usual_preset(const RunOptions& run) {
  const std::string task = task_of(run);
  if (holds_molecules(run)) return "molecule";
  if (task == "link") return "gae";
  return task == "node" ? agate::data::default_preset(run.data) : task;
}

RunOptions run_settings(const Command& command) {
  RunOptions run = run_options_of(command);
  if (run.preset.empty()) run.preset = usual_preset(run);
  return run;
}

void set_others(const Values& values, Settings& s) {
  for (const auto& [name, text] : values) agate::train::set_option(name, text, s.model, s.train);
}

// The name of the model is one of the registry.
Settings resolve_model(const RunOptions& run, const Values& values, const std::string& model) {
  Settings s{run, {.model = model}, {}};
  agate::train::apply_preset(run.preset, s.model, s.train);
  set_others(values, s);
  return s;
}

void check_model(const std::string& option, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& info : agate::models::model_registry()) known.push_back(info.name);
  agate::check_option_choice(option, name, known);
}

std::vector<std::string> models_of(const RunOptions& run) {
  check(!run.models.empty(), ErrorCode::usage,
        "compare needs --models A,B,C, architectures that agate info lists");
  std::vector<std::string> names;
  std::istringstream list(run.models + ",");
  for (std::string name; std::getline(list, name, ',');) {
    check(!name.empty(), ErrorCode::usage, "models: an empty name in \"", run.models, "\"");
    check_model("models", name);
    check(std::ranges::find(names, name) == names.end(), ErrorCode::usage, "models: \"", name,
          "\" is named twice");
    names.push_back(name);
  }
  return names;
}

}  // namespace

std::string command_line(const Command& command) {
  std::string line = "agate " + command.verb;
  for (const auto& [name, text] : command.values) {
    const std::string option = " " + flag_name(name);
    if (text == "true")
      line += option;
    else if (text == "false")
      line += " " + flag_name("no_" + name);
    else if (text.find_first_of(" \t'\"$&|;<>()*?\\`") == std::string::npos && !text.empty())
      line += option + " " + text;
    else
      line += option + " '" + text + "'";
  }
  return line;
}

Settings resolve(const Command& command) {
  const Values values = other_options_of(command);
  RunOptions run = run_settings(command);
  if (command.verb == "train") {
    const std::string model = run.model.empty() ? Settings().model.model : run.model;
    check_model("model", model);
    Settings s = resolve_model(run, values, model);
    s.command = command_line(command);
    return s;
  }
  Settings s{run, {}, {}, command_line(command)};
  set_others(values, s);
  return s;
}

Values values_of(const Command& command) {
  Values values = command.values;
  for (const auto& [name, text] : command.values)
    if (name == "config") {
      auto from_file = read_config(text);
      values.insert(values.begin(), from_file.begin(), from_file.end());
    }
  return values;
}

RunOptions run_options_of(const Command& command) {
  RunOptions run;
  for (const auto& [name, text] : values_of(command))
    if (is_run_option(name)) agate::set_option(run_options(), run, name, text);
  return run;
}

std::vector<std::pair<std::string, std::string>> other_options_of(const Command& command) {
  Values others = values_of(command);
  std::erase_if(others, [](const auto& value) { return is_run_option(value.first); });
  return others;
}

std::vector<Settings> resolve_models(const Command& command) {
  const Values values = other_options_of(command);
  const RunOptions run = run_settings(command);
  const auto names = models_of(run);
  auto has_preset = [&](const std::string& model) {
    return std::ranges::any_of(agate::train::presets(), [&](const agate::train::Preset& preset) {
      return preset.model == model && preset.name == run.preset;
    });
  };
  const bool known = std::ranges::any_of(names, has_preset);
  std::vector<Settings> all;
  for (const std::string& name : names) {
    RunOptions own = run;
    if (known && !has_preset(name)) own.preset = "default";
    all.push_back(resolve_model(own, values, name));
    all.back().command = command_line(command);
  }
  return all;
}

std::string settings_json(const Settings& s) {
  nlohmann::ordered_json json;
  auto add = [&](const auto& table, const auto& from) {
    for (const auto& option : table)
      std::visit([&](auto field) { json[option.name] = from.*field; }, option.field);
  };
  json["model"] = s.model.model;
  add(agate::models::model_options(), s.model);
  add(agate::train::train_options(), s.train);
  for (const char* name : {"task", "data", "nodes", "edges", "label", "id", "time", "graphs",
                           "graph_column", "smiles", "smiles_column", "targets", "split", "grid"})
    for (const auto& option : run_options())
      if (option.name == name)
        if (const auto text = agate::get_option(option, s.run); !text.empty()) json[name] = text;
  json["directed"] = s.run.directed;
  json["regression"] = s.run.regression;
  json["structural"] = s.run.structural;
  json["vocabulary"] = s.run.vocabulary;
  json["invalid"] = s.run.invalid;
  json["max_smiles"] = s.run.max_smiles;
  json["runs"] = s.run.runs;
  json["seed"] = s.run.seed;
  return json.dump(2);
}

}  // namespace tool
