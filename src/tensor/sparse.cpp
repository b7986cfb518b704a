#include <agate/core/error.hpp>
#include <agate/tensor/sparse.hpp>
#include <limits>
#include <mutex>

namespace AGATE_NAMESPACE {

struct SparseMatrix::Lazy {
  std::mutex mutex;
  bool built = false;
  Transpose transpose;
};

SparseMatrix::SparseMatrix(Index rows, Index cols, CsrArrays arrays) {
  const auto& [offsets, columns, values] = arrays;
  check(rows >= 0 && cols >= 0 && cols <= std::numeric_limits<NodeId>::max() &&
            rows <= std::numeric_limits<NodeId>::max(),
        ErrorCode::limit, "SparseMatrix: ", rows, " x ", cols, " is more than 2^31 - 1");
  check(static_cast<Index>(offsets.size()) == rows + 1 && offsets.front() == 0 &&
            offsets.back() == static_cast<Index>(columns.size()) && columns.size() == values.size(),
        ErrorCode::shape, "SparseMatrix: ", offsets.size(), " offsets, ", columns.size(),
        " columns and ", values.size(), " values do not describe ", rows, " rows");
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i)
    check(offsets[i] <= offsets[i + 1], ErrorCode::shape, "SparseMatrix: offset ", i + 1,
          " is smaller than the one before it");
  for (NodeId c : columns)
    check(c >= 0 && c < cols, ErrorCode::shape, "SparseMatrix: column ", c, " of ", cols);
  data_ =
      std::make_shared<const Data>(Data{rows, cols, std::move(arrays), std::make_shared<Lazy>()});
}

const SparseMatrix::Transpose& SparseMatrix::transpose() const {
  Lazy& lazy = *data_->lazy;
  std::lock_guard lock(lazy.mutex);
  if (lazy.built) return lazy.transpose;
  const auto& from = data_->arrays;
  Transpose t;
  t.offsets.assign(static_cast<std::size_t>(cols()) + 1, 0);
  t.rows.resize(from.columns.size());
  t.positions.resize(from.columns.size());
  for (NodeId c : from.columns) ++t.offsets[static_cast<std::size_t>(c) + 1];
  for (std::size_t c = 1; c < t.offsets.size(); ++c) t.offsets[c] += t.offsets[c - 1];
  std::vector<Index> next(t.offsets.begin(), t.offsets.end() - 1);
  for (Index i = 0; i < rows(); ++i)
    for (Index p = from.offsets[i]; p < from.offsets[i + 1]; ++p) {
      const Index at = next[from.columns[p]]++;
      t.rows[at] = static_cast<NodeId>(i);
      t.positions[at] = p;
    }
  lazy.transpose = std::move(t);
  lazy.built = true;
  return lazy.transpose;
}

SparseMatrix SparseMatrix::clone() const { return {rows(), cols(), data_->arrays}; }

Tensor SparseMatrix::to_dense() const {
  Tensor dense = Tensor::zeros({rows(), cols()});
  for (Index i = 0; i < rows(); ++i)
    for (Index p = offsets()[i]; p < offsets()[i + 1]; ++p)
      dense.row(i)[columns()[p]] += values()[p];
  return dense;
}

SparseMatrix SparseMatrix::normalize_rows() const {
  CsrArrays out = data_->arrays;
  for (Index i = 0; i < rows(); ++i) {
    double sum = 0;
    for (Index p = out.offsets[i]; p < out.offsets[i + 1]; ++p) sum += out.values[p];
    if (sum == 0) continue;
    for (Index p = out.offsets[i]; p < out.offsets[i + 1]; ++p)
      out.values[p] = static_cast<Real>(out.values[p] / sum);
  }
  return {rows(), cols(), std::move(out)};
}

SparseMatrix SparseMatrix::select_rows(std::span<const Index> rows) const {
  CsrArrays out{{0}, {}, {}};
  out.offsets.reserve(rows.size() + 1);
  Index entries = 0;
  for (Index i : rows) {
    check(i >= 0 && i < this->rows(), ErrorCode::shape, "SparseMatrix: row ", i, " of ",
          this->rows());
    const Index first = offsets()[i];
    entries += offsets()[i + 1] - first;
    // Rows from all over a large matrix are fetched at once rather than waited for one by one.
    __builtin_prefetch(columns().data() + first);
    __builtin_prefetch(values().data() + first);
  }
  out.columns.reserve(static_cast<std::size_t>(entries));
  out.values.reserve(static_cast<std::size_t>(entries));
  for (auto at = rows.begin(); at != rows.end();) {
    // Rows that follow each other, as those of one graph do, are copied at once.
    const Index first = *at, begin = offsets()[first], moved = out.offsets.back() - begin;
    Index end = begin;
    for (Index i = first; at != rows.end() && *at == i; ++at, ++i)
      out.offsets.push_back((end = offsets()[i + 1]) + moved);
    out.columns.insert(out.columns.end(), columns().begin() + begin, columns().begin() + end);
    out.values.insert(out.values.end(), values().begin() + begin, values().begin() + end);
  }
  return {std::ssize(rows), cols(), std::move(out)};
}

}  // namespace AGATE_NAMESPACE
