#pragma once
// Rows of numbers, in memory or in a file that the system pages.

#include <agate/tensor/tensor.hpp>
#include <memory>
#include <string>

namespace AGATE_NAMESPACE::models {

class RowStore {
 public:
  RowStore() = default;
  // `folder` empty: in memory. Otherwise in a file without a name there; Error(io) where it cannot
  // be made.
  RowStore(Index rows, Index cols, const std::string& folder);

  Index cols() const { return cols_; }
  Real* row(Index i) { return data_ + i * cols_; }
  const Real* row(Index i) const { return data_ + i * cols_; }
  bool empty() const { return data_ == nullptr; }

 private:
  Index cols_ = 0;
  Real* data_ = nullptr;
  std::shared_ptr<void> owner_;
};

}  // namespace AGATE_NAMESPACE::models
