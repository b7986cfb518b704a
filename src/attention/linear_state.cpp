#include <agate/attention/linear_state.hpp>
#include <agate/core/error.hpp>
#include <agate/tensor/rows.hpp>
#include <cmath>

namespace AGATE_NAMESPACE {

LinearState::LinearState(Index sequences, Index heads, Index features, Index channels)
    : heads_(heads),
      features_(features),
      channels_(channels),
      state_(Tensor::zeros({sequences, heads * features * (channels + 1)})) {}

void LinearState::check_keys(const Tensor& phi_k, const Tensor& values, Index rows) const {
  check(phi_k.rows() == rows && values.rows() == rows && phi_k.cols() == heads_ * features_ &&
            values.cols() == heads_ * channels_,
        ErrorCode::shape, "LinearState: features ", phi_k.shape().to_string(), " and values ",
        values.shape().to_string(), " for ", rows, " rows of ", heads_, " heads of ", features_,
        " features and ", channels_, " channels");
}

void LinearState::add(Index sequence, const Real* phi_k, const Real* values, const Real* gate) {
  Real* to = state_.row(sequence);
  for (Index h = 0; h < heads_; ++h, phi_k += features_, values += channels_) {
    const Real kept = gate ? 1 / (1 + std::exp(-gate[h])) : Real(1);
    const Real share = gate ? 1 - kept : Real(1);
    for (Index f = 0; f < features_; ++f, to += channels_ + 1) {
      const Real weight = share * phi_k[f];
      for (Index c = 0; c < channels_; ++c) to[c] = kept * to[c] + weight * values[c];
      to[channels_] = kept * to[channels_] + weight;
    }
  }
}

void LinearState::remember(const Tensor& phi_k, const Tensor& values, const Tensor& gate) {
  check_keys(phi_k, values, sequences());
  check(gate.empty() || (gate.rows() == sequences() && gate.cols() == heads_), ErrorCode::shape,
        "LinearState: a gate ", gate.shape().to_string(), " for ", sequences(), " sequences of ",
        heads_, " heads");
  for (Index r = 0; r < sequences(); ++r)
    add(r, phi_k.row(r), values.row(r), gate.empty() ? nullptr : gate.row(r));
}

void LinearState::remember(const Tensor& phi_k, const Tensor& values,
                           std::span<const Index> offsets) {
  check(std::ssize(offsets) == sequences() + 1, ErrorCode::shape,
        "LinearState: ", std::ssize(offsets) - 1, " segments for ", sequences(), " sequences");
  check_keys(phi_k, values, offsets.back());
  for (Index b = 0; b < sequences(); ++b)
    for (Index j = offsets[b]; j < offsets[b + 1]; ++j)
      add(b, phi_k.row(j), values.row(j), nullptr);
}

Tensor LinearState::recall(const Tensor& phi_q, Real eps) const {
  check(phi_q.rows() == sequences() && phi_q.cols() == heads_ * features_, ErrorCode::shape,
        "LinearState: features ", phi_q.shape().to_string(), " for ", sequences(), " sequences of ",
        heads_, " heads of ", features_, " features");
  Tensor out = Tensor::zeros({sequences(), heads_ * channels_});
  for (Index r = 0; r < sequences(); ++r) {
    const Real *from = state_.row(r), *query = phi_q.row(r);
    for (Index h = 0; h < heads_; ++h, query += features_) {
      Real* to = out.row(r) + h * channels_;
      Real below = 0;
      for (Index f = 0; f < features_; ++f, from += channels_ + 1) {
        for (Index c = 0; c < channels_; ++c) to[c] += query[f] * from[c];
        below += query[f] * from[channels_];
      }
      if (std::abs(below) < eps) below = below < 0 ? -eps : eps;
      for (Index c = 0; c < channels_; ++c) to[c] /= below;
    }
  }
  return out;
}

LinearState LinearState::select(std::span<const Index> sequences) const {
  LinearState selected = *this;
  selected.state_ = select_rows(state_, sequences);
  return selected;
}

}  // namespace AGATE_NAMESPACE
