#pragma once
/// \file
/// Tape, Var, Parameter: reverse-mode differentiation over a list of records.
///
/// A Tape owns everything that changes while a model runs: the recorded operations, the gradients,
/// the random state, the thread count and the memory. Models stay const, so one model may run in
/// many threads at once, each thread with its own tape. A tape itself belongs to one thread.
///
///     Tape tape({.training = true, .seed = 7});
///     for (int epoch = 0; epoch < 200; ++epoch) {
///       Var loss = cross_entropy(model(graph, tape.constant(x)), y, train);
///       tape.backward(loss);
///       adam.step(tape);
///       tape.reset();      // forget the pass, keep its memory, next random numbers
///     }

#include <agate/core/memory.hpp>
#include <agate/core/random.hpp>
#include <agate/tensor/tensor.hpp>
#include <functional>
#include <initializer_list>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace AGATE_NAMESPACE {

class Tape;

/// A trainable array of a module, or (trainable = false) a buffer that travels with it. Its name is
/// given by the module that owns it; its gradient lives on the tape.
struct Parameter {
  Tensor value;
  bool trainable = true;
};

/// Where the gradient of a Var is collected. What a backward closure keeps of an input whose value
/// it does not need.
class GradientSlot {
 public:
  GradientSlot() = default;
  bool wanted() const { return id_ >= 0; }
  /// Adds `gradient` (of the shape of the Var) unless it is not wanted. The tensor may be kept.
  void add(Tensor gradient) const;
  /// What was added so far, of the shape of the Var, to add to in place; zeros at first. Only where
  /// wanted().
  Tensor sum(const Shape& shape) const;

 private:
  friend class Var;
  GradientSlot(Tape* tape, Index id) : tape_(tape), id_(id) {}
  Tape* tape_ = nullptr;
  Index id_ = -1;
};

/// A value on a tape. Cheap to copy.
class Var {
 public:
  const Tensor& value() const { return value_; }
  const Shape& shape() const { return value_.shape(); }
  Index rows() const { return value_.rows(); }
  Index cols() const { return value_.cols(); }
  Tape& tape() const { return *tape_; }
  /// Whether a gradient flows to it: false for constants and on a tape that does not record.
  bool requires_grad() const { return id_ >= 0; }
  GradientSlot gradient() const { return {tape_, id_}; }

 private:
  friend class Tape;
  Var(Tape* tape, Index id, Tensor value) : tape_(tape), id_(id), value_(std::move(value)) {}
  Tape* tape_;
  Index id_;
  Tensor value_;
};

/// What a pass is run with.
struct TapeOptions {
  bool training = false;   ///< dropout is active
  bool record = true;      ///< false: no gradients, values are freed as soon as they are not used
  std::uint64_t seed = 0;  ///< of dropout
  int threads = 0;         ///< 0: all processors
};

/// All that changes while a model runs: the recorded operations, the gradients, the random state,
/// the memory. Belongs to one thread; see tape.hpp.
class Tape {
 public:
  /// Receives the gradient of the recorded value and adds to the slots of the inputs.
  using Backward = std::function<void(const Tensor& gradient)>;

  explicit Tape(TapeOptions options = {});
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  bool training() const { return options_.training; }
  int threads() const { return options_.threads; }

  /// An input whose gradient is not wanted.
  Var constant(Tensor value) { return {this, -1, std::move(value)}; }
  /// An input whose gradient is wanted.
  Var variable(Tensor value);
  /// The parameter's value; bound on first use, so that all uses add to one gradient.
  Var parameter(const Parameter& parameter);

  /// For operations: memory from the tape's pool, of undefined value.
  Tensor make(Shape shape) { return Tensor::uninitialized(shape, &pool_); }
  /// For operations: the same, all elements zero.
  Tensor make_zeros(Shape shape) { return Tensor::zeros(shape, &pool_); }
  /// For operations: the result of an operation on `inputs`. When no input wants a gradient,
  /// nothing is recorded and `make_backward`, which builds the closure, is not called.
  template <class MakeBackward>
  Var record(Tensor value, std::initializer_list<const Var*> inputs, MakeBackward&& make_backward) {
    return record(std::move(value), std::span(inputs.begin(), inputs.size()), make_backward);
  }
  /// The same for as many inputs as there are.
  template <class MakeBackward>
  Var record(Tensor value, std::span<const Var* const> inputs, MakeBackward&& make_backward) {
    bool wanted = false;
    for (const Var* input : inputs) wanted = wanted || input->requires_grad();
    if (!wanted) return constant(std::move(value));
    return {this, push(make_backward()), std::move(value)};
  }
  /// For operations: the random numbers of the next operation of this pass.
  RandomKey next_random() { return {options_.seed, step_, operation_++}; }

  /// Gradients of `loss` (one element) for every variable and parameter. Throws Error(shape) when
  /// loss has more than one element, Error(unsupported) when nothing was recorded for it or
  /// backward already ran in this pass.
  void backward(const Var& loss);
  /// As backward(loss) for the scalar sum(gradient * output).
  void backward(const Var& output, Tensor gradient);

  /// The gradient that the last backward left; zeros when nothing flowed there. Error(unsupported)
  /// for a Var that is neither a variable nor a parameter of this tape.
  Tensor gradient(const Var& variable) const;
  /// nullptr when the parameter took no part in the pass.
  const Tensor* gradient(const Parameter& parameter) const;

  /// For operations that follow statistics: the value that a buffer shall have after this step. The
  /// pass itself changes nothing; the optimiser puts the value in place.
  void set_next_value(const Parameter& buffer, Tensor value);
  /// nullptr when the pass leaves the buffer as it is.
  const Tensor* next_value(const Parameter& buffer) const;

  /// For layers that teach themselves something beside the task: a loss of this pass, one element,
  /// that is to be added to the loss that the pass is run for. Error(shape) for more elements.
  void add_loss(const Var& loss);
  /// What add_loss was given in this pass. train::fit adds it to its loss; who calls backward()
  /// himself decides himself.
  std::span<const Var> added_losses() const { return added_losses_; }

  /// Forgets the pass, keeps its memory for the next one, and moves on to the next random numbers.
  void reset();
  std::uint32_t step() const { return step_; }  ///< steps so far

  MemoryPool& pool() { return pool_; }

 private:
  friend class GradientSlot;
  struct Record {
    Backward backward;  ///< empty for a leaf
    Tensor gradient;
    bool leaf = false;
  };
  Index push(Backward backward);
  void add_gradient(Index id, Tensor gradient);
  Tensor& own_gradient(Index id);  // of no other owner

  TapeOptions options_;
  MemoryPool pool_;
  std::vector<Record> records_;
  std::unordered_map<const Parameter*, Var> bound_;
  std::unordered_map<const Parameter*, Tensor> next_values_;
  std::vector<Var> added_losses_;
  std::uint32_t step_ = 0;
  std::uint32_t operation_ = 0;
  bool went_backward_ = false;
};

}  // namespace AGATE_NAMESPACE
