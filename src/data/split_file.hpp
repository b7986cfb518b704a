#pragma once
// Files that say which items are for training, validation and test.

#include <agate/data/dataset.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::data {

struct StoredFolds {
  std::vector<Split> folds;  ///< at least one; each part ascends
  bool tests_only = false;   ///< only the test items are known
};

/// The layouts and the errors of FileSplit; .gz too.
StoredFolds read_split_file(const std::string& path, const Dataset& dataset);

}  // namespace AGATE_NAMESPACE::data
