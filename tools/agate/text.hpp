#pragma once
// Names and numbers as the command line, tables and pages write them.

#include <agate/core/config.hpp>
#include <algorithm>
#include <cstdio>
#include <string>

namespace tool {

// `format` as of printf, for one double.
inline std::string number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

inline std::string thousandths(double value) { return number("%.3f", value); }

// "heat_map" as "--heat-map".
inline std::string flag_name(std::string option) {
  std::ranges::replace(option, '_', '-');
  return "--" + option;
}

inline std::string whole(agate::Index value) { return std::to_string(value); }

}  // namespace tool
