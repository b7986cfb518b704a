#pragma once
// Numbers as texts for tables and pages.

#include <agate/core/config.hpp>
#include <cstdio>
#include <string>

namespace tool {

// `format` as of printf, for one double.
inline std::string number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

inline std::string whole(agate::Index value) { return std::to_string(value); }

}  // namespace tool
