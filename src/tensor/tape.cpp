#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/tensor/tape.hpp>
#include <algorithm>

#include "kernels/elementary.hpp"

namespace AGATE_NAMESPACE {
namespace {

constexpr Index grain = 1 << 14;

}  // namespace

Tape::Tape(TapeOptions options) : options_(options) {
  check(options.threads >= 0, ErrorCode::value, "Tape: threads = ", options.threads,
        ", expected 0 (all) or more");
}

Index Tape::push(Backward backward) {
  const bool leaf = !backward;
  records_.push_back({std::move(backward), {}, leaf});
  return static_cast<Index>(records_.size()) - 1;
}

Var Tape::variable(Tensor value) {
  return {this, options_.record ? push({}) : -1, std::move(value)};
}

Var Tape::parameter(const Parameter& parameter) {
  if (!options_.record || !parameter.trainable) return constant(parameter.value);
  auto found = bound_.find(&parameter);
  if (found == bound_.end()) found = bound_.emplace(&parameter, variable(parameter.value)).first;
  return found->second;
}

void GradientSlot::add(Tensor gradient) const {
  if (wanted()) tape_->add_gradient(id_, std::move(gradient));
}

Tensor GradientSlot::sum(const Shape& shape) const {
  Tensor& found = tape_->own_gradient(id_);
  if (!found.empty()) return found;
  found = tape_->make(shape);
  parallel_for(tape_->threads(), found.size(), grain,
               [data = found.data()](Index begin, Index end) {
                 std::fill(data + begin, data + end, Real(0));
               });
  return found;
}

Tensor& Tape::own_gradient(Index id) {
  Tensor& sum = records_[static_cast<std::size_t>(id)].gradient;
  // An operation may have handed one tensor to several slots.
  if (sum.is_shared()) sum = sum.clone(&pool_);
  return sum;
}

void Tape::add_gradient(Index id, Tensor gradient) {
  Tensor& sum = records_[static_cast<std::size_t>(id)].gradient;
  if (sum.empty()) {
    sum = std::move(gradient);
    return;
  }
  check(sum.shape() == gradient.shape(), ErrorCode::shape, "Tape: a gradient of ",
        gradient.shape().to_string(), " is added to one of ", sum.shape().to_string());
  // An operation may have handed one tensor to several slots.
  Tensor next = sum.is_shared() ? make(sum.shape()) : sum;
  Real* to = next.data();
  const Real *before = sum.data(), *from = gradient.data();
  parallel_for(threads(), sum.size(), grain, [&](Index begin, Index end) {
    kernels::add(end - begin, before + begin, from + begin, to + begin);
  });
  sum = std::move(next);
}

void Tape::backward(const Var& loss) {
  check(loss.value().size() == 1, ErrorCode::shape, "backward: the loss has shape ",
        loss.shape().to_string(), ", expected one element");
  backward(loss, Tensor::full(loss.shape(), 1, &pool_));
}

void Tape::backward(const Var& output, Tensor gradient) {
  check(!went_backward_, ErrorCode::unsupported,
        "backward: this pass has already run backward; call reset() before the next one");
  check(output.tape_ == this && output.requires_grad(), ErrorCode::unsupported,
        "backward: nothing that needs a gradient leads to this value");
  check(gradient.shape() == output.shape(), ErrorCode::shape, "backward: a gradient of ",
        gradient.shape().to_string(), " for a value of ", output.shape().to_string());
  went_backward_ = true;
  add_gradient(output.id_, std::move(gradient));
  for (Index id = output.id_; id >= 0; --id) {
    Record& record = records_[static_cast<std::size_t>(id)];
    if (record.leaf || record.gradient.empty()) continue;
    // Both are let go as soon as they have been used, so memory falls while the tape runs back.
    const Tensor received = std::exchange(record.gradient, {});
    const Backward run = std::exchange(record.backward, {});
    run(received);
  }
}

Tensor Tape::gradient(const Var& variable) const {
  check(variable.tape_ == this && variable.requires_grad() &&
            records_[static_cast<std::size_t>(variable.id_)].leaf,
        ErrorCode::unsupported, "gradient: kept for variables and parameters only");
  const Tensor& found = records_[static_cast<std::size_t>(variable.id_)].gradient;
  return found.empty() ? Tensor::zeros(variable.shape()) : found;
}

const Tensor* Tape::gradient(const Parameter& parameter) const {
  const auto found = bound_.find(&parameter);
  if (found == bound_.end()) return nullptr;
  const Tensor& gradient = records_[static_cast<std::size_t>(found->second.id_)].gradient;
  return gradient.empty() ? nullptr : &gradient;
}

void Tape::set_next_value(const Parameter& buffer, Tensor value) {
  check(value.shape() == buffer.value.shape(), ErrorCode::shape, "Tape: a next value of ",
        value.shape().to_string(), " for a buffer of ", buffer.value.shape().to_string());
  next_values_[&buffer] = std::move(value);
}

const Tensor* Tape::next_value(const Parameter& buffer) const {
  const auto found = next_values_.find(&buffer);
  return found == next_values_.end() ? nullptr : &found->second;
}

void Tape::add_loss(const Var& loss) {
  check(loss.value().size() == 1, ErrorCode::shape, "Tape: an added loss of shape ",
        loss.shape().to_string(), ", expected one element");
  added_losses_.push_back(loss);
}

void Tape::reset() {
  records_.clear();
  bound_.clear();
  next_values_.clear();
  added_losses_.clear();
  ++step_;
  operation_ = 0;
  went_backward_ = false;
}

}  // namespace AGATE_NAMESPACE
