// The only file that knows CLI11.

#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/models/model_file.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "text.hpp"

namespace tool {
namespace {

void add_flag(CLI::App& sub, const Flag& flag, Command& command) {
  auto keep = [&command, name = flag.name](const std::string& text) {
    command.values.emplace_back(name, text);
  };
  const std::string option = flag_name(flag.name);
  if (flag.value.empty()) {
    const std::string name = flag.on ? "--no-" + option.substr(2) : option;
    sub.add_flag_function(
        name, [keep, on = flag.on](std::int64_t) { keep(on ? "false" : "true"); },
        (flag.on ? "not: " : "") + flag.help);
    return;
  }
  sub.add_option_function<std::string>(option, keep, flag.help)->type_name(flag.value)->take_last();
}

void add_set(CLI::App& sub, Command& command) {
  sub.add_option_function<std::vector<std::string>>(
         "--set",
         [&command](const std::vector<std::string>& pairs) {
           for (const std::string& pair : pairs) {
             const auto equals = pair.find('=');
             agate::check(equals != std::string::npos && equals > 0, agate::ErrorCode::usage,
                          "--set: \"", pair, "\" is not key=value");
             command.values.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
           }
         },
         "any option by its name in JSON, as key=value")
      ->type_name("KEY=VALUE");
}

// What CLI11 could not place, in one sentence with the nearest known word.
[[noreturn]] void refuse(const std::vector<std::string>& rest, const CLI::App& sub,
                         const std::string& verb) {
  std::vector<std::string> known;
  for (const CLI::Option* option : sub.get_options()) known.push_back(option->get_name());
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
  for (const Verb& verb : verbs()) {
    CLI::App* sub = app.add_subcommand(verb.name, verb.about);
    sub->allow_extras();
    for (const Flag& flag : flags_of(verb)) add_flag(*sub, flag, command);
    if (verb.training) add_set(*sub, command);
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
  return command;
}

}  // namespace tool
