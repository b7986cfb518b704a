#include "saved_model.hpp"

#include <agate/core/error.hpp>
#include <agate/data/append_encodings.hpp>

namespace tool {

agate::models::ModelFile open_model(const Settings& s, const char* verb) {
  agate::check(!s.run.model.empty(), agate::ErrorCode::usage, verb,
               " needs --model FILE, a model saved by agate train --save");
  return agate::models::load_model(s.run.model);
}

agate::data::Dataset load_for(const agate::models::ModelFile& file, const Settings& s) {
  RunOptions run = s.run;
  const auto options = table_options(run);
  const bool graph_file = !options.graph.empty();
  if (graph_file || !run.nodes.empty() || !run.edges.empty()) {
    agate::check(graph_file || (!run.nodes.empty() && !run.edges.empty() && run.data.empty()),
                 agate::ErrorCode::usage, "--nodes and --edges go together, and without --data");
    agate::check(file.schema && file.schema->archive_columns == 0, agate::ErrorCode::unsupported,
                 run.model, ": trained on ", file.data,
                 ", not on tables: it does not know what columns mean");
    return agate::data::read_tables(options, *file.schema);
  }
  // Tables of the catalogue are read as in training; to archives the model's own encodings are
  // added.
  const bool of_archive = file.schema && file.schema->archive_columns > 0;
  if (file.schema && !of_archive) run.structural = file.schema->structural.to_string();
  auto [dataset, schema, split, metric] = load_dataset(run);
  if (!schema && of_archive) {
    agate::data::append_encodings(dataset, *file.schema);
    schema = file.schema;
  }
  agate::check(dataset.num_features() == file.model->config().in, agate::ErrorCode::shape, run.data,
               " has ", dataset.num_features(), " features, ", run.model, " expects ",
               file.model->config().in, " (trained on ", file.data, ")");
  agate::check(dataset.classes.empty() || dataset.classes == file.classes, agate::ErrorCode::value,
               run.data, ": its classes are not those of ", run.model, " (trained on ", file.data,
               ")");
  agate::check(dataset.classes.empty() || dataset.is_multi_label() == file.multi_label,
               agate::ErrorCode::value, run.data,
               dataset.is_multi_label() ? ": its nodes have several labels, those of "
                                        : ": its nodes have one class each, those of ",
               run.model, file.multi_label ? " several labels" : " one class each");
  // Equal numbers of columns may mean different things.
  agate::check(!schema || (file.schema &&
                           agate::data::to_json(*schema) == agate::data::to_json(*file.schema)),
               agate::ErrorCode::value, run.data, ": its tables are not those that ", run.model,
               " was trained on; name them with --nodes and --edges to have them read its way");
  return dataset;
}

std::vector<agate::Index> labelled_nodes(const agate::data::Dataset& dataset) {
  std::vector<agate::Index> known;
  for (agate::Index i = 0; i < dataset.num_nodes(); ++i) {
    bool is_known = !dataset.is_multi_label() && dataset.y[i] >= 0;
    if (dataset.is_multi_label())
      for (agate::Index c = 0; c < dataset.targets.cols(); ++c)
        is_known = is_known || dataset.targets.row(i)[c] == dataset.targets.row(i)[c];
    if (is_known) known.push_back(i);
  }
  return known;
}

}  // namespace tool
