#include <agate/core/error.hpp>
#include <agate/io/file.hpp>
#include <agate/models/predict.hpp>
#include <agate/train/metrics.hpp>
#include <cstdio>

#include "heat_map.hpp"
#include "results.hpp"
#include "saved_model.hpp"
#include "verbs.hpp"

namespace tool {

int predict(const Settings& s) {
  for (const std::string& path : {s.run.out, s.run.picture, s.run.heat_map})
    if (!path.empty()) agate::io::check_writable(path);
  const auto file = open_model(s, "predict");
  const auto dataset = load_for(file, s);
  const std::string& model = file.model->config().model;
  check_heat_map(s.run.heat_map, model, dataset);
  const agate::Tensor logits =
      agate::models::predict(*file.model, dataset, static_cast<int>(s.train.threads));
  const std::string csv = predictions_csv(dataset, logits, file.classes, file.multi_label);
  if (s.run.out.empty())
    std::fputs(csv.c_str(), stdout);
  else
    agate::io::write_file(s.run.out, csv);
  if (!s.run.picture.empty()) write_picture(s.run.picture, dataset, logits, model);
  if (!s.run.heat_map.empty())
    write_heat_map(s.run.heat_map, *file.model, dataset, static_cast<int>(s.train.threads), model);
  if (s.run.quiet) return 0;

  const auto known = labelled_nodes(dataset);
  std::fprintf(stderr, "%lld nodes predicted", static_cast<long long>(dataset.num_nodes()));
  if (!known.empty())
    std::fprintf(stderr, "; of the %zu with a known label %.2f %% agree (training nodes included)",
                 known.size(), 100 * agate::train::metric("accuracy", logits, dataset, known));
  std::fprintf(stderr, "\n");
  return 0;
}

}  // namespace tool
