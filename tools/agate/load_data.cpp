// From the options of a command to data.

#include <agate/core/error.hpp>
#include <agate/data/link_fold.hpp>
#include <agate/data/reverse_edges.hpp>
#include <agate/io/graph_file.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

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

std::string task_of(const RunOptions& run) {
  if (run.task != "auto") return run.task;
  if (!run.graphs.empty() || std::filesystem::is_directory(run.data)) return "graph";
  // A path is no name.
  if (run.data.empty() || run.data.find_first_of("/.") != std::string::npos) return "node";
  for (const auto& entry : agate::data::read_catalogue(data_folders(run)))
    if (entry.name == run.data) return entry.task;
  return "node";
}

namespace {

constexpr const char* usual_split = "random:0.6/0.2/0.2";
constexpr const char* usual_link_split = "random:0.85/0.05/0.1";

agate::data::LoadedDataset load_tables(const RunOptions& run) {
  check(!run.edges.empty(), ErrorCode::usage,
        "--nodes and --edges go together, one of them is missing");
  auto [dataset, schema] = agate::data::read_tables(table_options(run));
  const std::string metric = agate::data::usual_metric(dataset);
  return {std::move(dataset), std::move(schema), run.split.empty() ? usual_split : run.split,
          metric};
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

agate::data::LoadedDataset load_dataset(const RunOptions& run) {
  const bool tables = !run.nodes.empty() || !run.edges.empty();
  check(tables != !run.data.empty(), ErrorCode::usage,
        tables ? "--data and --nodes/--edges are two sources of data, choose one"
               : "no data: name a dataset with --data, or tables with --nodes and --edges");
  auto loaded = tables ? load_tables(run)
                       : agate::data::load(run.data, data_folders(run), table_options(run));
  fit_task(loaded, run);
  return loaded;
}

}  // namespace tool
