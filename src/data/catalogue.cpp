#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/data/append_encodings.hpp>
#include <agate/data/catalogue.hpp>
#include <agate/data/images.hpp>
#include <agate/data/musae.hpp>
#include <agate/data/npz_graph.hpp>
#include <agate/data/tables.hpp>
#include <agate/data/tu.hpp>
#include <agate/io/file.hpp>
#include <agate/io/graph_file.hpp>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "data/generated.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

using nlohmann::json;

constexpr int catalogue_version = 1;
constexpr const char* usual_split = "random:0.6/0.2/0.2";
const std::string readers[] = {"tables", "npz_graph", "tu",     "images",
                               "pixels", "musae",     "smiles", "pairs"};

std::string join(const std::string& folder, const std::string& path) {
  return (std::filesystem::path(folder) / path).string();
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

CatalogueEntry read_entry(const json& from) {
  CatalogueEntry entry;
  entry.name = from.at("name").get<std::string>();
  entry.reader = from.at("reader").get<std::string>();
  check(std::ranges::find(readers, entry.reader) != std::end(readers), ErrorCode::format,
        "dataset ", entry.name, ": there is no reader \"", entry.reader, "\"",
        suggestion(entry.reader, readers));
  entry.path = from.at("path").get<std::string>();
  entry.ships = from.at("ships").get<bool>();
  entry.task = from.value("task", "node");
  entry.split = from.value("split", usual_split);
  entry.metric = from.value("metric", "accuracy");
  entry.about = from.value("about", "");
  entry.nodes = from.value("nodes", "nodes.csv");
  entry.edges = from.value("edges", "edges.csv");
  entry.label = from.value("label", "");
  entry.id = from.value("id", "");
  entry.structural = from.value("structural", "auto");
  entry.time = from.value("time", "");
  entry.members = from.value("members", "");
  entry.directed = from.value("directed", false);
  entry.height = from.value("height", Index{0});
  entry.width = from.value("width", Index{0});
  entry.regression = from.value("regression", false);
  return entry;
}

/// Everything but tables, which make features of their own.
Dataset read_data(const CatalogueEntry& entry, const std::string& path) {
  if (entry.reader == "tu") return read_tu(path);
  if (entry.reader == "images") return read_images(path, entry.height, entry.width);
  if (entry.reader == "pixels") return read_pixels(path, entry.height, entry.width);
  if (entry.reader == "musae")
    return read_musae({.folder = path, .graphs = split_names(entry.members), .label = entry.label});
  return read_npz_graph(path);
}

void take(Dataset dataset, const std::string& name, const std::string& structural,
          LoadedDataset& loaded) {
  loaded.dataset = std::move(dataset);
  if (!name.empty()) loaded.dataset.name = name;
  if (structural != "auto" && structural != "none")
    loaded.schema = append_encodings(loaded.dataset, structural);
}

/// Tables as the catalogue describes them, which for links need none of their labels.
void read_entry_tables(const CatalogueEntry& entry, const std::string& path,
                       const TableOptions& options, LoadedDataset& loaded) {
  const bool link = options.task == Task::link;
  TableDataset tables = read_tables(
      {.nodes = entry.nodes.empty() ? "" : join(path, entry.nodes),
       .edges = entry.edges.empty() ? path : join(path, entry.edges),
       .task = link ? Task::link : parse_task(entry.task),
       .label = link && entry.task != "node" ? "" : entry.label,
       .regression = entry.regression && !link,
       .id = entry.id,
       .time = entry.time,
       .directed = entry.directed,
       .edge_features = options.edge_features,
       .structural = options.structural == "auto" ? entry.structural : options.structural,
       .note = options.note});
  loaded.dataset = std::move(tables.dataset);
  loaded.schema = std::move(tables.schema);
}

LoadedDataset load_entry(const CatalogueEntry& entry, const DataFolders& folders,
                         const TableOptions& options) {
  const std::string path = locate(entry, folders);
  check(entry.reader != "pairs", ErrorCode::unsupported, "dataset ", entry.name,
        " holds sequences: read ", path, " with read_pairs");
  check(entry.reader != "smiles", ErrorCode::unsupported, "dataset ", entry.name,
        " holds molecules: read ", path, " with agate::molecules");
  LoadedDataset loaded;
  if (entry.reader == "tables") {
    read_entry_tables(entry, path, options, loaded);
  } else {
    take(read_data(entry, path), entry.name, options.structural, loaded);
  }
  loaded.dataset.name = entry.name;
  loaded.default_split = entry.split;
  loaded.default_metric = entry.metric;
  if (loaded.dataset.task == Task::link && entry.task != "link") {
    loaded.default_split = usual_split;
    loaded.default_metric = usual_metric(loaded.dataset);
  }
  return loaded;
}

LoadedDataset load_path(const std::string& path, TableOptions options) {
  check(exists(path), ErrorCode::not_found, "there is no file ", path);
  LoadedDataset loaded;
  if (io::is_graph_file(path)) {
    options.graph = path;
    TableDataset tables = read_tables(options);
    loaded.dataset = std::move(tables.dataset);
    loaded.schema = std::move(tables.schema);
    loaded.default_split = usual_split;
  } else if (is_tu_folder(path)) {
    take(read_tu(path), "", options.structural, loaded);
    loaded.default_split = !loaded.dataset.splits.empty() ? "fixed:all" : "folds:10";
  } else {
    check(path.ends_with(".npz"), ErrorCode::unsupported, path,
          " is neither an .npz archive, a graph file (.graphml, .dot, .gv, .json) nor a folder of "
          "graphs (NAME_graph_indicator.txt); a network in CSV files is given by its node table, "
          "its edge table and its label column");
    take(read_npz_graph(path), "", options.structural, loaded);
    loaded.default_split = !loaded.dataset.splits.empty() ? "public" : usual_split;
  }
  loaded.default_metric = usual_metric(loaded.dataset);
  return loaded;
}

[[noreturn]] void refuse_name(const std::vector<CatalogueEntry>& catalogue,
                              const std::string& name) {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : catalogue) names.push_back(entry.name);
  for (const GeneratedInfo& info : generated_datasets()) names.push_back(info.name);
  fail(ErrorCode::not_found, "there is no dataset \"", name, "\"", suggestion(name, names));
}

}  // namespace

std::vector<CatalogueEntry> read_catalogue(const DataFolders& folders) {
  check(!folders.shipped.empty(), ErrorCode::not_found,
        "the folder of the datasets that ship with agate is not known");
  const std::string path = join(folders.shipped, "catalogue.json");
  const std::string text = io::read_file(path, 1 << 24);
  std::vector<CatalogueEntry> catalogue;
  try {
    const json from = json::parse(text);
    check(from.at("version").get<int>() == catalogue_version, ErrorCode::format, "version ",
          from.at("version").dump(), ", expected ", catalogue_version);
    for (const json& entry : from.at("datasets").get_ref<const json::array_t&>()) {
      catalogue.push_back(read_entry(entry));
      const CatalogueEntry& last = catalogue.back();
      check(std::ranges::count_if(catalogue,
                                  [&](const CatalogueEntry& e) {
                                    return e.name == last.name && e.ships == last.ships;
                                  }) == 1,
            ErrorCode::format, "dataset ", last.name, " stands there twice");
    }
  } catch (const json::exception& error) {
    fail(ErrorCode::format, path, ": ", error.what());
  } catch (const Error& error) {
    fail(error.code(), path, ": ", error.what());
  }
  return catalogue;
}

const CatalogueEntry* find_entry(const std::vector<CatalogueEntry>& catalogue,
                                 const std::string& name) {
  const CatalogueEntry* found = nullptr;
  for (const CatalogueEntry& entry : catalogue)
    if (entry.name == name && (!found || entry.ships)) found = &entry;
  return found;
}

std::string locate(const CatalogueEntry& entry, const DataFolders& folders) {
  const char* advice = "; set --data-dir or AGATE_DATA";
  const std::string& folder = entry.ships ? folders.shipped : folders.data_dir;
  check(!folder.empty(), ErrorCode::not_found, "dataset ", entry.name,
        " is not part of agate, and there is no data folder to look for ", entry.path, " in",
        advice);
  std::string path = join(folder, entry.path);
  check(exists(path), ErrorCode::not_found, "dataset ", entry.name, " is not in ", folder,
        " (looked for ", path, ")", entry.ships ? "" : advice);
  return path;
}

LoadedDataset load(const std::string& name_or_path, const DataFolders& folders,
                   const TableOptions& options) {
  const bool is_path = name_or_path.find('/') != std::string::npos ||
                       name_or_path.ends_with(".npz") || io::is_graph_file(name_or_path);
  if (is_path) return load_path(name_or_path, options);
  if (auto generated = generate(name_or_path)) {
    const std::string metric = usual_metric(*generated);
    return {std::move(*generated), {}, "public", metric};
  }
  const auto catalogue = read_catalogue(folders);
  const CatalogueEntry* entry = find_entry(catalogue, name_or_path);
  if (!entry) refuse_name(catalogue, name_or_path);
  return load_entry(*entry, folders, options);
}

}  // namespace AGATE_NAMESPACE::data
