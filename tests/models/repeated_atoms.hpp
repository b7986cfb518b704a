#pragma once
// What attentive_fp says of atoms of few kinds, whose rows it works on once, beside what it says of
// the same rows given one by one.

#include <agate/models/model.hpp>
#include <agate/tensor/rows.hpp>
#include <cmath>
#include <vector>

#include "operation_table.hpp"

namespace AGATE_NAMESPACE::repeated_atoms {

struct Said {
  std::vector<Tensor> all;  // outputs, then the gradients of all parameters

  Said(models::Model& model, const models::Input& input) {
    Tape& tape = input.tape();
    const Var y = model.forward(input);
    all.push_back(y.value());
    tape.backward(y, table::example(y.shape(), 9));
    for (const auto& [name, parameter] : model.parameters())
      if (const Tensor* d = tape.gradient(*parameter)) all.push_back(*d);
  }
};

// The largest difference, in units of the largest number of the same tensor: rounding of a sum is
// in proportion to what is added, which may cancel out. Of tensors below 1 in units of 1: the
// gradient of att_dst of the readout is 0 but for rounding, and has no size to compare with.
inline double difference(const Said& a, const Said& b) {
  double worst = a.all.size() == b.all.size() ? 0 : INFINITY;
  for (std::size_t k = 0; k < a.all.size() && k < b.all.size(); ++k) {
    double largest = 1, far = 0;
    for (Index i = 0; i < a.all[k].size(); ++i) {
      const double x = a.all[k].data()[i], y = b.all[k].data()[i];
      largest = std::max(largest, std::abs(x));
      far = std::max(far, std::abs(x - y));
    }
    worst = std::max(worst, far / largest);
  }
  return worst;
}

// A batch of three molecules of atoms and, unless `edges_differ`, bonds of few kinds.
struct Batch {
  explicit Batch(bool edges_differ = false, GraphOptions options = {.undirected = true})
      : graph(table::example_graph(600, options)), kinds(table::example_sparse(9, 12)) {
    std::vector<Index> atoms, bonds;
    for (Index i = 0; i < 600; ++i) atoms.push_back(i * i % 101 % 9);
    for (Index e = 0; e < graph.num_edges(); ++e) bonds.push_back(e % 7 % 4);
    x = kinds.select_rows(atoms);
    edge_attr = edges_differ ? table::example({graph.num_edges(), 3}, 2)
                             : select_rows(table::example({4, 3}, 2), bonds);
  }
  // Dropout is active: the masks are the same either way.
  Said said(models::Model& model, bool one_by_one, int threads = 1) const {
    Tape tape({.training = true, .seed = 3, .threads = threads});
    const Features features =
        one_by_one ? Features(tape.constant(x.to_dense())) : Features(tape, x);
    return Said(model,
                {.graph = graph,
                 .x = features,
                 .edge_attr = model.config().edge_dim > 0 ? std::optional(tape.constant(edge_attr))
                                                          : std::nullopt,
                 .offsets = offsets});
  }

  Graph graph;
  SparseMatrix kinds, x;
  Tensor edge_attr;
  std::vector<Index> offsets{0, 100, 350, 600};
};

inline std::unique_ptr<models::Model> model(Index edge_dim) {
  return models::make_model({.model = "attentive_fp",
                             .in = 12,
                             .out = 2,
                             .task = "graph",
                             .edge_dim = edge_dim,
                             .layers = 2,
                             .hidden = 37,
                             .dropout = 0.2,
                             .drop_features = false,
                             .attention_dropout = 0.1,
                             .pre_linear = true,
                             .post_linear = true,
                             .readout = "attentive_fp",
                             .timesteps = 2},
                            1);
}

// Calls check(name, difference) for edges of few kinds, that differ, without features, and written
// once for each direction.
template <class Check>
void compare(Check check) {
  const auto with = model(3), without = model(0);
  const auto both = [&](const char* name, models::Model& m, const Batch& batch) {
    check(name, difference(batch.said(m, true), batch.said(m, false)));
  };
  both("edges of few kinds", *with, Batch());
  both("edges that differ", *with, Batch(true));
  both("edges without features", *without, Batch());
  both("directed edges", *with, Batch(false, {}));
}

}  // namespace AGATE_NAMESPACE::repeated_atoms
