#include <agate/core/error.hpp>
#include <agate/nn/attention/key_value_cache.hpp>
#include <algorithm>
#include <numeric>
#include <vector>

namespace AGATE_NAMESPACE::nn {
namespace {

constexpr Index first_capacity = 16;

// The positions of the sequences named, in a tensor of so much room for each.
Tensor moved(const Tensor& from, Index length, Index before, Index room,
             std::span<const Index> sequences) {
  const Index cols = from.cols();
  Tensor to = Tensor::zeros({std::ssize(sequences) * room, cols});
  for (Index r = 0; r < std::ssize(sequences); ++r)
    std::copy_n(from.data() + sequences[r] * before * cols, length * cols,
                to.data() + r * room * cols);
  return to;
}

}  // namespace

void KeyValueCache::append(const Tensor& keys, const Tensor& values) {
  if (capacity_ == 0) {
    sequences_ = keys.rows();
    capacity_ = first_capacity;
    keys_ = Tensor::zeros({sequences_ * capacity_, keys.cols()});
    values_ = Tensor::zeros({sequences_ * capacity_, values.cols()});
  }
  check(keys.rows() == sequences_ && values.rows() == sequences_, ErrorCode::shape,
        "KeyValueCache: ", keys.rows(), " keys and ", values.rows(), " values for ", sequences_,
        " sequences");
  check(keys.cols() == keys_.cols() && values.cols() == values_.cols(), ErrorCode::shape,
        "KeyValueCache: keys of ", keys.cols(), " and values of ", values.cols(),
        " columns, expected ", keys_.cols(), " and ", values_.cols());
  if (length_ == capacity_) {
    std::vector<Index> all(static_cast<std::size_t>(sequences_));
    std::iota(all.begin(), all.end(), Index{0});
    grow(2 * capacity_, all);
  }
  for (Index r = 0; r < sequences_; ++r) {
    std::copy_n(keys.row(r), keys.cols(), keys_.row(r * capacity_ + length_));
    std::copy_n(values.row(r), values.cols(), values_.row(r * capacity_ + length_));
  }
  ++length_;
}

void KeyValueCache::grow(Index capacity, std::span<const Index> sequences) {
  keys_ = moved(keys_, length_, capacity_, capacity, sequences);
  values_ = moved(values_, length_, capacity_, capacity, sequences);
  sequences_ = std::ssize(sequences);
  capacity_ = capacity;
}

Support KeyValueCache::support() const {
  const std::vector<Index> lengths(static_cast<std::size_t>(sequences_), length_);
  return Support::key_lengths(1, capacity_, lengths);
}

KeyValueCache KeyValueCache::select(std::span<const Index> sequences) const {
  for (const Index r : sequences)
    check(r >= 0 && r < sequences_, ErrorCode::shape, "KeyValueCache: sequence ", r, " of ",
          sequences_);
  KeyValueCache cache = *this;
  if (capacity_ > 0) cache.grow(capacity_, sequences);
  return cache;
}

}  // namespace AGATE_NAMESPACE::nn
