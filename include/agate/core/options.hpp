#pragma once
/// \file
/// One table of options drives flags, JSON keys, validation, help and documentation.

#include <agate/core/config.hpp>
#include <string>
#include <variant>
#include <vector>

namespace AGATE_NAMESPACE {

/// One option: a field of the settings struct T, its name (hyphens on the command line, underscores
/// in JSON and --set), what it means, and what values it takes.
template <class T>
struct Option {
  using Field = std::variant<Index T::*, double T::*, bool T::*, std::string T::*>;
  std::string name;
  Field field;
  std::string help;
  double least = 0, most = 0;        ///< for numbers, both inclusive; least = most: any
  std::vector<std::string> choices;  ///< for texts; empty: any
};

/// What the parsing of options of any T shares; throws Error(usage) naming the option and what it
/// takes.
double parse_option_number(const std::string& name, const std::string& text, double least,
                           double most, bool whole);
/// true, 1, yes, on, or false, 0, no, off.
bool parse_option_bool(const std::string& name, const std::string& text);
/// Throws unless `text` is among `choices`.
void check_option_choice(const std::string& name, const std::string& text,
                         const std::vector<std::string>& choices);
/// Throws with the nearest of the names that are known.
[[noreturn]] void unknown_option(const std::string& name, const std::vector<std::string>& known);
/// The shortest text that reads back as the same number.
std::string option_text(double value);

/// Writes the text into the field that the option stands for, if it is a value that it takes.
template <class T>
void set_option(const Option<T>& option, T& settings, const std::string& text) {
  if (auto* whole = std::get_if<Index T::*>(&option.field)) {
    settings.** whole =
        static_cast<Index>(parse_option_number(option.name, text, option.least, option.most, true));
  } else if (auto* number = std::get_if<double T::*>(&option.field)) {
    settings.** number = parse_option_number(option.name, text, option.least, option.most, false);
  } else if (auto* flag = std::get_if<bool T::*>(&option.field)) {
    settings.** flag = parse_option_bool(option.name, text);
  } else {
    if (!option.choices.empty()) check_option_choice(option.name, text, option.choices);
    settings.*std::get<std::string T::*>(option.field) = text;
  }
}

/// Error(usage) with the nearest known name when there is no such option.
template <class T>
void set_option(const std::vector<Option<T>>& table, T& settings, const std::string& name,
                const std::string& text) {
  std::vector<std::string> known;
  for (const auto& option : table) {
    if (option.name == name) return set_option(option, settings, text);
    known.push_back(option.name);
  }
  unknown_option(name, known);
}

/// The value as set_option would read it back.
template <class T>
std::string get_option(const Option<T>& option, const T& settings) {
  if (auto* whole = std::get_if<Index T::*>(&option.field)) return std::to_string(settings.**whole);
  if (auto* number = std::get_if<double T::*>(&option.field)) return option_text(settings.**number);
  if (auto* flag = std::get_if<bool T::*>(&option.field)) return settings.**flag ? "true" : "false";
  return settings.*std::get<std::string T::*>(option.field);
}

}  // namespace AGATE_NAMESPACE
