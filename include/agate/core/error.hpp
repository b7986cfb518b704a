#pragma once
/// \file
/// The one exception type of the library.

#include <agate/core/config.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace AGATE_NAMESPACE {

/// What kind of thing went wrong. The program maps all of them to exit code 1, except `usage` (2)
/// and `interrupted` (130).
enum class ErrorCode {
  usage,        ///< the command line or an option was wrong
  shape,        ///< sizes do not fit each other
  value,        ///< a value is out of its range, NaN or infinite
  not_found,    ///< a file, a dataset, a column or a name does not exist
  format,       ///< a file is damaged or not what it says it is
  io,           ///< reading or writing failed
  limit,        ///< larger than the library accepts, or out of memory
  unsupported,  ///< a combination that has no meaning or is not there
  diverged,     ///< training produced NaN or infinity
  interrupted,  ///< stopped on request
};

/// A code and one sentence that names the place and both sides, for example
/// `GATConv: x has 1432 columns, expected in = 1433`.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

/// Throws an Error whose sentence is all the parts written one after the other.
template <class... Parts>
[[noreturn]] void fail(ErrorCode code, const Parts&... parts) {
  std::ostringstream sentence;
  (sentence << ... << parts);
  throw Error(code, sentence.str());
}

/// Throws, as fail() does, unless the condition holds.
template <class... Parts>
void check(bool condition, ErrorCode code, const Parts&... parts) {
  if (!condition) [[unlikely]]
    fail(code, parts...);
}

/// a * b, or an Error of code `limit` naming `what` when the product does not fit an Index.
inline Index checked_product(Index a, Index b, const char* what) {
  Index product = 0;
  check(a >= 0 && b >= 0 && !__builtin_mul_overflow(a, b, &product), ErrorCode::limit, what, ": ",
        a, " x ", b, " is too large");
  return product;
}

}  // namespace AGATE_NAMESPACE
