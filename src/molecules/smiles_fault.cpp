#include "molecules/smiles_fault.hpp"

#include <cctype>
#include <set>

namespace AGATE_NAMESPACE::molecules {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Goes through a SMILES once; each step returns a fault, or nothing.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size())
      if (std::string fault = step(); !fault.empty()) return fault;
    if (branches_ > 0) return "a branch ( is opened and never closed";
    if (!rings_.empty())
      return "ring bond " + std::to_string(*rings_.begin()) + " is opened and never closed";
    return "RDKit finds no molecule in it";
  }

 private:
  std::string step() {
    const char c = text_[at_++];
    if (c == '[') return bracket();
    if (c == '(') ++branches_;
    if (c == ')' && --branches_ < 0) return "a branch ) is closed and was never opened";
    if (c == ']') return "a bracket ] is closed and was never opened";
    if (is_digit(c)) toggle(c - '0');
    if (c == '%') return two_digits();
    const bool known = std::isalnum(static_cast<unsigned char>(c)) ||
                       std::string_view("()=#$:/\\-.%*~>{}&@+").find(c) != std::string_view::npos;
    if (known) return "";
    return std::string("the character '") + c + "' means nothing in it";
  }
  std::string bracket() {
    const auto close = text_.find(']', at_);
    if (close == std::string_view::npos) return "a bracket [ is opened and never closed";
    if (close == at_) return "a bracket [] holds no atom";
    at_ = close + 1;
    return "";
  }
  std::string two_digits() {
    if (at_ + 2 > text_.size() || !is_digit(text_[at_]) || !is_digit(text_[at_ + 1]))
      return "% is not followed by the two digits of a ring bond";
    toggle((text_[at_] - '0') * 10 + text_[at_ + 1] - '0');
    at_ += 2;
    return "";
  }
  void toggle(int ring) {
    if (!rings_.erase(ring)) rings_.insert(ring);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int branches_ = 0;
  std::set<int> rings_;
};

}  // namespace

std::string smiles_fault(std::string_view smiles) { return Scan(smiles).run(); }

}  // namespace AGATE_NAMESPACE::molecules
