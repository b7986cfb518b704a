#pragma once
// What other libraries, and older versions of them, call the tensors of a layer.

#include <agate/tensor/tensor.hpp>
#include <map>
#include <optional>
#include <string>

namespace AGATE_NAMESPACE::models {

// The tensors of a file by name; which of them were taken.
struct GivenTensors {
  struct Entry {
    Tensor value;
    bool taken = false;
  };
  std::string file;  // for messages
  std::map<std::string, Entry> entries;

  const Tensor* find(const std::string& name) const;
  const Tensor& take(const std::string& name);
};

// The tensor `tail` of the layer whose names begin with `root`, by its own or another name, in the
// shape wanted; nothing when there is none. Error(format) for one that has no such shape and for
// two that stand for one and differ.
std::optional<Tensor> take_spelled(GivenTensors& given, const std::string& root,
                                   const std::string& tail, const Shape& wanted);

// As take_spelled, for the tensor `tail` of a perceptron that stands under `root`: "0.weight",
// "1.module.bias", ... With `batch_norm` it has norms.
std::optional<Tensor> take_of_perceptron(GivenTensors& given, const std::string& root,
                                         const std::string& tail, bool batch_norm,
                                         const Shape& wanted);

}  // namespace AGATE_NAMESPACE::models
