#pragma once
// What the kernels know of a score; the formulas are in score_formulas.inc.

#include <agate/core/config.hpp>
#include <variant>

namespace AGATE_NAMESPACE::kernels {

// LeakyReLU(target(i, h) + source(j, h) [+ edge(i, j, h)]).
struct AdditiveScore {
  const Real* target = nullptr;  // queries x heads
  const Real* source = nullptr;  // keys x heads
  const Real* edge = nullptr;    // one row of heads for each message; null: none
  Real negative_slope = 0;
};

// A score that is a sum over channels of a term of query(i, h, c) and key(j, h, c) [+ edge(i, j, h,
// c)].
struct PairScore {
  const Real* query = nullptr;  // queries x heads x channels
  const Real* key = nullptr;    // keys x heads x channels
  const Real* edge = nullptr;   // messages x heads x channels; null: none
  const Real* bias = nullptr;   // messages x heads, added to the sum; null: none
  Index channels = 0;
};

// The term is vector(h, c) * LeakyReLU(q + k).
struct AdditiveMlpScore : PairScore {
  const Real* vector = nullptr;  // heads x channels
  Real negative_slope = 0;
};
// The term is vector(h, c) * tanh(q + k).
struct TanhMlpScore : PairScore {
  const Real* vector = nullptr;  // heads x channels
};
// The term is scale * q * k.
struct DotScore : PairScore {
  Real scale = 1;
};
// The term is -scale * (q - k)^2.
struct GaussianScore : PairScore {
  Real scale = 1;
};

using EdgeScore =
    std::variant<AdditiveScore, AdditiveMlpScore, TanhMlpScore, DotScore, GaussianScore>;

// Calls f with the score as what it is, unless it is additive.
template <class F>
void visit_pair(const EdgeScore& score, F&& f) {
  std::visit(
      [&](const auto& s) {
        if constexpr (std::is_base_of_v<PairScore, std::remove_cvref_t<decltype(s)>>) f(s);
      },
      score);
}

}  // namespace AGATE_NAMESPACE::kernels
