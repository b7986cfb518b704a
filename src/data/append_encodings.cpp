#include <agate/core/error.hpp>
#include <agate/data/append_encodings.hpp>
#include <algorithm>

#include "data/columns.hpp"

namespace AGATE_NAMESPACE::data {
namespace {

FeatureMatrix beside(const Tensor& x, const Tensor& encodings) {
  Tensor both = Tensor::uninitialized({x.rows(), x.cols() + encodings.cols()});
  for (Index i = 0; i < x.rows(); ++i) {
    std::copy_n(x.row(i), x.cols(), both.row(i));
    std::copy_n(encodings.row(i), encodings.cols(), both.row(i) + x.cols());
  }
  return both;
}

FeatureMatrix beside(const SparseMatrix& x, const Tensor& encodings) {
  CsrArrays both{{0}, {}, {}};
  for (Index i = 0; i < x.rows(); ++i) {
    for (Index p = x.offsets()[i]; p < x.offsets()[i + 1]; ++p) {
      both.columns.push_back(x.columns()[p]);
      both.values.push_back(x.values()[p]);
    }
    for (Index c = 0; c < encodings.cols(); ++c) {
      both.columns.push_back(static_cast<NodeId>(x.cols() + c));
      both.values.push_back(encodings.row(i)[c]);
    }
    both.offsets.push_back(std::ssize(both.columns));
  }
  return SparseMatrix(x.rows(), x.cols() + encodings.cols(), std::move(both));
}

Tensor first_columns(const Tensor& x, Index columns) {
  Tensor y = Tensor::uninitialized({x.rows(), columns});
  for (Index i = 0; i < x.rows(); ++i) std::copy_n(x.row(i), columns, y.row(i));
  return y;
}

SparseMatrix first_columns(const SparseMatrix& x, Index columns) {
  CsrArrays y{{0}, {}, {}};
  for (Index i = 0; i < x.rows(); ++i) {
    for (Index p = x.offsets()[i]; p < x.offsets()[i + 1]; ++p)
      if (x.columns()[p] < columns) {
        y.columns.push_back(x.columns()[p]);
        y.values.push_back(x.values()[p]);
      }
    y.offsets.push_back(std::ssize(y.columns));
  }
  return {x.rows(), columns, std::move(y)};
}

}  // namespace

FeatureSchema append_encodings(Dataset& dataset, const std::string& structural) {
  FeatureSchema schema;
  schema.archive_columns = dataset.num_features();
  schema.structural = parse_structural(structural, true);
  check(!schema.structural.identity, ErrorCode::usage, "structural features \"", structural,
        "\": ", dataset.name, " has features of its own, beside which there is no identity");
  describe_degrees(dataset.graph, schema);
  append_encodings(dataset, schema);
  return schema;
}

void append_encodings(Dataset& dataset, const FeatureSchema& schema) {
  check(dataset.num_features() == schema.archive_columns, ErrorCode::shape, dataset.name, " has ",
        dataset.num_features(), " features, expected ", schema.archive_columns,
        " to stand before the encodings");
  const Tensor encodings = structural_encodings(dataset.graph, dataset.graph_offsets, schema);
  dataset.x = std::visit([&](const auto& x) { return beside(x, encodings); }, dataset.x);
}

void refresh_encodings(Dataset& dataset, const FeatureSchema& schema) {
  const Index encodings = schema.structural.encodings();
  if (encodings == 0) return;
  const Index kept = dataset.num_features() - encodings;
  const Tensor anew = structural_encodings(dataset.graph, dataset.graph_offsets, schema);
  dataset.x =
      std::visit([&](const auto& x) { return beside(first_columns(x, kept), anew); }, dataset.x);
}

}  // namespace AGATE_NAMESPACE::data
