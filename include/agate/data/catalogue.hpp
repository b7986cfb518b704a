#pragma once
/// \file
/// The catalogue: names for datasets, with how to read them and how they are usually split.

#include <agate/data/dataset.hpp>
#include <agate/data/schema.hpp>
#include <agate/data/tables.hpp>
#include <optional>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::data {

/// A dataset of datasets/catalogue.json: where it lies, and how it is read.
struct CatalogueEntry {
  std::string name;
  std::string reader;  ///< "tables", "npz_graph", "tu", "images", "pixels", "musae", "smiles",
                       ///< "pairs" (sequences)
  std::string path;  ///< a file, or the folder of tables or texts, relative to where it was found;
                     ///< an edge table, where there is no other (nodes and edges are empty)
  bool ships = false;               ///< part of agate itself; otherwise found in the data folder
  std::string task, split, metric;  ///< "node", "public", "accuracy", ...
  std::string about;                ///< one line for people
  std::string nodes, edges, label, id,
      structural;       ///< for "tables": as in TableOptions; for
                        ///< "smiles" label names the targets: "A,B", all
  std::string time;     ///< as in TableOptions, too
  std::string members;  ///< for "musae": the names of its graphs, as "DE,ENGB"
  bool directed = false, regression = false;
  Index height = 0, width = 0;  ///< for "images" and "pixels"
};

/// Where to look. Both may be empty.
struct DataFolders {
  std::string shipped;   ///< agate's datasets/ folder, holding catalogue.json
  std::string data_dir;  ///< the folder of the user's collection (--data-dir or $AGATE_DATA)
};

/// datasets/catalogue.json of the shipped folder. Error(not_found) / Error(format).
std::vector<CatalogueEntry> read_catalogue(const DataFolders& folders);

/// The entry of that name; what ships wins. nullptr for none.
const CatalogueEntry* find_entry(const std::vector<CatalogueEntry>& catalogue,
                                 const std::string& name);

/// The path of the entry's data. Error(not_found) with where it was looked for.
std::string locate(const CatalogueEntry& entry, const DataFolders& folders);

/// Datasets that are made, not read, by NAME:SIZE; not part of the catalogue.
struct GeneratedInfo {
  std::string name;   ///< "dictionary:K"; "ba_shapes[:HOUSES]" where the size may be left out
  std::string about;  ///< one line for people
};
/// All of them.
const std::vector<GeneratedInfo>& generated_datasets();

/// The preset that data of this name are trained with unless told otherwise; told from the name
/// alone. "default" but for some generated datasets.
std::string default_preset(const std::string& name);

/// A dataset, and what it is trained and tested with unless told otherwise.
struct LoadedDataset {
  Dataset dataset;
  /// For datasets read from tables, and for archives with structural features beside their own.
  std::optional<FeatureSchema> schema;
  /// What the catalogue says; for a path "public" where the data has a split (for graphs to be
  /// classified "fixed:all"), and otherwise "random:0.6/0.2/0.2" (for those "folds:10").
  std::string default_split;
  std::string default_metric;  ///< what the catalogue says; otherwise usual_metric()
};

/// Loads by NAME (of the catalogue, or generated) or by path: of an .npz, of a folder in the format
/// of read_tu, or of a graph file, for which `options` says what its columns are; of a dataset that
/// has a name, the catalogue says so. options.structural other than auto counts for all of them but
/// generated ones, and of tables Task::link and edge_features. What ships wins
/// over the data folder. An unknown name is Error(not_found) with the nearest known names; a known
/// name whose file is not there says where it was looked for; Error(usage) for a generated one of a
/// size that it cannot have, Error(unsupported) for molecules, which agate::molecules reads.
LoadedDataset load(const std::string& name_or_path, const DataFolders& folders,
                   const TableOptions& options = {});

}  // namespace AGATE_NAMESPACE::data
