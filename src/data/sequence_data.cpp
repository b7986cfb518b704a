#include <agate/core/error.hpp>
#include <agate/core/random.hpp>
#include <agate/data/sequence_data.hpp>
#include <algorithm>
#include <map>
#include <numeric>

namespace AGATE_NAMESPACE::data {
namespace {

constexpr std::uint32_t part_stream = 0x5E91;

// Seeds of the parts of a task: training epochs count from here.
constexpr std::uint64_t first_val = 1, first_test = 2, first_epoch = 16;

std::uint64_t seed_of(std::uint64_t seed, std::uint64_t part) {
  const auto words = philox(seed, {static_cast<std::uint32_t>(part),
                                   static_cast<std::uint32_t>(part >> 32), part_stream, 0});
  return (std::uint64_t{words[0]} << 32) | words[1];
}

std::string sizes(Index least, Index most) {
  return least == most ? std::to_string(most) : std::to_string(least) + "-" + std::to_string(most);
}

}  // namespace

SequenceData task_data(const SequenceTask& task, const TaskDataOptions& options,
                       std::uint64_t seed) {
  const Index least = options.least > 0 ? options.least : task.least;
  const Index most = options.most > 0 ? options.most : task.most;
  SequenceData d{.name = task.name, .source = task.source, .target = task.target};
  d.train = [=, &task, count = options.per_epoch](Index epoch) {
    return make_pairs(task, least, most, count,
                      seed_of(seed, first_epoch + static_cast<std::uint64_t>(epoch)));
  };
  d.val = make_pairs(task, least, most, options.held_out, seed_of(seed, first_val));
  std::uint64_t part = first_test;
  auto add = [&](Index from, Index to) {
    d.tests.push_back({"length " + sizes(from, to),
                       make_pairs(task, from, to, options.held_out, seed_of(seed, part++))});
  };
  add(least, most);
  add(2 * most, 2 * most);
  add(4 * most, 4 * most);
  return d;
}

PairParts split_pairs(const TextPairs& texts, const PairShares& shares, std::uint64_t seed) {
  check(shares.train > 0 && shares.val >= 0 && shares.test >= 0 &&
            shares.train + shares.val + shares.test <= 1 + 1e-9,
        ErrorCode::value, texts.path, ": shares ", shares.train, "/", shares.val, "/", shares.test,
        ", expected such as add up to at most 1");
  std::map<std::string, std::vector<Index>> of_source;
  for (Index k = 0; k < texts.size(); ++k) of_source[texts.sources[k]].push_back(k);
  std::vector<const std::vector<Index>*> groups;
  for (const auto& [source, members] : of_source) groups.push_back(&members);
  Random random(seed, part_stream);
  random.shuffle(std::span(groups));
  const auto n = static_cast<double>(groups.size());
  std::size_t at = 0;
  auto part = [&](double share, const char* what) {
    const auto end = std::min(groups.size(), at + static_cast<std::size_t>(share * n + 0.5));
    std::vector<Index> members;
    for (; at < end; ++at) members.insert(members.end(), groups[at]->begin(), groups[at]->end());
    std::ranges::sort(members);
    check(!members.empty() || share == 0, ErrorCode::value, texts.path, ": ", groups.size(),
          " different sources leave none to ", what);
    return members;
  };
  PairParts parts;
  parts.val = part(shares.val, "validate on");
  parts.test = part(shares.test, "test on");
  parts.train = part(shares.train, "train on");
  return parts;
}

SequenceData pairs_data(const TextPairs& texts, bool words, const PairShares& shares,
                        std::uint64_t seed) {
  SequenceData d{.name = texts.path,
                 .source = alphabet_of(texts, texts.sources, words),
                 .target = alphabet_of(texts, texts.targets, words)};
  const SequencePairs all{encode(texts, texts.sources, d.source),
                          encode(texts, texts.targets, d.target)};
  const PairParts parts = split_pairs(texts, shares, seed);
  d.train = [train = select(all, parts.train)](Index) { return train; };
  d.val = select(all, parts.val);
  if (!parts.test.empty()) d.tests.push_back({"held out", select(all, parts.test)});
  return d;
}

}  // namespace AGATE_NAMESPACE::data
