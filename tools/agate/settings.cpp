#include "settings.hpp"

#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/io/file.hpp>
#include <agate/io/graph_file.hpp>
#include <agate/train/presets.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

namespace tool {

using agate::check;
using agate::ErrorCode;
using agate::fail;

const std::vector<agate::Option<RunOptions>>& run_options() {
  using R = RunOptions;
  static const std::vector<agate::Option<R>> table{
      {"data",
       &R::data,
       "a dataset by name (see: agate info), or a file: .npz, .graphml, .dot, .gv, node-link .json",
       0,
       0,
       {}},
      {"nodes", &R::nodes, "CSV file of nodes: a header, then one row per node", 0, 0, {}},
      {"edges", &R::edges, "CSV file of edges: a header, then one row per edge", 0, 0, {}},
      {"label",
       &R::label,
       "column of the classes, an empty cell is to be predicted; or columns of 0 and 1, as A,B,C",
       0,
       0,
       {}},
      {"id", &R::id, "column of the node ids (id, or else the first)", 0, 0, {}},
      {"directed", &R::directed, "edges run one way only", 0, 0, {}},
      {"structural",
       &R::structural,
       "features from the graph itself: auto, none, or a list of degree, random_walk:K, "
       "spectral:K, identity",
       0,
       0,
       {}},
      {"data_dir", &R::data_dir, "folder of further datasets ($AGATE_DATA)", 0, 0, {}},
      {"model", &R::model, "", 0, 0, {}},
      {"models", &R::models, "", 0, 0, {}},
      {"preset",
       &R::preset,
       "a recipe of the model: default, paper, pyg, deep, lookup; else what the data asks for",
       0,
       0,
       {}},
      {"config", &R::config, "JSON file of options; flags win over it", 0, 0, {}},
      {"split",
       &R::split,
       "public, fixed:K, fixed:all, random:0.6/0.2/0.2, per-class:20/30 or column:NAME (train, "
       "val, test)",
       0,
       0,
       {}},
      {"runs", &R::runs, "how many times, with seeds S, S + 1, ...", 1, 100000, {}},
      {"seed", &R::seed, "of weights, dropout and random splits", 0, 9e15, {}},
      {"save", &R::save, "file for the model (.safetensors), the best run by validation", 0, 0, {}},
      {"out", &R::out, "CSV file for the predictions", 0, 0, {}},
      {"json", &R::json, "file for the results as JSON", 0, 0, {}},
      {"picture", &R::picture, "SVG file for a picture of the graph", 0, 0, {}},
      {"chart", &R::chart, "SVG file for a chart of the results", 0, 0, {}},
      {"heat_map",
       &R::heat_map,
       "SVG file for the attention of the last attention layer, of at most 100 nodes",
       0,
       0,
       {}},
      {"only", &R::only, "the rows of that name alone, or with that in their name", 0, 0, {}},
      {"rounds", &R::rounds, "how many times each row is measured", 1, 1000, {}},
      {"large", &R::large, "a million nodes and sequences of 64k too (6 GB)", 0, 0, {}},
      {"quiet", &R::quiet, "no progress and no remarks", 0, 0, {}},
      {"print_config", &R::print_config, "write the effective options as JSON and stop", 0, 0, {}},
  };
  return table;
}

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all{
      {"train",
       "fit a model on data, print test metrics, save model, metrics and predictions",
       {"data",     "nodes", "edges",  "label",   "id",       "directed", "structural",
        "data_dir", "model", "preset", "config",  "split",    "runs",     "seed",
        "save",     "out",   "json",   "picture", "heat_map", "quiet",    "print_config"},
       {},
       true},
      {"compare",
       "several models on the same data, splits and seeds: one table",
       {"models", "data", "nodes", "edges", "label", "id", "directed", "structural", "data_dir",
        "preset", "config", "split", "runs", "seed", "json", "chart", "quiet"},
       {},
       true},
      {"predict",
       "apply a saved model to new data, write a CSV of labels and probabilities",
       {"model", "data", "nodes", "edges", "label", "id", "data_dir", "out", "picture", "heat_map",
        "quiet"},
       {"threads"}},
      {"evaluate",
       "score a saved model against known labels",
       {"model", "data", "nodes", "edges", "label", "id", "data_dir", "split", "seed", "json",
        "quiet"},
       {"metric", "threads"}},
      {"info",
       "what is in a dataset or a saved model, or what there is",
       {"model", "data", "nodes", "edges", "label", "id", "directed", "structural", "data_dir",
        "quiet"},
       {}},
      {"bench",
       "speed and memory on this machine",
       {"only", "rounds", "large", "json", "quiet"},
       {"threads"}},
  };
  return all;
}

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
  if (verb.training)
    for (const auto& option : agate::models::model_options())
      flags.push_back(flag_of(option, option.help));
  for (const auto& option : agate::train::train_options())
    if (verb.training ||
        std::ranges::find(verb.train_options, option.name) != verb.train_options.end())
      flags.push_back(flag_of(option, option.help));
  return flags;
}

namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

Values with_config(const Command& command) {
  Values values = command.values;
  for (const auto& [name, text] : command.values)
    if (name == "config") {
      auto from_file = read_config(text);
      values.insert(values.begin(), from_file.begin(), from_file.end());
    }
  return values;
}

RunOptions run_settings(const Values& values) {
  RunOptions run;
  for (const auto& [name, text] : values)
    if (is_run_option(name)) agate::set_option(run_options(), run, name, text);
  if (run.preset.empty()) run.preset = agate::data::default_preset(run.data);
  return run;
}

void set_others(const Values& values, Settings& s) {
  for (const auto& [name, text] : values)
    if (!is_run_option(name)) agate::train::set_option(name, text, s.model, s.train);
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

Settings resolve(const Command& command) {
  const Values values = with_config(command);
  RunOptions run = run_settings(values);
  if (command.verb == "train") {
    const std::string model = run.model.empty() ? Settings().model.model : run.model;
    check_model("model", model);
    return resolve_model(run, values, model);
  }
  Settings s{run, {}, {}};
  set_others(values, s);
  return s;
}

std::vector<Settings> resolve_models(const Command& command) {
  const Values values = with_config(command);
  const RunOptions run = run_settings(values);
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
  for (const char* name : {"data", "nodes", "edges", "label", "id", "split"})
    for (const auto& option : run_options())
      if (option.name == name)
        if (const auto text = agate::get_option(option, s.run); !text.empty()) json[name] = text;
  json["directed"] = s.run.directed;
  json["structural"] = s.run.structural;
  json["runs"] = s.run.runs;
  json["seed"] = s.run.seed;
  return json.dump(2);
}

agate::data::DataFolders data_folders(const RunOptions& run) {
  agate::data::DataFolders folders;
  const char* shipped = std::getenv("AGATE_DATASETS");
  folders.shipped = shipped ? shipped : AGATE_DATASETS;
  if (!std::filesystem::exists(folders.shipped)) folders.shipped = "datasets";
  const char* collection = std::getenv("AGATE_DATA");
  folders.data_dir = !run.data_dir.empty() ? run.data_dir : collection ? collection : "";
  return folders;
}

namespace {

std::function<void(const std::string&)> remarks(const RunOptions& run) {
  if (run.quiet) return {};
  return [](const std::string& sentence) { std::fprintf(stderr, "note: %s\n", sentence.c_str()); };
}

}  // namespace

agate::data::TableOptions table_options(const RunOptions& run) {
  agate::data::TableOptions options{.nodes = run.nodes,
                                    .edges = run.edges,
                                    .graph = agate::io::is_graph_file(run.data) ? run.data : "",
                                    .label = run.label,
                                    .id = run.id,
                                    .split_column = {},
                                    .directed = run.directed,
                                    .structural = run.structural,
                                    .note = remarks(run)};
  if (run.split.starts_with("column:")) options.split_column = run.split.substr(7);
  return options;
}

agate::data::LoadedDataset load_dataset(const RunOptions& run) {
  const bool tables = !run.nodes.empty() || !run.edges.empty();
  check(tables != !run.data.empty(), ErrorCode::usage,
        tables ? "--data and --nodes/--edges are two sources of data, choose one"
               : "no data: name a dataset with --data, or tables with --nodes and --edges");
  if (!tables) return agate::data::load(run.data, data_folders(run), table_options(run));
  check(!run.nodes.empty() && !run.edges.empty(), ErrorCode::usage,
        "--nodes and --edges go together, one of them is missing");
  auto [dataset, schema] = agate::data::read_tables(table_options(run));
  const std::string split = run.split.empty() ? "random:0.6/0.2/0.2" : run.split;
  const std::string metric = agate::data::usual_metric(dataset);
  return {std::move(dataset), std::move(schema), split, metric};
}

}  // namespace tool
