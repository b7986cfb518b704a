#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/data/split.hpp>
#include <charconv>
#include <cmath>
#include <sstream>

namespace AGATE_NAMESPACE::data {
namespace {

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

template <class Number>
Number parse(std::string_view part, const std::string& text) {
  Number number{};
  const char* end = part.data() + part.size();
  const auto [stop, error] = std::from_chars(part.data(), end, number);
  check(!part.empty() && error == std::errc() && stop == end, ErrorCode::usage, "split \"", text,
        "\": \"", part, "\" is not a number");
  return number;
}

/// The three fractions of a RandomSplit, StratifiedSplit or TimeSplit.
template <class Fractions>
Fractions parse_fractions(std::string_view numbers, const std::string& text) {
  const auto parts = parts_of(numbers);
  check(parts.size() == 3, ErrorCode::usage, "split \"", text, "\": ", parts.size(),
        " fractions, expected three as in ", to_string(Fractions{}));
  double fractions[3];
  for (int i = 0; i < 3; ++i) {
    fractions[i] = parse<double>(parts[i], text);
    check(fractions[i] >= 0 && fractions[i] <= 1, ErrorCode::usage, "split \"", text,
          "\": ", parts[i], " is not between 0 and 1");
  }
  check(fractions[0] > 0, ErrorCode::usage, "split \"", text, "\": nothing is left to train on");
  const double sum = fractions[0] + fractions[1] + fractions[2];
  check(sum <= 1 + 1e-9, ErrorCode::usage, "split \"", text, "\": the fractions add up to ", sum,
        ", at most 1 is possible");
  return {fractions[0], fractions[1], fractions[2]};
}

ScaffoldSplit parse_scaffold(const std::string& text) {
  if (text == "scaffold") return {};
  const auto split = parse_fractions<ScaffoldSplit>(std::string_view(text).substr(9), text);
  const double sum = split.train + split.val + split.test;
  check(std::abs(sum - 1) < 1e-9, ErrorCode::usage, "split \"", text,
        "\": the fractions add up to ", sum, ", expected 1");
  return split;
}

PerClassSplit parse_per_class(std::string_view numbers, const std::string& text) {
  const auto parts = parts_of(numbers);
  check(parts.size() == 2, ErrorCode::usage, "split \"", text, "\": ", parts.size(),
        " numbers, expected two as in per-class:20/30");
  const PerClassSplit split{parse<Index>(parts[0], text), parse<Index>(parts[1], text)};
  constexpr Index most = 1 << 30;
  check(split.train >= 1 && split.val >= 0 && split.train <= most && split.val <= most,
        ErrorCode::usage, "split \"", text,
        "\": at least one node of each class is needed to train, and none can be negative");
  return split;
}

std::string shortest(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

FoldSplit parse_folds(std::string_view number, const std::string& text) {
  check(!number.empty(), ErrorCode::usage, "split \"", text,
        "\" names no number of folds, expected as in folds:10");
  const FoldSplit split{parse<Index>(number, text)};
  check(split.count >= 2, ErrorCode::usage, "split \"", text, "\": at least 2 folds are needed");
  return split;
}

FixedSplit parse_fixed(const std::string& which, const std::string& text) {
  if (which == "all") return {};
  check(!which.empty(), ErrorCode::usage, "split \"", text,
        "\" names no split, expected as in fixed:0 or fixed:all");
  const FixedSplit split{parse<Index>(which, text)};
  check(split.which >= 0, ErrorCode::usage, "split \"", text, "\": splits are counted from 0");
  return split;
}

GraphSplit parse_graphs(const std::string& rest, const std::string& text) {
  std::vector<std::vector<std::string>> parts;
  std::istringstream list(rest);
  for (std::string part; std::getline(list, part, '/');) parts.push_back(split_names(part));
  check(parts.size() == 2 || parts.size() == 3, ErrorCode::usage, "split \"", text, "\" names ",
        parts.size(),
        " groups of graphs, expected as in graphs:DE/ENGB or "
        "graphs:A,B/C/D");
  if (parts.size() == 2) return {parts[0], {}, parts[1]};
  return {parts[0], parts[1], parts[2]};
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::string text_of(const GraphSplit& s) {
  const std::string val = s.val.empty() ? "" : joined(s.val) + "/";
  return "graphs:" + joined(s.train) + "/" + val + joined(s.test);
}
std::string text_of(const PublicSplit&) { return "public"; }
std::string text_of(const FixedSplit& s) {
  return "fixed:" + (s.which < 0 ? "all" : std::to_string(s.which));
}
template <class Fractions>
std::string fractions_of(const Fractions& s) {
  return shortest(s.train) + "/" + shortest(s.val) + "/" + shortest(s.test);
}
std::string text_of(const RandomSplit& s) { return "random:" + fractions_of(s); }
std::string text_of(const StratifiedSplit& s) { return "stratified:" + fractions_of(s); }
std::string text_of(const TimeSplit& s) { return "time:" + fractions_of(s); }
std::string text_of(const ScaffoldSplit& s) { return "scaffold:" + fractions_of(s); }
std::string text_of(const FoldSplit& s) { return "folds:" + std::to_string(s.count); }
std::string text_of(const FileSplit& s) { return "file:" + s.path; }
std::string text_of(const PerClassSplit& s) {
  return "per-class:" + std::to_string(s.train) + "/" + std::to_string(s.val);
}
std::string text_of(const ColumnSplit& s) { return "column:" + s.column; }

}  // namespace

SplitSpec parse_split(const std::string& text) {
  const auto colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (text == "public") return PublicSplit{};
  if (kind == "fixed") return parse_fixed(rest, text);
  if (kind == "random") return parse_fractions<RandomSplit>(rest, text);
  if (kind == "stratified") return parse_fractions<StratifiedSplit>(rest, text);
  if (kind == "time") return parse_fractions<TimeSplit>(rest, text);
  if (kind == "scaffold") return parse_scaffold(text);
  if (kind == "folds") return parse_folds(rest, text);
  if (kind == "graphs") return parse_graphs(rest, text);
  if (kind == "per-class") return parse_per_class(rest, text);
  if (kind == "column") {
    check(!rest.empty(), ErrorCode::usage, "split \"", text,
          "\" names no column, expected as in column:part");
    return ColumnSplit{rest};
  }
  if (kind == "file") {
    check(!rest.empty(), ErrorCode::usage, "split \"", text,
          "\" names no file, expected as in file:folds.json");
    return FileSplit{rest};
  }
  fail(ErrorCode::usage, "split \"", text,
       "\" is not one of public, fixed:0, fixed:all, random:0.6/0.2/0.2, "
       "stratified:0.8/0.1/0.1, per-class:20/30, folds:10, time:0.7/0.1/0.2, "
       "scaffold, graphs:A,B/C/D, column:NAME, file:PATH");
}

std::string to_string(const SplitSpec& spec) {
  return std::visit([](const auto& s) { return text_of(s); }, spec);
}

}  // namespace AGATE_NAMESPACE::data
