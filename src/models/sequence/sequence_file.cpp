#include <agate/core/error.hpp>
#include <agate/io/safetensors.hpp>
#include <agate/models/model_file.hpp>
#include <agate/models/sequence_file.hpp>
#include <agate/models/weights.hpp>

#include "models/file_metadata.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

constexpr const char* task = "sequence";

// Before memory is taken for the model: its widest layer must fit into the file.
void check_size(const SequenceConfig& c, const io::SafeTensors& file, const std::string& path) {
  Index elements = 0;
  for (const auto& [name, array] : file.arrays) elements += array.size();
  auto fits = [&](const char* what, Index rows, Index columns) {
    check(checked_product(rows, columns, "layer") <= elements, ErrorCode::format, path, ": ", what,
          " of its configuration is ", rows, " x ", columns, ", the file holds ", elements,
          " numbers in all");
  };
  if (c.model == "ntm") {
    fits("where the heads start", c.read_heads + c.write_heads, c.memory_rows);
    fits("where reading starts", c.read_heads, c.memory_columns);
    return fits("the controller", c.hidden, c.hidden);
  }
  fits("a layer", c.hidden, c.hidden);
  fits("the layers", c.layers, c.hidden);
  if (c.model == "transformer" || c.model == "rfa_transformer") {
    fits("the perceptron", c.dim_feedforward, c.hidden);
    if (c.positions == "learned") fits("the table of positions", c.max_length, c.hidden);
    if (c.model == "rfa_transformer") fits("the projection", c.num_features, c.hidden);
  }
}

}  // namespace

void save_sequence_model(const std::string& path, const SequenceFile& file) {
  io::SafeTensors out = to_safetensors(*file.model);
  out.metadata = {{"agate_format", std::to_string(file_format)},
                  {"agate_version", version()},
                  {"task", task},
                  {"config", to_json(file.model->config())},
                  {"data", file.data},
                  {"training", file.training}};
  io::write_safetensors(path, out);
}

SequenceFile load_sequence_model(const std::string& path) {
  const io::SafeTensors file = io::read_safetensors(path);
  check_file_format(file, path);
  check(metadata_entry(file, path, "task") == task, ErrorCode::format, path, ": task \"",
        metadata_entry(file, path, "task"), "\", expected \"", task, '"');
  SequenceFile loaded{.model = nullptr,
                      .data = metadata_entry(file, path, "data"),
                      .training = metadata_entry(file, path, "training"),
                      .version = metadata_entry(file, path, "agate_version")};
  std::unique_ptr<SequenceModel> model;
  try {
    const SequenceConfig config = sequence_config_from_json(metadata_entry(file, path, "config"));
    check_size(config, file, path);
    model = make_sequence_model(config, 0);
  } catch (const Error& error) {
    fail(ErrorCode::format, path, ": ", error.what());
  }
  load_weights(file, path, *model);
  loaded.model = std::move(model);
  return loaded;
}

bool holds_sequence_model(const std::string& path) {
  const auto metadata = io::read_safetensors_metadata(path);
  const auto found = metadata.find("task");
  return found != metadata.end() && found->second == task;
}

}  // namespace AGATE_NAMESPACE::models
