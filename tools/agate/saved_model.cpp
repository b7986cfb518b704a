#include "saved_model.hpp"

#include <agate/core/error.hpp>
#include <agate/data/append_encodings.hpp>
#include <limits>

#include "molecules.hpp"

namespace tool {

agate::Model open_model(const Settings& s, const char* verb) {
  agate::check(!s.run.model.empty(), agate::ErrorCode::usage, verb,
               " needs --model FILE, a model saved by agate train --save");
  return agate::Model::load(s.run.model);
}

namespace {

std::string labels_of(const agate::data::Dataset& dataset) {
  if (!dataset.targets.empty()) return dataset.regression ? "numbers" : "several labels each";
  return "one class each";
}

// Nothing was measured of what the model tells.
void ask_for(const agate::models::ModelFile& file, agate::data::Dataset& dataset) {
  dataset.classes = file.classes;
  dataset.regression = file.model->config().regression;
  dataset.y.clear();
  dataset.targets = agate::Tensor::full({dataset.num_items(), std::ssize(file.classes)},
                                        std::numeric_limits<agate::Real>::quiet_NaN());
}

}  // namespace

LoadedData load_for(const agate::Model& model, const Settings& s) {
  const auto& file = model.file();
  RunOptions run = as_trained(file, s.run);
  const auto& config = file.model->config();
  run.task = file.task;
  auto options = table_options(run);
  const bool graph_file = !options.graph.empty();
  if (graph_file || !run.nodes.empty() || !run.edges.empty()) {
    agate::check(graph_file || (!run.edges.empty() && run.data.empty()), agate::ErrorCode::usage,
                 "--nodes and --edges go together, and without --data");
    agate::check(file.schema && file.schema->archive_columns == 0, agate::ErrorCode::unsupported,
                 run.model, ": trained on ", file.data,
                 ", not on tables: it does not know what columns mean");
    return {{model.read_tables(options), {}, {}, {}}, {}};
  }
  // Tables of the catalogue are read as in training; to archives the model's own encodings are
  // added.
  const bool of_archive = file.schema && file.schema->archive_columns > 0;
  if (file.schema && !of_archive) run.structural = file.schema->structural.to_string();
  const std::string source = run.data.empty() ? run.smiles : run.data;
  LoadedData loaded = load_dataset(run, true);
  auto& [dataset, schema, split, metric] = static_cast<agate::data::LoadedDataset&>(loaded);
  if (loaded.molecules && dataset.classes.empty()) ask_for(file, dataset);
  if (!schema && of_archive) {
    agate::data::append_encodings(dataset, *file.schema);
    schema = file.schema;
  }
  agate::check(dataset.num_features() == config.in, agate::ErrorCode::shape, source, " has ",
               dataset.num_features(), " features, ", run.model, " expects ", config.in,
               " (trained on ", file.data, ")");
  agate::check(dataset.classes.empty() || dataset.classes == file.classes, agate::ErrorCode::value,
               source, ": its classes are not those of ", run.model, " (trained on ", file.data,
               ")");
  agate::check(
      dataset.classes.empty() || file.task == "link" ||
          (dataset.is_multi_label() == file.multi_label && dataset.regression == config.regression),
      agate::ErrorCode::value, source, ": its ", items_of(dataset.task), " have ",
      labels_of(dataset), ", those of ", run.model, " have ",
      config.regression  ? "numbers"
      : file.multi_label ? "several labels each"
                         : "one class each");
  // Equal numbers of columns may mean different things.
  agate::check(!schema || (file.schema &&
                           agate::data::to_json(*schema) == agate::data::to_json(*file.schema)),
               agate::ErrorCode::value, source, ": its tables are not those that ", run.model,
               " was trained on; name them with --nodes and --edges to have them read its way");
  return loaded;
}

}  // namespace tool
