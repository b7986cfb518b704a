#include <agate/models/label_input.hpp>
#include <algorithm>

namespace AGATE_NAMESPACE::models {
namespace {

void write_label(const data::Dataset& d, Index item, const Model& model, Real* to) {
  if (d.targets.empty()) {
    if (const int label = d.y[static_cast<std::size_t>(item)]; label >= 0) to[label] = 1;
    return;
  }
  for (Index c = 0; c < d.targets.cols(); ++c) {
    const Real t = d.targets.row(item)[c];
    if (t != t) continue;
    to[2 * c] = (t - model.output_shift.value.data()[c]) / model.output_scale.value.data()[c];
    to[2 * c + 1] = 1;
  }
}

}  // namespace

Index label_columns(const data::Dataset& d) {
  return d.targets.empty() ? d.num_classes() : 2 * d.targets.cols();
}

Tensor edge_attr_with_labels(const data::Dataset& d, const std::vector<bool>& shown,
                             const Model& model) {
  const Index own = d.num_edge_features(), items = d.num_items();
  Tensor attr = Tensor::zeros({d.graph.num_edges(), own + label_columns(d)});
  for (Index e = 0; e < attr.rows(); ++e) {
    if (own > 0) std::copy_n(d.edge_attr.row(e), own, attr.row(e));
    // Behind the items stand the same edges the other way.
    const Index item = e % items;
    if (shown[static_cast<std::size_t>(item)]) write_label(d, item, model, attr.row(e) + own);
  }
  return attr;
}

data::Dataset prepare(const Model& model, const data::Dataset& dataset,
                      const std::vector<bool>* shown) {
  data::Dataset prepared = dataset;
  prepared.x = model.prepare(dataset.x);
  if (!model.config().label_input) return prepared;
  const std::vector<bool> all(static_cast<std::size_t>(dataset.num_items()), true);
  prepared.edge_attr = edge_attr_with_labels(dataset, shown ? *shown : all, model);
  return prepared;
}

}  // namespace AGATE_NAMESPACE::models
