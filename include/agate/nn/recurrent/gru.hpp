#pragma once
/// \file
/// GRU: GRUCells over sequences of equal length, one above the other; see recurrent.hpp.

#include <agate/nn/recurrent/gru_cell.hpp>
#include <agate/nn/recurrent/recurrent.hpp>

namespace AGATE_NAMESPACE::nn {

extern template class Recurrent<GRUCell>;

/// The arguments of torch.nn.GRU.
using GRUOptions = RecurrentOptions;
/// The outputs are the states of the cells.
using GRU = Recurrent<GRUCell>;

}  // namespace AGATE_NAMESPACE::nn
