#pragma once
// The names in a state_dict, taken apart: "encoder.conv2.lin.weight" is the tensor "lin.weight" of
// the second layer of the kind "encoder.conv".

#include <agate/core/config.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::models {

struct LayerName {
  std::string root;  // "encoder.conv2."; empty: of no numbered layer
  std::string stem;  // "encoder.conv"
  Index number = 0;
  std::string tail;  // "lin.weight"
};

// By the first part of the name that ends in digits.
LayerName layer_name(const std::string& name);

// The roots of each stem, by ascending number.
std::map<std::string, std::vector<std::string>> roots_by_stem(
    const std::vector<std::string>& names);

}  // namespace AGATE_NAMESPACE::models
