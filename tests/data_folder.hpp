#pragma once
#include <cstdlib>

#include "catch.hpp"

/// The folder of data that does not ship, or nullptr; the test that asks then says that it skips.
inline const char* data_folder() {
  const char* folder = std::getenv("AGATE_DATA");
  if (folder && *folder) return folder;
  WARN("skipped: AGATE_DATA is not set to a folder of data");
  return nullptr;
}
