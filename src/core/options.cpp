#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/core/options.hpp>
#include <charconv>
#include <cmath>

namespace AGATE_NAMESPACE {

std::string option_text(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

double parse_option_number(const std::string& name, const std::string& text, double least,
                           double most, bool whole) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool number = error == std::errc() && end == text.data() + text.size() &&
                      std::isfinite(value) &&
                      (!whole || (value == std::floor(value) && std::abs(value) <= 9e15));
  check(number, ErrorCode::usage, name, ": \"", text, "\" is not a ",
        whole ? "whole number" : "number");
  check(least == most || (value >= least && value <= most), ErrorCode::usage, name, ": ", text,
        " is out of range, expected ", option_text(least), " to ", option_text(most));
  return value;
}

bool parse_option_bool(const std::string& name, const std::string& text) {
  if (text == "true" || text == "1" || text == "yes" || text == "on") return true;
  if (text == "false" || text == "0" || text == "no" || text == "off") return false;
  fail(ErrorCode::usage, name, ": \"", text, "\" is not true or false");
}

void check_option_choice(const std::string& name, const std::string& text,
                         const std::vector<std::string>& choices) {
  for (const std::string& choice : choices)
    if (choice == text) return;
  fail(ErrorCode::usage, name, ": \"", text, "\" is not known", suggestion(text, choices));
}

void unknown_option(const std::string& name, const std::vector<std::string>& known) {
  fail(ErrorCode::usage, "option \"", name, "\" is not known", suggestion(name, known));
}

}  // namespace AGATE_NAMESPACE
