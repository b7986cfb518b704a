#pragma once
/// \file
/// The scores of attention: s(i, j, h) of query i and key j in head h.
///
/// All work on every support. Of each, query and key must have the same columns, which the heads
/// share evenly; values may have others. A term of an edge, `edge`, exists on graphs (one row per
/// message, see edge_messages.hpp); that of AdditiveScore on dense supports too (see Support).

#include <agate/tensor/tape.hpp>
#include <optional>
#include <variant>

namespace AGATE_NAMESPACE {

/// s = LeakyReLU(target(i, h) + source(j, h) [+ edge(i, j, h)]): the score of GAT (Velickovic et
/// al. 2018).
struct AdditiveScore {
  Var target;                       ///< queries x heads
  Var source;                       ///< keys x heads
  std::optional<Var> edge{};        ///< messages x heads; dense: as AttendOptions::bias
  Real negative_slope = Real(0.2);  ///< 0 or more
};

/// phi of AdditiveMlpScore.
enum class ScoreActivation { leaky_relu, tanh };

/// s = sum over c of vector(h, c) * phi(query(i, h, c) + key(j, h, c) [+ edge(i, j, h, c)]): with
/// LeakyReLU the score of GATv2 (Brody, Alon, Yahav 2022), with tanh that of Bahdanau, Cho and
/// Bengio (2015).
struct AdditiveMlpScore {
  Var query;                  ///< queries x (heads * channels)
  Var key;                    ///< keys x (heads * channels)
  Var vector;                 ///< heads * channels elements
  Index heads = 1;            ///< which share the columns
  std::optional<Var> edge{};  ///< messages x (heads * channels)
  ScoreActivation activation = ScoreActivation::leaky_relu;
  Real negative_slope = Real(0.2);  ///< of leaky_relu, 0 or more
};

/// s = sum over c of query(i, h, c) * (key(j, h, c) [+ edge(i, j, h, c)]) (Luong, Pham, Manning
/// 2015).
struct DotScore {
  Var query;                  ///< queries x (heads * channels)
  Var key;                    ///< keys x (heads * channels)
  Index heads = 1;            ///< which share the columns
  std::optional<Var> edge{};  ///< messages x (heads * channels)
};

/// DotScore times a scale: the score of the Transformer (Vaswani et al. 2017), on a graph that of
/// TransformerConv (Shi et al. 2021).
struct ScaledDotScore {
  Var query;                    ///< queries x (heads * channels)
  Var key;                      ///< keys x (heads * channels)
  Index heads = 1;              ///< which share the columns
  std::optional<Var> edge{};    ///< messages x (heads * channels)
  std::optional<Real> scale{};  ///< 1 / sqrt(channels) unless given
};

/// s = sum over c, d of query(i, h, c) * weight(h, c, d) * key(j, h, d): the general score of
/// Luong, Pham and Manning (2015). Here query and key may have different columns.
struct GeneralScore {
  Var query;        ///< queries x (heads * query channels)
  Var key;          ///< keys x (heads * key channels)
  Var weight;       ///< (heads * query channels) x key channels
  Index heads = 1;  ///< which share the columns
};

/// s = beta * cos(query(i, h), key(j, h)): the score of AGNN (Thekumparampil et al. 2018) and of
/// the Neural Turing Machine (Graves, Wayne, Danihelka 2014). The cosine with a vector shorter than
/// 1e-12 is that much smaller than it would be.
struct CosineScore {
  Var query;                  ///< queries x (heads * channels)
  Var key;                    ///< keys x (heads * channels)
  Index heads = 1;            ///< which share the columns
  std::optional<Var> beta{};  ///< one element, or queries x heads; 1 unless given
};

/// s = -|query(i, h) - key(j, h)|^2 / (2 sigma^2): the score of kernel regression (Nadaraya 1964,
/// Watson 1964).
struct GaussianScore {
  Var query;        ///< queries x (heads * channels)
  Var key;          ///< keys x (heads * channels)
  Index heads = 1;  ///< which share the columns
  Real sigma = 1;   ///< above 0
};

/// Any score: what attend() normalises.
using Score = std::variant<AdditiveScore, AdditiveMlpScore, DotScore, ScaledDotScore, GeneralScore,
                           CosineScore, GaussianScore>;

}  // namespace AGATE_NAMESPACE
