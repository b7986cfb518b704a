#pragma once
/// \file
/// Norm: any of the normalisations of nodes, chosen by name.

#include <agate/nn/module.hpp>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::nn {

/// A normalisation behind one interface; norm() makes one by name.
class Norm : public Module {
 public:
  /// x (n x channels) -> the same shape. `offsets` say where the graphs of a packed batch begin and
  /// end, which GraphNorm alone looks at; without them x is one graph.
  virtual Var operator()(const Var& x, std::span<const Index> offsets = {}) const = 0;
  /// The activation of that name behind it, in one pass where the two go together.
  virtual Var activated(const std::string& activation, const Var& x,
                        std::span<const Index> offsets = {}) const;
};

/// none, batch (BatchNorm), layer (LayerNorm), graph (GraphNorm).
const std::vector<std::string>& norm_names();

/// The norm of that name with its usual options; nullptr for none. Error(usage) for another, with
/// the nearest known.
std::unique_ptr<Norm> make_norm(const std::string& name, Index channels);

}  // namespace AGATE_NAMESPACE::nn
