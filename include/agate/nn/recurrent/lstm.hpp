#pragma once
/// \file
/// LSTM: LSTMCells over sequences of equal length, one above the other; see recurrent.hpp.

#include <agate/nn/recurrent/lstm_cell.hpp>
#include <agate/nn/recurrent/recurrent.hpp>

namespace AGATE_NAMESPACE::nn {

extern template class Recurrent<LSTMCell>;

/// The arguments of torch.nn.LSTM.
using LSTMOptions = RecurrentOptions;
using LSTM = Recurrent<LSTMCell>;  ///< the outputs are the h of the cells

}  // namespace AGATE_NAMESPACE::nn
