#include <agate/core/error.hpp>
#include <agate/data/pairs_file.hpp>
#include <agate/io/file.hpp>
#include <set>
#include <unordered_map>

namespace AGATE_NAMESPACE::data {

std::string TextPairs::place(Index k) const { return path + ":" + std::to_string(lines[k]); }

TextPairs parse_pairs(std::string_view text, const std::string& name, bool targets_needed) {
  TextPairs pairs{.path = name};
  Index number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    std::string line(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    const auto tab = line.find('\t');
    auto checked = [&](bool holds, const char* what) {
      check(holds, ErrorCode::format, name, ":", number, ": ", what);
    };
    checked(tab != std::string::npos || !targets_needed,
            "no TAB, expected source TAB target in every line");
    const std::string source = line.substr(0, tab);
    const std::string target = tab == std::string::npos ? "" : line.substr(tab + 1);
    checked(target.find('\t') == std::string::npos, "more than one TAB");
    checked(!source.empty(), "an empty source");
    checked(!target.empty() || (tab == std::string::npos && !targets_needed), "an empty target");
    pairs.sources.push_back(source);
    pairs.targets.push_back(target);
    pairs.lines.push_back(number);
  }
  check(pairs.size() > 0, ErrorCode::format, name, ": no pairs");
  return pairs;
}

TextPairs read_pairs(const std::string& path, bool targets_needed) {
  return parse_pairs(io::read_text(path), path, targets_needed);
}

Alphabet alphabet_of(const TextPairs& texts, const std::vector<std::string>& side, bool words) {
  std::set<std::string> found;
  for (Index k = 0; k < texts.size(); ++k)
    for (std::string& symbol : split_text(side[k], words, texts.place(k)))
      found.insert(std::move(symbol));
  return {.symbols = {found.begin(), found.end()}, .words = words};
}

Sequences encode(const TextPairs& texts, const std::vector<std::string>& side,
                 const Alphabet& alphabet) {
  std::unordered_map<std::string, int> numbers;
  for (std::size_t k = 0; k < alphabet.symbols.size(); ++k)
    numbers.emplace(alphabet.symbols[k], static_cast<int>(k));
  Sequences out;
  for (Index k = 0; k < texts.size(); ++k) {
    const std::string place = texts.place(k);
    const auto symbols = split_text(side[k], alphabet.words, place);
    check(!symbols.empty(), ErrorCode::format, place, ": an empty sequence");
    for (const std::string& symbol : symbols) {
      const auto found = numbers.find(symbol);
      check(found != numbers.end(), ErrorCode::format, place, ": \"", symbol,
            "\" is not among the ", numbers.size(), alphabet.words ? " words" : " characters",
            " that are known");
      out.symbols.push_back(found->second);
    }
    out.offsets.push_back(std::ssize(out.symbols));
  }
  return out;
}

}  // namespace AGATE_NAMESPACE::data
