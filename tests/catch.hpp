#pragma once
// Catch2 version 2 (Debian 12) or 3: the one place that knows the difference.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif

#include <agate/core/error.hpp>
#include <string>

/// The sentence and the code of the agate::Error that `action` throws; empty when it throws none.
struct Refusal {
  std::string sentence;
  agate::ErrorCode code{};
  bool says(const std::string& part) const { return sentence.find(part) != std::string::npos; }
};
template <class Action>
Refusal refusal(Action&& action) {
  try {
    action();
  } catch (const agate::Error& error) {
    return {error.what(), error.code()};
  }
  return {};
}
