// The only file that knows CLI11.

#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/models/model_file.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "text.hpp"

namespace tool {
namespace {

// What an option of a verb says: that the setting of this name has this value, or the one given.
struct Meaning {
  std::string name;
  std::optional<std::string> value;
};
using Meanings = std::map<const CLI::Option*, Meaning>;

void add_flag(CLI::App& sub, const Flag& flag, Meanings& meanings) {
  const std::string option = flag_name(flag.name);
  if (!flag.value.empty()) {
    meanings[sub.add_option_function<std::string>(
                    option, [](const std::string&) {}, flag.help)
                 ->type_name(flag.value)
                 ->take_last()] = {flag.name, {}};
    return;
  }
  // Told of is what changes something without a preset; which may have turned it round.
  for (const bool on : {true, false}) {
    CLI::Option* added = sub.add_flag_function(
        on ? option : flag_name("no_" + flag.name), [](std::int64_t) {},
        (on ? "" : "not: ") + flag.help);
    if (on == flag.on) added->group("");
    meanings[added] = {flag.name, on ? "true" : "false"};
  }
}

void add_set(CLI::App& sub, Meanings& meanings) {
  meanings[sub.add_option_function<std::vector<std::string>>(
                  "--set", [](const std::vector<std::string>&) {},
                  "any option by its name in JSON, as key=value")
               ->type_name("KEY=VALUE")] = {"", {}};
}

// In the order of the line: what is said last holds.
decltype(Command::values) values_of(const CLI::App& sub, const Meanings& meanings) {
  decltype(Command::values) values;
  std::map<const CLI::Option*, std::size_t> taken;
  for (const CLI::Option* option : sub.parse_order()) {
    const auto& [name, value] = meanings.at(option);
    const std::string text = value ? *value : option->results().at(taken[option]++);
    if (!name.empty()) {
      values.emplace_back(name, text);
      continue;
    }
    const auto equals = text.find('=');
    agate::check(equals != std::string::npos && equals > 0, agate::ErrorCode::usage, "--set: \"",
                 text, "\" is not key=value");
    values.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return values;
}

// What CLI11 could not place, in one sentence with the nearest known word.
[[noreturn]] void refuse(const std::vector<std::string>& rest, const CLI::App& sub,
                         const std::string& verb) {
  std::vector<std::string> known;
  for (const CLI::Option* option : sub.get_options())
    known.push_back("--" + option->get_lnames().front());
  const std::string word = rest.front().substr(0, rest.front().find('='));
  agate::check(word.starts_with("-"), agate::ErrorCode::usage, verb, " does not know what \"", word,
               "\" is for; options start with --, see agate ", verb, " --help");
  agate::fail(agate::ErrorCode::usage, verb, " has no option \"", word, "\"",
              agate::suggestion(word, known, 6));
}

}  // namespace

std::optional<Command> parse_command_line(int argc, char** argv) {
  CLI::App app("agate " + agate::models::version() +
               ": graph attention networks, from tables to labels");
  app.set_version_flag("--version", agate::models::version());
  app.require_subcommand(0, 1);
  app.allow_extras();
  Command command;
  Meanings meanings;
  for (const Verb& verb : verbs()) {
    CLI::App* sub = app.add_subcommand(verb.name, verb.about);
    sub->allow_extras();
    for (const Flag& flag : flags_of(verb)) add_flag(*sub, flag, meanings);
    if (verb.training) add_set(*sub, meanings);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    std::cout << (chosen.empty() ? app.help() : chosen.front()->help("agate"));
    return std::nullopt;
  } catch (const CLI::CallForVersion&) {
    std::cout << "agate " << agate::models::version() << "\n";
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    agate::fail(agate::ErrorCode::usage, error.what());
  }
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) {
    const auto rest = app.remaining();
    if (rest.empty()) {
      std::cout << app.help();
      return std::nullopt;
    }
    std::vector<std::string> known;
    for (const Verb& verb : verbs()) known.push_back(verb.name);
    agate::fail(agate::ErrorCode::usage, "there is no command \"", rest.front(), "\"",
                agate::suggestion(rest.front(), known));
  }
  command.verb = chosen.front()->get_name();
  if (const auto rest = chosen.front()->remaining(); !rest.empty())
    refuse(rest, *chosen.front(), command.verb);
  command.values = values_of(*chosen.front(), meanings);
  return command;
}

}  // namespace tool
