#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/data/split.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>

namespace AGATE_NAMESPACE::data {
namespace {

constexpr std::uint32_t split_stream = 0x5EED5;  // apart from the streams that initialise weights

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

RandomSplit parse_random(std::string_view numbers, const std::string& text) {
  const auto parts = parts_of(numbers);
  check(parts.size() == 3, ErrorCode::usage, "split \"", text, "\": ", parts.size(),
        " fractions, expected three as in random:0.6/0.2/0.2");
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

std::vector<Index> shuffled_labelled(const Dataset& dataset, std::uint64_t seed) {
  std::vector<Index> nodes;
  for (std::size_t i = 0; i < dataset.y.size(); ++i)
    if (dataset.y[i] >= 0) nodes.push_back(static_cast<Index>(i));
  check(!nodes.empty(), ErrorCode::value, "split: no node of ", dataset.name, " has a label");
  Random(seed, split_stream).shuffle(std::span(nodes));
  return nodes;
}

Split split_by(const RandomSplit& spec, const Dataset& dataset, std::uint64_t seed) {
  const auto nodes = shuffled_labelled(dataset, seed);
  const auto n = static_cast<double>(nodes.size());
  const double sum = spec.train + spec.val + spec.test;
  check(spec.train >= 0 && spec.val >= 0 && spec.test >= 0 && sum <= 1 + 1e-9, ErrorCode::value,
        "split ", to_string(spec), " asks for more than all of the ", nodes.size(),
        " labelled nodes");
  // Rounding the borders and not the sizes leaves nobody out and counts nobody twice.
  const auto border = [&](double fraction) {
    return nodes.begin() + std::min(std::llround(fraction * n), static_cast<long long>(n));
  };
  const auto a = border(spec.train), b = border(spec.train + spec.val), c = border(sum);
  return {{nodes.begin(), a}, {a, b}, {b, c}};
}

Split split_by(const PerClassSplit& spec, const Dataset& dataset, std::uint64_t seed) {
  const auto nodes = shuffled_labelled(dataset, seed);
  std::vector<Index> seen(dataset.classes.size(), 0);
  Split split;
  for (Index node : nodes) {
    const Index before = seen[dataset.y[node]]++;
    auto& part = before < spec.train              ? split.train
                 : before < spec.train + spec.val ? split.val
                                                  : split.test;
    part.push_back(node);
  }
  for (std::size_t c = 0; c < seen.size(); ++c)
    check(seen[c] == 0 || seen[c] >= spec.train + spec.val, ErrorCode::value, "split ",
          to_string(spec), " asks for ", spec.train + spec.val, " nodes of class \"",
          dataset.classes[c], "\", ", dataset.name, " has ", seen[c]);
  return split;
}

/// The split that came with the data, as far as its nodes have labels.
Split given_split(const Dataset& dataset) {
  Split split = dataset.splits.front();
  for (auto* part : {&split.train, &split.val, &split.test})
    std::erase_if(*part, [&](Index node) { return dataset.y[node] < 0; });
  return split;
}

Split split_by(const PublicSplit&, const Dataset& dataset, std::uint64_t) {
  check(!dataset.splits.empty(), ErrorCode::not_found, "split public: ", dataset.name,
        " comes without a split of its own; use for example random:0.6/0.2/0.2");
  return given_split(dataset);
}

Split split_by(const ColumnSplit& spec, const Dataset& dataset, std::uint64_t) {
  check(!dataset.splits.empty(), ErrorCode::not_found, "split column:", spec.column, ": ",
        dataset.name, " was read without such a column");
  return given_split(dataset);
}

void check_training(const Split& split, const Dataset& dataset, const SplitSpec& spec) {
  check(!split.train.empty(), ErrorCode::value, "split ", to_string(spec), " leaves no node of ",
        dataset.name, " to train on");
  std::vector<Index> labelled(dataset.classes.size(), 0), training(dataset.classes.size(), 0);
  for (int c : dataset.y)
    if (c >= 0) ++labelled[c];
  for (Index node : split.train) ++training[dataset.y[node]];
  for (std::size_t c = 0; c < training.size(); ++c)
    check(training[c] > 0 || labelled[c] == 0, ErrorCode::value, "split ", to_string(spec),
          " leaves none of the ", labelled[c], " nodes of class \"", dataset.classes[c],
          "\" to train on");
}

std::string text_of(const PublicSplit&) { return "public"; }
std::string text_of(const RandomSplit& s) {
  return "random:" + shortest(s.train) + "/" + shortest(s.val) + "/" + shortest(s.test);
}
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
  if (kind == "random") return parse_random(rest, text);
  if (kind == "per-class") return parse_per_class(rest, text);
  if (kind == "column") {
    check(!rest.empty(), ErrorCode::usage, "split \"", text,
          "\" names no column, expected as in column:part");
    return ColumnSplit{rest};
  }
  fail(ErrorCode::usage, "split \"", text,
       "\" is not one of public, random:0.6/0.2/0.2, per-class:20/30, column:NAME");
}

std::string to_string(const SplitSpec& spec) {
  return std::visit([](const auto& s) { return text_of(s); }, spec);
}

Split make_split(const Dataset& dataset, const SplitSpec& spec, std::uint64_t seed) {
  Split split = std::visit([&](const auto& s) { return split_by(s, dataset, seed); }, spec);
  for (auto* part : {&split.train, &split.val, &split.test}) std::ranges::sort(*part);
  check_training(split, dataset, spec);
  return split;
}

}  // namespace AGATE_NAMESPACE::data
