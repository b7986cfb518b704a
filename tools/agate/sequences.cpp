#include "sequences.hpp"

#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/data/catalogue.hpp>
#include <agate/data/split.hpp>
#include <agate/io/file.hpp>
#include <agate/models/sequence_file.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "text.hpp"

namespace tool {

using agate::check;
using agate::ErrorCode;
using agate::fail;
using agate::Index;

namespace {

// As many as a test of a task has.
constexpr Index drawn_to_evaluate = 500;

bool names(const Command& command, const std::string& option) {
  return std::ranges::any_of(values_of(command),
                             [&](const auto& value) { return value.first == option; });
}

bool is_task(const std::string& name) {
  return std::ranges::any_of(agate::data::sequence_tasks(),
                             [&](const auto& task) { return task.name == name; });
}

// The file of pairs that --pairs, or a name of the catalogue, stands for; empty for none.
std::string pairs_path(const RunOptions& run) {
  if (!run.pairs.empty() || run.data.empty()) return run.pairs;
  const auto folders = data_folders(run);
  const auto catalogue = agate::data::read_catalogue(folders);
  const auto* entry = agate::data::find_entry(catalogue, run.data);
  return entry && entry->reader == "pairs" ? agate::data::locate(*entry, folders) : "";
}

// "20" or "1-20".
std::pair<Index, Index> lengths_of(const std::string& text) {
  if (text.empty()) return {0, 0};
  const auto dash = text.find('-');
  auto number = [&](const std::string& word) {
    return static_cast<Index>(agate::parse_option_number("lengths", word, 1, 10'000, true));
  };
  const Index most = number(dash == std::string::npos ? text : text.substr(dash + 1));
  const Index least = dash == std::string::npos ? most : number(text.substr(0, dash));
  check(least <= most, ErrorCode::usage, "lengths: \"", text, "\" runs backwards");
  return {least, most};
}

void set_option(SequenceSettings& s, const std::string& name, const std::string& text) {
  std::vector<std::string> known;
  for (const auto& option : agate::models::sequence_options()) {
    if (option.name == name) return agate::set_option(option, s.model, text);
    known.push_back(option.name);
  }
  for (const auto& option : agate::train::train_options()) {
    if (option.name == name) return agate::set_option(option, s.train, text);
    known.push_back(option.name);
  }
  fail(ErrorCode::usage, "models of sequences have no option \"", name, "\"",
       agate::suggestion(name, known));
}

// What sequences have no use for is refused rather than ignored.
void check_options(const Command& command) {
  const auto verb = std::ranges::find(verbs(), command.verb, &Verb::name);
  const auto& taken = verb->of_sequences;
  for (const auto& [name, text] : values_of(command)) {
    if (std::ranges::find(verb->run_options, name) == verb->run_options.end() ||
        std::ranges::find(taken, name) != taken.end())
      continue;
    std::string list;
    for (const auto& one : taken) list += (list.empty() ? "" : ", ") + flag_name(one);
    fail(ErrorCode::usage, flag_name(name), " is not for sequences; of them ", command.verb,
         " takes ", list);
  }
}

std::vector<std::string> models_of(const RunOptions& run, bool compares) {
  if (!compares) return {run.model.empty() ? "transformer" : run.model};
  check(!run.models.empty(), ErrorCode::usage,
        "compare needs --models A,B,C, models of sequences that agate info lists");
  return agate::split_names(run.models);
}

void check_models(const std::string& option, const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const auto& info : agate::models::sequence_models()) known.push_back(info.name);
  for (std::size_t k = 0; k < names.size(); ++k) {
    agate::check_option_choice(option, names[k], known);
    check(std::find(names.begin(), names.begin() + k, names[k]) == names.begin() + k,
          ErrorCode::usage, option, ": \"", names[k], "\" is named twice");
  }
}

}  // namespace

bool is_about_sequences(const Command& command) {
  if (command.verb == "bench") return false;
  const RunOptions run = run_options_of(command);
  if (run.task == "sequence" || !run.pairs.empty()) return true;
  const bool trains = command.verb == "train" || command.verb == "compare";
  const bool applies = !trains && (command.verb != "info" || run.data.empty());
  if (applies && !run.model.empty() && std::filesystem::is_regular_file(run.model))
    return agate::models::holds_sequence_model(run.model);
  return run.task == "auto" && (is_task(run.data) || !pairs_path(run).empty());
}

std::vector<SequenceSettings> resolve_sequences(const Command& command) {
  check_options(command);
  RunOptions run = run_options_of(command);
  check(run.task == "auto" || run.task == "sequence", ErrorCode::usage, "task ", run.task,
        ": what --pairs and tasks on sequences are about are sequences");
  if (command.verb == "evaluate" && !names(command, "top")) run.top = drawn_to_evaluate;
  const bool trains = command.verb == "train" || command.verb == "compare";
  std::vector<std::string> models{run.model};
  if (trains) {
    models = models_of(run, command.verb == "compare");
    check_models(command.verb == "compare" ? "models" : "model", models);
  }
  std::vector<SequenceSettings> all;
  for (const std::string& name : models) {
    SequenceSettings s{run, {}, {}, command_line(command)};
    if (trains) {
      s.model.model = name;
      agate::train::apply_sequence_preset(s.model, s.train, pairs_path(run).empty());
    }
    for (const auto& [option, text] : other_options_of(command)) set_option(s, option, text);
    all.push_back(std::move(s));
  }
  return all;
}

namespace {

agate::data::PairShares shares_of(const RunOptions& run) {
  if (run.split.empty()) return {};
  const auto spec = agate::data::parse_split(run.split);
  const auto* random = std::get_if<agate::data::RandomSplit>(&spec);
  check(random != nullptr, ErrorCode::usage,
        "--split: pairs are split at random, as random:0.8/0.1/0.1, not by \"", run.split, '"');
  return {random->train, random->val, random->test};
}

void check_not_drawn(const RunOptions& run, const std::string& path) {
  check(run.lengths.empty(), ErrorCode::usage, "--lengths is for tasks that are drawn, not for ",
        path);
}

}  // namespace

agate::data::SequenceData load_sequences(const RunOptions& run, std::uint64_t seed) {
  check(run.data.empty() != run.pairs.empty(), ErrorCode::usage,
        "sequences come from one of --pairs FILE.tsv and --data NAME, a task or a file of pairs "
        "that agate info lists");
  const std::string path = pairs_path(run);
  if (path.empty()) {
    check(run.split.empty(), ErrorCode::usage, "--split: what ", run.data,
          " trains and tests on is drawn, not split");
    const auto [least, most] = lengths_of(run.lengths);
    return agate::data::task_data(agate::data::sequence_task(run.data),
                                  {.least = least, .most = most, .per_epoch = run.per_epoch}, seed);
  }
  check_not_drawn(run, path);
  auto data =
      agate::data::pairs_data(agate::data::read_pairs(path), run.words, shares_of(run), seed);
  if (run.pairs.empty()) data.name = run.data;
  return data;
}

namespace {

// A task draws what it asks for; --lengths says how long, --top how many.
ToSay drawn(const RunOptions& run, const agate::models::SequenceConfig& config) {
  const auto& task = agate::data::sequence_task(run.data);
  check(task.source == config.source && task.target == config.target, ErrorCode::format, run.model,
        " was trained on sequences of another kind than those of ", run.data);
  const auto [least, most] = lengths_of(run.lengths);
  ToSay to_say;
  to_say.drawn = true;
  to_say.pairs =
      agate::data::make_pairs(task, least > 0 ? least : task.least, most > 0 ? most : task.most,
                              run.top, static_cast<std::uint64_t>(run.seed));
  for (Index b = 0; b < to_say.pairs.size(); ++b) {
    to_say.sources.push_back(decode(to_say.pairs.source, b, task.source));
    to_say.targets.push_back(decode(to_say.pairs.target, b, task.target));
  }
  return to_say;
}

}  // namespace

void keep(ToSay& to_say, const std::vector<Index>& which) {
  to_say.pairs.source = select(to_say.pairs.source, which);
  auto keep_texts = [&](std::vector<std::string>& texts) {
    if (texts.empty()) return;
    std::vector<std::string> some;
    for (const Index k : which) some.push_back(texts[static_cast<std::size_t>(k)]);
    texts = std::move(some);
  };
  if (!to_say.targets.empty()) to_say.pairs.target = select(to_say.pairs.target, which);
  keep_texts(to_say.sources);
  keep_texts(to_say.targets);
}

ToSay load_to_say(const RunOptions& run, const agate::models::SequenceConfig& config,
                  bool targets_needed) {
  const std::string path = pairs_path(run);
  if (path.empty() && run.source.empty()) {
    check(!run.data.empty(), ErrorCode::usage,
          "nothing to say: --pairs FILE.tsv, --source TEXT, or --data NAME");
    check(run.split.empty(), ErrorCode::usage, "--split: the sequences of ", run.data,
          " are drawn, not split");
    return drawn(run, config);
  }
  check_not_drawn(run, path.empty() ? "--source" : path);
  check(config.source.has_symbols() && config.target.has_symbols(), ErrorCode::unsupported,
        run.model, " reads and says vectors, not texts; name the task with --data");
  const auto texts = path.empty() ? agate::data::parse_pairs(run.source, "--source", false)
                                  : agate::data::read_pairs(path, targets_needed);
  ToSay to_say{.pairs = {}, .sources = texts.sources, .targets = texts.targets};
  to_say.pairs.source = encode(texts, texts.sources, config.source);
  const bool known = std::ranges::none_of(texts.targets, &std::string::empty);
  if (known) to_say.pairs.target = encode(texts, texts.targets, config.target);
  if (!known) to_say.targets.clear();
  if (!run.split.empty()) {
    const auto parts = split_pairs(texts, shares_of(run), static_cast<std::uint64_t>(run.seed));
    check(!parts.test.empty(), ErrorCode::value, "--split ", run.split, ": has no test part");
    keep(to_say, parts.test);
  }
  return to_say;
}

int run_sequences(const Command& command) {
  const auto all = resolve_sequences(command);
  if (command.verb == "train") return train_sequences(all.front());
  if (command.verb == "compare") return compare_sequences(all);
  if (command.verb == "predict") return predict_sequences(all.front());
  if (command.verb == "evaluate") return evaluate_sequences(all.front());
  if (command.verb == "explain") return explain_sequences(all.front());
  return describe_sequences(all.front());
}

}  // namespace tool
