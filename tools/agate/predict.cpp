#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <agate/models/model_file.hpp>
#include <algorithm>
#include <cstdio>

#include "results.hpp"
#include "verbs.hpp"

namespace tool {
namespace {

// The data in the form the model was trained on: tables and graph files by its schema, archives by
// their columns.
agate::data::Dataset load_for(const agate::models::ModelFile& file, const Settings& s) {
  const RunOptions& run = s.run;
  const auto options = table_options(run);
  const bool graph_file = !options.graph.empty();
  if (graph_file || !run.nodes.empty() || !run.edges.empty()) {
    agate::check(graph_file || (!run.nodes.empty() && !run.edges.empty() && run.data.empty()),
                 agate::ErrorCode::usage, "--nodes and --edges go together, and without --data");
    agate::check(file.schema.has_value(), agate::ErrorCode::unsupported, run.model, ": trained on ",
                 file.data, ", not on tables: it does not know what columns mean");
    return agate::data::read_tables(options, *file.schema);
  }
  const auto [dataset, schema, split, metric] = load_dataset(run);
  agate::check(dataset.num_features() == file.model->config().in, agate::ErrorCode::shape, run.data,
               " has ", dataset.num_features(), " features, ", run.model, " expects ",
               file.model->config().in, " (trained on ", file.data, ")");
  agate::check(dataset.classes.empty() || dataset.classes == file.classes, agate::ErrorCode::value,
               run.data, ": its classes are not those of ", run.model, " (trained on ", file.data,
               ")");
  // Equal numbers of columns may mean different things.
  agate::check(!schema || (file.schema &&
                           agate::data::to_json(*schema) == agate::data::to_json(*file.schema)),
               agate::ErrorCode::value, run.data, ": its tables are not those that ", run.model,
               " was trained on; name them with --nodes and --edges to have them read its way");
  return dataset;
}

}  // namespace

int predict(const Settings& s) {
  agate::check(!s.run.model.empty(), agate::ErrorCode::usage,
               "predict needs --model FILE, a model saved by agate train --save");
  for (const std::string& path : {s.run.out, s.run.picture})
    if (!path.empty()) agate::io::check_writable(path);
  const auto file = agate::models::load_model(s.run.model);
  const auto dataset = load_for(file, s);
  const agate::Tensor logits =
      file.model->predict(dataset.graph, dataset.x, static_cast<int>(s.train.threads));
  const std::string csv = predictions_csv(dataset, logits, file.classes);
  if (s.run.out.empty())
    std::fputs(csv.c_str(), stdout);
  else
    agate::io::write_file(s.run.out, csv);
  if (!s.run.picture.empty())
    write_picture(s.run.picture, dataset, logits, file.model->config().model);
  if (s.run.quiet) return 0;

  std::vector<agate::Index> known;
  for (agate::Index i = 0; i < dataset.num_nodes(); ++i)
    if (dataset.y[i] >= 0) known.push_back(i);
  std::fprintf(stderr, "%lld nodes predicted", static_cast<long long>(dataset.num_nodes()));
  if (!known.empty())
    std::fprintf(stderr, "; of the %zu with a known label %.2f %% agree (training nodes included)",
                 known.size(), 100 * agate::train::score(logits, dataset.y, known).accuracy);
  std::fprintf(stderr, "\n");
  return 0;
}

}  // namespace tool
