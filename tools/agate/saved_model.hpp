#pragma once
// A saved model and the data it is to be applied to.

#include <agate/model.hpp>
#include <vector>

#include "settings.hpp"

namespace tool {

// The file that --model names. Throws Error(usage), naming the verb, when there is none.
agate::Model open_model(const Settings& s, const char* verb);

// The data in the form the model was trained on: tables and graph files by its schema, archives by
// their columns, molecules in its vocabulary.
LoadedData load_for(const agate::Model& model, const Settings& s);

}  // namespace tool
