#pragma once
// --heat-map: what the last attention layer of a model attended to, node by node.

#include <agate/data/dataset.hpp>
#include <agate/models/model.hpp>
#include <string>

namespace tool {

// Found out before training: throws Error(unsupported) for a model without attention, Error(limit)
// for more nodes than can be read in a picture. Nothing is asked for when `path` is empty.
void check_heat_map(const std::string& path, const std::string& model,
                    const agate::data::Dataset& dataset);

// `caption` says which model it is.
void write_heat_map(const std::string& path, const agate::models::Model& model,
                    const agate::data::Dataset& dataset, int threads, const std::string& caption);

}  // namespace tool
