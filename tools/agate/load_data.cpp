// From the options of a command to data.

#include <agate/core/error.hpp>
#include <agate/data/link_fold.hpp>
#include <agate/data/reverse_edges.hpp>
#include <agate/io/graph_file.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "molecules.hpp"
#include "settings.hpp"

namespace tool {

using agate::check;
using agate::ErrorCode;
using agate::data::Task;

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
                                    .graphs = run.graphs,
                                    .task = Task::node,
                                    .label = run.label,
                                    .regression = run.regression,
                                    .id = run.id,
                                    .graph_column = run.graph_column,
                                    .split_column = {},
                                    .time = run.time,
                                    .directed = run.directed,
                                    .structural = run.structural,
                                    .note = remarks(run)};
  if (run.task != "auto")
    options.task = agate::data::parse_task(run.task);
  else if (!run.graphs.empty())
    options.task = Task::graph;
  if (run.split.starts_with("column:")) options.split_column = run.split.substr(7);
  return options;
}

namespace {

// What the catalogue says of --data; a path is no name.
std::optional<agate::data::CatalogueEntry> entry_of(const RunOptions& run) {
  if (run.data.empty() || run.data.find_first_of("/.") != std::string::npos) return {};
  const auto catalogue = agate::data::read_catalogue(data_folders(run));
  const auto* entry = agate::data::find_entry(catalogue, run.data);
  return entry ? std::optional(*entry) : std::nullopt;
}

}  // namespace

bool holds_molecules(const RunOptions& run) {
  if (!run.smiles.empty()) return true;
  const auto entry = entry_of(run);
  return entry && entry->reader == "smiles";
}

std::string task_of(const RunOptions& run) {
  if (run.task != "auto") return run.task;
  if (!run.graphs.empty() || !run.smiles.empty() || std::filesystem::is_directory(run.data))
    return "graph";
  const auto entry = entry_of(run);
  return entry ? entry->task : "node";
}

namespace {

constexpr const char* usual_split = "random:0.6/0.2/0.2";
constexpr const char* usual_molecule_split = "random:0.8/0.1/0.1";
constexpr const char* usual_link_split = "random:0.85/0.05/0.1";

agate::data::LoadedDataset load_tables(const RunOptions& run) {
  check(!run.edges.empty(), ErrorCode::usage,
        "--nodes and --edges go together, one of them is missing");
  auto [dataset, schema] = agate::data::read_tables(table_options(run));
  const std::string metric = agate::data::usual_metric(dataset);
  return {std::move(dataset), std::move(schema), run.split.empty() ? usual_split : run.split,
          metric};
}

// Those of --smiles, or an entry of the catalogue, which says what the file holds.
agate::data::LoadedDataset load_molecules(RunOptions run, bool to_predict,
                                          std::shared_ptr<const Molecules>& molecules) {
  const auto entry = entry_of(run);
  if (entry) {
    run.smiles = agate::data::locate(*entry, data_folders(run));
    if (run.targets.empty()) run.targets = entry->label;
    if (run.id.empty()) run.id = entry->id;
    if (run.split.empty()) run.split = entry->split;
    run.regression = run.regression || entry->regression;
  }
  check(to_predict || !run.targets.empty(), ErrorCode::usage,
        "--smiles without --targets: name the columns of what was measured, or all");
  auto dataset = read_molecules(run, to_predict, molecules);
  if (entry) dataset.name = entry->name;
  const std::string metric = agate::data::usual_metric(dataset);
  return {std::move(dataset), {}, entry ? entry->split : usual_molecule_split, metric};
}

// The data as the task asked for wants them.
void fit_task(agate::data::LoadedDataset& loaded, const RunOptions& run) {
  auto& dataset = loaded.dataset;
  if (task_of(run) == "link") {
    dataset = agate::data::as_links(std::move(dataset));
    loaded.default_split = usual_link_split;
    loaded.default_metric = agate::data::usual_metric(dataset);
  }
  check(run.task == "auto" || dataset.task == agate::data::parse_task(run.task), ErrorCode::usage,
        "task ", run.task, ": what ", dataset.name, " is about are ", items_of(dataset.task));
  dataset = agate::data::add_reverse_edges(std::move(dataset));
}

}  // namespace

LoadedData load_dataset(const RunOptions& run, bool to_predict) {
  const bool tables = !run.nodes.empty() || !run.edges.empty();
  check(tables + !run.data.empty() + !run.smiles.empty() < 2, ErrorCode::usage,
        "--data, --smiles and --nodes/--edges are several sources of data, choose one");
  check(tables || !run.data.empty() || !run.smiles.empty(), ErrorCode::usage,
        "no data: name a dataset with --data, molecules with --smiles, or tables with --nodes and "
        "--edges");
  LoadedData loaded;
  static_cast<agate::data::LoadedDataset&>(loaded) =
      tables                 ? load_tables(run)
      : holds_molecules(run) ? load_molecules(run, to_predict, loaded.molecules)
                             : agate::data::load(run.data, data_folders(run), table_options(run));
  fit_task(loaded, run);
  return loaded;
}

}  // namespace tool
