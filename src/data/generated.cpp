#include "data/generated.hpp"

#include <agate/core/options.hpp>
#include <agate/data/catalogue.hpp>
#include <agate/data/dictionary.hpp>
#include <agate/data/motifs.hpp>

namespace AGATE_NAMESPACE::data {
namespace {

struct Generator {
  std::string name, size, about, preset;
  double least, most;
  int usual;  // the size where none is named; 0: it must be
  Dataset (*make)(int size);
};

const std::vector<Generator>& generators() {
  static const std::vector<Generator> all{
      {"dictionary", "K", "looking up K values by their keys (Brody et al. 2022)", "lookup", 3,
       most_dictionary_keys, 0, dictionary_lookup},
      {"ba_shapes", "HOUSES",
       "what a node is of the houses hung on a grown graph (Ying et al. 2019)", "default", 1, 300,
       80, [](int size) { return ba_shapes(size).dataset; }},
      {"tree_cycle", "RINGS", "which nodes lie on the rings hung on a tree (Ying et al. 2019)",
       "default", 1, 511, 80, [](int size) { return tree_cycle(size).dataset; }},
  };
  return all;
}

const Generator* find(const std::string& name) {
  for (const Generator& generator : generators())
    if (name.starts_with(generator.name + ":") || (generator.usual > 0 && name == generator.name))
      return &generator;
  return nullptr;
}

}  // namespace

const std::vector<GeneratedInfo>& generated_datasets() {
  static const std::vector<GeneratedInfo> infos = [] {
    std::vector<GeneratedInfo> list;
    for (const Generator& g : generators()) {
      const std::string size = ":" + g.size;
      list.push_back({g.name + (g.usual > 0 ? "[" + size + "]" : size), g.about});
    }
    return list;
  }();
  return infos;
}

std::string default_preset(const std::string& name) {
  const Generator* generator = find(name);
  return generator ? generator->preset : "default";
}

std::optional<Dataset> generate(const std::string& name) {
  const Generator* generator = find(name);
  if (!generator) return {};
  if (name == generator->name) return generator->make(generator->usual);
  const std::string size = name.substr(generator->name.size() + 1);
  return generator->make(static_cast<int>(
      parse_option_number(generator->name, size, generator->least, generator->most, true)));
}

}  // namespace AGATE_NAMESPACE::data
