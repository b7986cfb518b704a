#include <agate/core/error.hpp>
#include <agate/nn/module.hpp>
#include <cmath>
#include <map>
#include <set>

namespace AGATE_NAMESPACE::nn {

std::vector<std::pair<std::string, Parameter*>> Module::parameters() {
  std::vector<std::pair<std::string, Parameter*>> all;
  visit_parameters("", [&](const std::string& name, Parameter& p) { all.emplace_back(name, &p); });
  return all;
}

std::vector<std::pair<std::string, const Parameter*>> Module::parameters() const {
  std::vector<std::pair<std::string, const Parameter*>> all;
  // Visiting changes nothing; what it hands out here is const again.
  const_cast<Module*>(this)->visit_parameters(
      "", [&](const std::string& name, Parameter& p) { all.emplace_back(name, &p); });
  return all;
}

Index Module::num_parameters() const {
  Index count = 0;
  for (const auto& [name, p] : parameters())
    if (p->trainable) count += p->value.size();
  return count;
}

void Module::load_parameters(std::span<const std::pair<std::string, Tensor>> values,
                             const std::string& from) {
  std::map<std::string, Tensor> given(values.begin(), values.end());
  std::set<std::string> used;
  const auto own = parameters();
  for (const auto& [name, parameter] : own) {
    const auto found = given.find(name);
    check(found != given.end(), ErrorCode::format, from, ": the tensor \"", name, "\" is missing");
    const Tensor& value = found->second;
    check(value.shape() == parameter->value.shape(), ErrorCode::format, from, ": the tensor \"",
          name, "\" is ", value.shape().to_string(), ", expected ",
          parameter->value.shape().to_string());
    for (Real v : value.values())
      check(std::isfinite(v), ErrorCode::format, from, ": the tensor \"", name, "\" holds ", v);
    used.insert(name);
  }
  for (const auto& [name, value] : values)
    check(used.contains(name), ErrorCode::format, from, ": the tensor \"", name,
          "\" belongs to no part of the model");
  for (const auto& [name, parameter] : own) parameter->value = given[name].clone();
}

namespace {

Tensor uniform(Shape shape, double bound, Random& random) {
  Tensor t = Tensor::uninitialized(shape);
  for (Real& v : t.values()) v = static_cast<Real>(random.uniform(-bound, bound));
  return t;
}

}  // namespace

Tensor glorot_uniform(Shape shape, Index fan_in, Index fan_out, Random& random) {
  return uniform(shape, std::sqrt(6.0 / static_cast<double>(fan_in + fan_out)), random);
}

Tensor kaiming_uniform(Shape shape, Index fan_in, Random& random) {
  return uniform(shape, 1.0 / std::sqrt(static_cast<double>(fan_in)), random);
}

Tensor standard_normal(Shape shape, Random& random) {
  Tensor t = Tensor::uninitialized(shape);
  for (Real& v : t.values()) v = static_cast<Real>(random.normal());
  return t;
}

}  // namespace AGATE_NAMESPACE::nn
