#pragma once
// What GPSConv lets a node make of all nodes of its graph.

#include <agate/attention/support.hpp>
#include <agate/nn/module.hpp>
#include <memory>
#include <string>

namespace AGATE_NAMESPACE::nn {

class GlobalAttention : public Module {
 public:
  virtual Var operator()(const Var& x, const Support& support) const = 0;
};

// Error(usage) for a type that is not known, Error(value) for channels that the heads cannot share.
std::unique_ptr<GlobalAttention> make_global_attention(const std::string& type, Index channels,
                                                       Index heads, Real dropout, Random& random);

}  // namespace AGATE_NAMESPACE::nn
