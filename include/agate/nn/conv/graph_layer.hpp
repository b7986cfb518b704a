#pragma once
/// \file
/// GraphLayer: a layer of any class behind one interface, for what is built of layers.

#include <agate/core/error.hpp>
#include <agate/nn/conv/attention_conv.hpp>
#include <agate/nn/module.hpp>
#include <memory>

namespace AGATE_NAMESPACE::nn {

/// A layer that turns the features of the nodes of a graph into others.
class GraphLayer : public Module {
 public:
  /// x (n x in) -> n x out. args.weights stays as it is where the layer pays no attention to
  /// messages.
  virtual Var operator()(const Graph& graph, const Features& x,
                         const AttentionArgs& args = {}) const = 0;
  /// The graph whose messages args.weights tells of.
  virtual const Graph& attended_graph(const Graph& graph) const = 0;
};

/// A layer that is called as conv(graph, x, args), conv(graph, x), conv(x, offsets) or conv(x). Of
/// all but the first Error(unsupported) for edge features; weights of messages go to
/// conv.weighted(graph, x, message_weights) where that exists, otherwise Error(unsupported).
template <class Conv>
class GraphLayerOf : public GraphLayer {
 public:
  explicit GraphLayerOf(Conv conv) : conv_(std::move(conv)) {}

  Var operator()(const Graph& graph, const Features& x, const AttentionArgs& args) const override {
    if constexpr (requires { conv_(graph, x, args); }) {
      return conv_(graph, x, args);
    } else {
      check(!args.edge_attr, ErrorCode::unsupported, "this layer takes no edge_attr");
      if constexpr (requires { conv_.weighted(graph, x, *args.message_weights); })
        if (args.message_weights) return conv_.weighted(graph, x, *args.message_weights);
      check(!args.message_weights, ErrorCode::unsupported,
            "this layer sends no messages over edges, whose weights could be told");
      if constexpr (requires { conv_(graph, x); })
        return conv_(graph, x);
      else if constexpr (requires { conv_(x, args.offsets); })
        return conv_(x, args.offsets);
      else
        return conv_(x);
    }
  }
  const Graph& attended_graph(const Graph& graph) const override {
    if constexpr (requires { conv_.attended_graph(graph); })
      return conv_.attended_graph(graph);
    else
      return graph;
  }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override {
    conv_.visit_parameters(prefix, visit);
  }

 private:
  Conv conv_;
};

/// A layer behind that interface.
template <class Conv>
std::unique_ptr<GraphLayer> graph_layer(Conv conv) {
  return std::make_unique<GraphLayerOf<Conv>>(std::move(conv));
}

}  // namespace AGATE_NAMESPACE::nn
