#pragma once
// What the sources of the attention modules share.

#include <agate/attention/attend.hpp>
#include <agate/nn/attention/pair_args.hpp>
#include <agate/tensor/features.hpp>

namespace AGATE_NAMESPACE::nn {

// attend, with what args ask for.
Var attend_pairs(const Score& score, const Support& support, const Var& values, Real dropout,
                 const PairArgs& args);

// Throws unless x has the columns that the option named `expected` says.
void check_columns(const char* module, const char* what, const Features& x, const char* expected,
                   Index columns);

// The first, second or last third of the rows of x, or of the elements of a vector: what queries,
// keys and values have of in_proj_weight and in_proj_bias.
Var third(const Var& x, Index which);

}  // namespace AGATE_NAMESPACE::nn
