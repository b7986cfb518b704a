#pragma once
// Why a saved model says what it says of one node, edge, pair or graph.

#include <agate/models/model_file.hpp>

#include "settings.hpp"

namespace tool {

// Prints the reasons, and writes what --picture, --json and --report ask for.
int explain_item(const Settings& s, const agate::models::ModelFile& file,
                 const agate::data::Dataset& dataset);

}  // namespace tool
