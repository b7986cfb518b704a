#pragma once
// What a command was asked to do: the tables of options of the library, and the program's own.

#include <agate/core/options.hpp>
#include <agate/data/catalogue.hpp>
#include <agate/data/tables.hpp>
#include <agate/models/model.hpp>
#include <agate/train/trainer.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tool {

// The program's own options, as the command line gave them.
struct RunOptions {
  std::string task = "auto";
  std::string data, nodes, edges, label, id, time, graphs, graph_column;
  std::string pairs, lengths, source;
  bool words = false;
  agate::Index per_epoch = 1000, beam = 1;
  std::string smiles, smiles_column, targets, vocabulary = "ogb", invalid = "skip";
  agate::Index max_smiles = 2000;
  bool directed = false, regression = false;
  std::string structural = "auto";
  std::string data_dir;
  std::string model, models, preset, config;
  std::string split;
  agate::Index runs = 1, seed = 0;
  std::string grid;
  std::string save, out, json, report, picture, chart, heat_map;
  std::string node, graph;
  agate::Index top = 10;
  double abstain = 0;
  std::string edge, target, method = "auto";
  std::string only;
  agate::Index rounds = 7;
  bool large = false;
  bool quiet = false, print_config = false;
};

const std::vector<agate::Option<RunOptions>>& run_options();

// One option as the command line sees it.
struct Flag {
  std::string name, help, value;  // value: what to write for it in help; empty for a switch
  bool on = false;                // a switch that is on unless --no-NAME is given
};

// A word that the program is told to do, and the options it takes, by name.
struct Verb {
  std::string name, about;
  std::vector<std::string> run_options;
  std::vector<std::string> of_sequences;   // those of them that models of sequences take
  std::vector<std::string> train_options;  // those of training that it takes
  bool training = false;                   // takes all options of models and training
};
const std::vector<Verb>& verbs();
std::vector<Flag> flags_of(const Verb& verb);

// A parsed command line: option names (with underscores) and texts, in the order given.
struct Command {
  std::string verb;
  std::vector<std::pair<std::string, std::string>> values;
};

// What a command says, --config FILE before it; of the program's own options, and of all others.
std::vector<std::pair<std::string, std::string>> values_of(const Command& command);
RunOptions run_options_of(const Command& command);
std::vector<std::pair<std::string, std::string>> other_options_of(const Command& command);

// As a person would write it again.
std::string command_line(const Command& command);

struct Settings {
  RunOptions run;
  agate::models::ModelConfig model;
  agate::train::TrainOptions train;
  std::string command{};  // the line that asks for all this
};

// Defaults < preset (the data's own unless one is named) < --config FILE < flags and --set, in this
// order.
Settings resolve(const Command& command);
// The same for each model that --models names, in that order. A model without the preset asked for
// keeps its default. Error(usage) where a name is empty, unknown or there twice, and where no model
// has the preset.
std::vector<Settings> resolve_models(const Command& command);

// One choice of the options that --grid lists, by name: "hidden=64 lr=0.01".
struct GridPoint {
  std::string name;
  Settings settings;
};
// All of them; without a grid the settings themselves, without a name.
std::vector<GridPoint> grid_of(const Settings& settings);

// The effective settings as JSON that --config reads back.
std::string settings_json(const Settings& settings);

// Where datasets are looked for: what ships, and --data-dir or $AGATE_DATA.
agate::data::DataFolders data_folders(const RunOptions& run);

// The table options that --nodes and --edges stand for.
agate::data::TableOptions table_options(const RunOptions& run);

// Whether the data named are molecules.
bool holds_molecules(const RunOptions& run);

// What is predicted, as far as it can be told before the data are read.
std::string task_of(const RunOptions& run);

struct Molecules;

struct LoadedData : agate::data::LoadedDataset {
  std::shared_ptr<const Molecules> molecules;  // what the graphs are, where they are molecules
};

// Loads what --data, --smiles, or --nodes and --edges, name; remarks go to stderr unless --quiet.
// `to_predict`: what was measured of molecules may not be there.
LoadedData load_dataset(const RunOptions& run, bool to_predict = false);

}  // namespace tool
