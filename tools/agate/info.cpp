#include <agate/core/error.hpp>
#include <agate/data/sequence_tasks.hpp>
#include <agate/io/safetensors.hpp>
#include <agate/models/foreign_weights.hpp>
#include <agate/models/model_file.hpp>
#include <agate/models/sequence_model.hpp>
#include <agate/train/presets.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "verbs.hpp"

namespace tool {
namespace {

long long printed(agate::Index n) { return static_cast<long long>(n); }

void describe_everything(const RunOptions& run) {
  const auto folders = data_folders(run);
  std::printf("models\n");
  for (const auto& model : agate::models::model_registry()) {
    std::printf("  %-17s %s; presets:", model.name.c_str(), model.about.c_str());
    for (const auto& preset : agate::train::presets())
      if (preset.model.empty() || preset.model == model.name)
        std::printf(" %s", preset.name.c_str());
    std::printf("\n");
  }
  std::printf("\nmodels of sequences\n");
  for (const auto& model : agate::models::sequence_models())
    std::printf("  %-17s %s\n", model.name.c_str(), model.about.c_str());
  std::printf("\ndatasets\n");
  for (const auto& entry : agate::data::read_catalogue(folders))
    std::printf("  %-14s %s%s\n", entry.name.c_str(), entry.about.c_str(),
                entry.ships ? "" : "; from --data-dir");
  for (const auto& generated : agate::data::generated_datasets())
    std::printf("  %-14s %s; generated\n", generated.name.c_str(), generated.about.c_str());
  for (const auto& task : agate::data::sequence_tasks())
    std::printf("  %-18s %s; sequences, generated\n", task.name.c_str(), task.about.c_str());
}

// Weights that another library left: what they are, and of which model.
void describe_weights(const std::string& path, const agate::io::SafeTensors& file) {
  std::printf("%s: weights, not saved by agate\n\n%-40s %-6s %s\n", path.c_str(), "tensor", "type",
              "shape");
  agate::Index numbers = 0;
  for (const auto& [name, array] : file.arrays) {
    std::string shape;
    for (const agate::Index n : array.shape)
      shape += (shape.empty() ? "" : " x ") + std::to_string(n);
    std::printf("%-40s %-6s %s\n", name.c_str(), to_string(array.type).c_str(),
                shape.empty() ? "one number" : shape.c_str());
    numbers += array.size();
  }
  std::printf("%lld numbers\n\n", printed(numbers));
  try {
    const auto config = agate::models::guess_config(file, path);
    agate::models::model_of_state_dict(file, path, config);
    std::printf("fits      %s, as far as names and shapes tell (the activation they do not)\n",
                config.model.c_str());
    std::printf("config    %s\n", agate::models::to_json(config).c_str());
    std::printf("in C++    agate::Model::from_state_dict(\"%s\")\n", path.c_str());
  } catch (const agate::Error& error) {
    std::printf("fits      no model: %s\n", error.what());
  }
}

void describe_model(const std::string& path) {
  if (!agate::io::read_safetensors_metadata(path).contains("agate_format"))
    return describe_weights(path, agate::io::read_safetensors(path));
  const auto file = agate::models::load_model(path);
  std::printf("%s: saved by agate %s, task %s, trained on %s\n", path.c_str(), file.version.c_str(),
              file.task.c_str(), file.data.c_str());
  std::printf("training  %s\nconfig    %s\n", file.training.c_str(),
              agate::models::to_json(file.model->config()).c_str());
  std::printf("classes  ");
  for (const auto& name : file.classes) std::printf(" %s", name.c_str());
  std::printf("\n");
  if (file.schema) {
    std::printf("features ");
    const auto names = file.schema->feature_names();
    for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 12); ++i)
      std::printf("%s %s", i ? "," : "", names[i].c_str());
    std::printf(names.size() > 12 ? ", ... (%zu)\n" : " (%zu)\n", names.size());
  }
  std::printf("\n%-32s %-16s\n", "tensor", "shape");
  for (const auto& [name, parameter] : file.model->parameters())
    std::printf("%-32s %-16s\n", name.c_str(), parameter->value.shape().to_string().c_str());
  std::printf("%lld parameters\n", printed(file.model->num_parameters()));
}

// Of each column of numbers what they are like.
void describe_numbers(const agate::data::Dataset& d) {
  for (int c = 0; c < d.num_classes(); ++c) {
    double sum = 0, least = INFINITY, most = -INFINITY;
    agate::Index known = 0;
    for (agate::Index i = 0; i < d.targets.rows(); ++i) {
      const double v = d.targets.row(i)[c];
      if (std::isnan(v)) continue;
      sum += v, ++known;
      least = std::min(least, v), most = std::max(most, v);
    }
    std::printf("  %-20s %lld known, %g to %g, mean %g\n", d.classes[c].c_str(), printed(known),
                least, most, sum / static_cast<double>(std::max<agate::Index>(1, known)));
  }
}

void describe_labels(const agate::data::Dataset& d) {
  const std::string items = items_of(d.task);
  if (d.task == agate::data::Task::link) return;
  if (d.targets.empty()) {
    std::printf("%zu of %lld %s have a label:\n", labelled_items(d).size(), printed(d.num_items()),
                items.c_str());
    for (int c = 0; c < d.num_classes(); ++c)
      std::printf("  %-20s %lld\n", d.classes[c].c_str(),
                  printed(std::count(d.y.begin(), d.y.end(), c)));
    return;
  }
  if (d.regression) {
    std::printf("%d numbers of each of %lld %s:\n", d.num_classes(), printed(d.num_items()),
                items.c_str());
    return describe_numbers(d);
  }
  std::printf("%d labels of %s, each 0, 1 or not known:\n", d.num_classes(), items.c_str());
  for (int c = 0; c < d.num_classes(); ++c) {
    agate::Index ones = 0, zeros = 0;
    for (agate::Index i = 0; i < d.targets.rows(); ++i) {
      ones += d.targets.row(i)[c] == 1;
      zeros += d.targets.row(i)[c] == 0;
    }
    std::printf("  %-20s %lld ones, %lld zeros\n", d.classes[c].c_str(), printed(ones),
                printed(zeros));
  }
}

void describe_dataset(const RunOptions& run) {
  const auto loaded = load_dataset(run);
  const auto& d = loaded.dataset;
  agate::Index isolated = 0, most = 0;
  for (agate::Index i = 0; i < d.num_nodes(); ++i) {
    isolated += d.graph.in_degree(i) == 0;
    most = std::max(most, d.graph.in_degree(i));
  }
  std::printf("%s: %lld nodes, %lld edges (%s), %lld features (%s)\n", d.name.c_str(),
              printed(d.num_nodes()), printed(d.graph.num_edges()),
              d.graph.is_undirected() ? "undirected" : "directed", printed(d.num_features()),
              std::holds_alternative<agate::SparseMatrix>(d.x) ? "sparse" : "dense");
  if (d.num_graphs() > 1)
    std::printf("%lld graphs, of %.1f nodes on average\n", printed(d.num_graphs()),
                static_cast<double>(d.num_nodes()) / static_cast<double>(d.num_graphs()));
  if (d.num_edge_features() > 0)
    std::printf("%lld features of each edge\n", printed(d.num_edge_features()));
  std::printf("in-degree: mean %.2f, largest %lld; %lld nodes without neighbours\n",
              static_cast<double>(d.graph.num_messages()) /
                  static_cast<double>(std::max<agate::Index>(1, d.num_nodes())),
              printed(most), printed(isolated));
  describe_labels(d);
  if (!d.splits.empty())
    std::printf("splits of its own: %zu, the first: %zu train, %zu val, %zu test\n",
                d.splits.size(), d.splits[0].train.size(), d.splits[0].val.size(),
                d.splits[0].test.size());
  std::printf("task: %s, default split: %s, metric: %s\n", to_string(d.task).c_str(),
              loaded.default_split.c_str(), loaded.default_metric.c_str());
}

}  // namespace

int info(const Settings& s) {
  const bool data = !s.run.data.empty() || !s.run.nodes.empty() || !s.run.edges.empty();
  agate::check(s.run.model.empty() || !data, agate::ErrorCode::usage,
               "info describes a model or a dataset, not both at once");
  if (!s.run.model.empty())
    describe_model(s.run.model);
  else if (data)
    describe_dataset(s.run);
  else
    describe_everything(s.run);
  return 0;
}

}  // namespace tool
