#pragma once
// What tests ask of splits.

#include <agate/data/split.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "catch.hpp"

inline agate::data::Split make(const agate::data::Dataset& d, const std::string& spec,
                               std::uint64_t seed = 0, agate::Index fold = 0) {
  return agate::data::make_split(d, agate::data::parse_split(spec), seed, fold);
}

inline Refusal refused(const agate::data::Dataset& d, const std::string& spec) {
  return refusal([&] { make(d, spec); });
}

inline bool same(const agate::data::Split& a, const agate::data::Split& b) {
  return a.train == b.train && a.val == b.val && a.test == b.test;
}

/// How many of the items are of class c.
inline agate::Index of_class(const agate::data::Dataset& d, const std::vector<agate::Index>& items,
                             int c) {
  return std::ranges::count_if(items, [&](agate::Index i) { return d.y[i] == c; });
}
