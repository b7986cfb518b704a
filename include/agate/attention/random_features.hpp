#pragma once
/// \file
/// Random features: maps phi under which phi(x) . phi(y) approximates a kernel of x and y, so that
/// attention becomes linear in the length (see linear_attention.hpp).

#include <agate/core/random.hpp>
#include <agate/tensor/tape.hpp>
#include <optional>

namespace AGATE_NAMESPACE {

/// With D projections w, drawn from N(0, I):
///   gaussian:   phi(x) = sqrt(1/D) [sin(w_1 . x), ..., sin(w_D . x), cos(w_1 . x), ..., cos(w_D .
///   x)],
///               E phi(x) . phi(y) = exp(-|x - y|^2 / 2) (Rahimi and Recht 2007)
///   arc_cosine: phi(x) = sqrt(1/D) [max(0, w_1 . x), ..., max(0, w_D . x)],
///               E phi(x) . phi(y) = |x| |y| (sin t + (pi - t) cos t) / (2 pi), t the angle between
///               x and y (Cho and Saul 2009); never negative
enum class FeatureKind { gaussian, arc_cosine };

/// phi of each head of x: x is n x (heads * d), the projection heads x D x d, the result n x (heads
/// * 2 D) for gaussian features and n x (heads * D) for arc-cosine ones. Error(shape) when they do
/// not fit.
Var random_features(const Var& x, const Tensor& projection, FeatureKind kind);

/// A projection, heads x features x channels: its rows are independent, or, if orthogonal, at right
/// angles to each other in blocks of `channels` rows (Yu et al., "Orthogonal Random Features", NIPS
/// 2016), each row by itself distributed as before.
Tensor draw_projection(Index heads, Index features, Index channels, bool orthogonal,
                       Random& random);

/// What attend needs to approximate a score by random features.
struct RandomFeatures {
  FeatureKind kind = FeatureKind::gaussian;
  Tensor projection;          ///< heads x D x channels of the score
  std::optional<Var> gate{};  ///< as LinearAttentionOptions::gate
  Real eps = Real(1e-3);      ///< as LinearAttentionOptions::eps
};

}  // namespace AGATE_NAMESPACE
