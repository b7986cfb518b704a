#include <agate/core/error.hpp>
#include <agate/tensor/repeated_rows.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <bit>
#include <cstring>

namespace AGATE_NAMESPACE {
namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 32);
}

template <class T>
std::uint64_t hash_of(const T* values, Index count, std::uint64_t hash) {
  const char* at = reinterpret_cast<const char*>(values);
  std::size_t left = sizeof(T) * static_cast<std::size_t>(count);
  for (; left > 0; left -= std::min(left, sizeof hash), at += sizeof hash) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, std::min(left, sizeof word));
    hash = mixed(hash, word);
  }
  return hash;
}

template <class T>
bool same(const T* a, const T* b, Index count) {
  return count == 0 || std::memcmp(a, b, sizeof(T) * static_cast<std::size_t>(count)) == 0;
}

// hash(i) of row i, equal(i, j) of two rows.
template <class Hash, class Equal>
std::optional<RowClasses> classes_of(Index rows, Index most, Hash hash, Equal equal) {
  RowClasses classes;
  most = std::clamp<Index>(most, 0, rows);
  classes.of.reserve(static_cast<std::size_t>(rows));
  // Open addressing, at most half full: a class, or -1.
  std::vector<Index> table(std::bit_ceil(static_cast<std::size_t>(2 * most + 2)), -1);
  std::vector<std::uint64_t> hashes;
  for (Index i = 0; i < rows; ++i) {
    const std::uint64_t h = hash(i);
    std::size_t at = h & (table.size() - 1);
    while (table[at] >= 0 && (hashes[static_cast<std::size_t>(table[at])] != h ||
                              !equal(classes.first[static_cast<std::size_t>(table[at])], i)))
      at = (at + 1) & (table.size() - 1);
    if (table[at] < 0) {
      if (classes.count() == most) return {};
      table[at] = classes.count();
      classes.first.push_back(i);
      hashes.push_back(h);
    }
    classes.of.push_back(table[at]);
  }
  return classes;
}

}  // namespace

std::optional<RowClasses> equal_rows(const Tensor& x, Index most) {
  const Index cols = x.cols();
  return classes_of(
      x.rows(), most, [&](Index i) { return hash_of(x.row(i), cols, 0); },
      [&](Index i, Index j) { return same(x.row(i), x.row(j), cols); });
}

std::optional<RowClasses> equal_rows(const SparseMatrix& x, Index most) {
  const auto entries = [&](Index i) { return x.offsets()[i + 1] - x.offsets()[i]; };
  const auto columns = [&](Index i) { return x.columns().data() + x.offsets()[i]; };
  const auto values = [&](Index i) { return x.values().data() + x.offsets()[i]; };
  return classes_of(
      x.rows(), most,
      [&](Index i) { return hash_of(values(i), entries(i), hash_of(columns(i), entries(i), 0)); },
      [&](Index i, Index j) {
        return entries(i) == entries(j) && same(columns(i), columns(j), entries(i)) &&
               same(values(i), values(j), entries(i));
      });
}

std::optional<RowClasses> equal_pairs(std::span<const Index> a, std::span<const Index> b,
                                      Index most) {
  check(a.size() == b.size(), ErrorCode::shape, "equal_pairs: ", a.size(), " and ", b.size(),
        " halves");
  return classes_of(
      std::ssize(a), most,
      [&](Index k) {
        return mixed(mixed(0, static_cast<std::uint64_t>(a[k])), static_cast<std::uint64_t>(b[k]));
      },
      [&](Index k, Index l) { return a[k] == a[l] && b[k] == b[l]; });
}

std::optional<RowClasses> equal_lists(std::span<const Index> offsets, std::span<const Index> words,
                                      Index most) {
  const auto size = [&](Index k) { return offsets[k + 1] - offsets[k]; };
  const auto list = [&](Index k) { return words.data() + offsets[k]; };
  return classes_of(
      std::ssize(offsets) - 1, most, [&](Index k) { return hash_of(list(k), size(k), 0); },
      [&](Index k, Index l) { return size(k) == size(l) && same(list(k), list(l), size(k)); });
}

Var RepeatedRows::all() const {
  check(distinct.rows() == classes->count(), ErrorCode::shape, "RepeatedRows: ", distinct.rows(),
        " rows for ", classes->count(), " classes");
  return gather_rows(distinct, classes->of);
}

}  // namespace AGATE_NAMESPACE
