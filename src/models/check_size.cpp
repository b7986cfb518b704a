#include "models/check_size.hpp"

#include <agate/core/error.hpp>
#include <agate/models/model.hpp>
#include <algorithm>

#include "models/heads/head.hpp"

namespace AGATE_NAMESPACE::models {

void check_size(const ModelConfig& config, const io::SafeTensors& file, const std::string& path) {
  Index elements = 0, wanted = 0;
  for (const auto& [name, array] : file.arrays) elements += array.size();
  auto fits = [&](const std::string& what, Index in, Index out) {
    const Index product = checked_product(in, out, "layer");
    check(product <= elements, ErrorCode::format, path, ": ", what, " of its configuration is ", in,
          " x ", out, ", the file holds ", elements, " numbers in all");
    return product;
  };
  // The layers stand beside each other.
  auto fit = [&](const std::string& what, Index in, Index out) {
    wanted += fits(what, in, out);
    check(wanted <= elements, ErrorCode::format, path, ": up to ", what,
          " its configuration is of ", wanted, " numbers, the file holds ", elements, " in all");
  };
  const auto& infos = model_registry();
  const auto info = std::ranges::find(infos, config.model, &ModelInfo::name);
  if (info == infos.end()) return;  // which make_model refuses by name
  const Index hidden = config.hidden * (info->attention ? config.heads : 1);
  const Index end = open_end(config) * (info->attention ? config.output_heads : 1);
  Index before = config.in;
  if (config.pre_linear) {
    fit("the first linear layer", before, hidden);
    before = hidden;
  }
  for (Index l = 0; l < config.layers; ++l) {
    const Index width = l + 1 == config.layers && end > 0 ? end : hidden;
    if (info->weights) fit("layer " + std::to_string(l), before, width);
    before = width;
  }
  if (config.edge_dim > 0) fits("what layers make of edges", config.edge_dim, hidden);
  if (config.virtual_node) fits("the virtual node", hidden, 2 * hidden);
  if (config.task == "graph") {
    const Index width = config.jk == "cat" ? checked_product(hidden, config.layers, "jk") : hidden;
    if (config.readout == "set2set" || config.readout == "multihead" ||
        config.readout == "attentive_fp")
      fits("the readout", width, width);
    if (config.head_layers > 1) fits("the head", width, width);
  }
  if (config.task == "edge") fits("the head", config.pair_dim + config.latent, config.latent);
  if (config.task == "link" && (config.decoder == "bilinear" || config.head_layers > 2))
    fits("the decoder", config.latent, config.latent);
}

}  // namespace AGATE_NAMESPACE::models
