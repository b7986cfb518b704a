#include <agate/core/error.hpp>
#include <agate/tensor/features.hpp>

namespace AGATE_NAMESPACE {

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
