#include <agate/core/error.hpp>
#include <agate/tensor/features.hpp>
#include <agate/tensor/rows.hpp>

namespace AGATE_NAMESPACE {

FeatureMatrix select_rows(const FeatureMatrix& x, std::span<const Index> rows) {
  if (const auto* sparse = std::get_if<SparseMatrix>(&x)) return sparse->select_rows(rows);
  return select_rows(std::get<Tensor>(x), rows);
}

Features::Features(Tape& tape, const FeatureMatrix& x) : tape_(&tape) {
  if (const auto* dense = std::get_if<Tensor>(&x))
    dense_ = tape.constant(*dense);
  else
    sparse_ = std::get<SparseMatrix>(x);
}

Features dropout(const Features& x, Real p, Index groups) {
  check(groups >= 1, ErrorCode::value, "dropout: ", groups, " groups");
  check(x.masks_.empty(), ErrorCode::unsupported,
        "dropout: these features already wait for a dropout");
  if (!x.is_sparse() && groups == 1) return dropout(x.dense(), p);
  Features y = x;
  for (Index g = 0; g < groups; ++g) {
    const DropoutMask mask(x.tape(), p, "dropout");
    if (mask.active()) y.masks_.push_back(mask);
  }
  return y;
}

}  // namespace AGATE_NAMESPACE
