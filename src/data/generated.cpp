#include "data/generated.hpp"

#include <agate/core/options.hpp>
#include <agate/data/catalogue.hpp>
#include <agate/data/dictionary.hpp>

namespace AGATE_NAMESPACE::data {
namespace {

struct Generator {
  std::string name, size, about, preset;
  double least, most;
  Dataset (*make)(int size);
};

const std::vector<Generator>& generators() {
  static const std::vector<Generator> all{
      {"dictionary", "K", "looking up K values by their keys (Brody et al. 2022)", "lookup", 3,
       most_dictionary_keys, dictionary_lookup},
  };
  return all;
}

const Generator* find(const std::string& name) {
  for (const Generator& generator : generators())
    if (name.starts_with(generator.name + ":")) return &generator;
  return nullptr;
}

}  // namespace

const std::vector<GeneratedInfo>& generated_datasets() {
  static const std::vector<GeneratedInfo> infos = [] {
    std::vector<GeneratedInfo> list;
    for (const Generator& g : generators()) list.push_back({g.name + ":" + g.size, g.about});
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
  const std::string size = name.substr(generator->name.size() + 1);
  return generator->make(static_cast<int>(
      parse_option_number(generator->name, size, generator->least, generator->most, true)));
}

}  // namespace AGATE_NAMESPACE::data
