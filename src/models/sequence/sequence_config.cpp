#include <agate/core/error.hpp>
#include <agate/models/sequence_config.hpp>
#include <nlohmann/json.hpp>
#include <set>

namespace AGATE_NAMESPACE::models {
namespace {

nlohmann::ordered_json json_of(const data::Alphabet& a) {
  if (!a.has_symbols()) return {{"width", a.width}};
  return {{"symbols", a.symbols}, {"words", a.words}};
}

data::Alphabet alphabet_from(const nlohmann::json& json, const std::string& side) {
  auto refuse = [&](const char* what) {
    fail(ErrorCode::format, "sequence configuration: ", side, " ", what);
  };
  if (!json.is_object()) refuse("is no object");
  data::Alphabet a;
  if (const auto width = json.find("width"); width != json.end()) {
    if (!width->is_number_integer() || *width < 1 || *width > 1'000'000)
      refuse("has a width that is no number from 1 to 1,000,000");
    a.width = width->get<Index>();
    return a;
  }
  const auto symbols = json.find("symbols"), words = json.find("words");
  if (symbols == json.end() || !symbols->is_array() || symbols->empty())
    refuse("has neither a width nor symbols");
  for (const auto& symbol : *symbols) {
    if (!symbol.is_string()) refuse("has symbols that are no texts");
    a.symbols.push_back(symbol.get<std::string>());
  }
  if (std::set(a.symbols.begin(), a.symbols.end()).size() != a.symbols.size())
    refuse("has a symbol twice");
  a.words = words != json.end() && words->is_boolean() && words->get<bool>();
  return a;
}

}  // namespace

const std::vector<Option<SequenceConfig>>& sequence_options() {
  using C = SequenceConfig;
  static const std::vector<Option<C>> table{
      {"hidden", &C::hidden, "channels of embeddings, states and layers", 1, 65536, {}},
      {"layers", &C::layers, "of encoder and decoder each, or of the LSTM", 1, 100, {}},
      {"heads",
       &C::heads,
       "attention heads of a Transformer, which share the channels",
       1,
       1024,
       {}},
      {"dim_feedforward",
       &C::dim_feedforward,
       "channels inside the perceptrons of a Transformer",
       1,
       1e6,
       {}},
      {"dropout", &C::dropout, "dropout", 0, 0.999, {}},
      {"norm_first",
       &C::norm_first,
       "Transformer: norms before attention and perceptron",
       0,
       0,
       {}},
      {"positions",
       &C::positions,
       "Transformer: how positions are told",
       0,
       0,
       {"sinusoidal", "learned"}},
      {"max_length", &C::max_length, "learned positions there are", 1, 1e6, {}},
      {"num_features",
       &C::num_features,
       "rfa_transformer: random features of a head",
       1,
       65536,
       {}},
      {"features",
       &C::features,
       "rfa_transformer: the kernel that they stand for",
       0,
       0,
       {"gaussian", "arc_cosine"}},
      {"orthogonal",
       &C::orthogonal,
       "rfa_transformer: their projections at right angles",
       0,
       0,
       {}},
      {"gated", &C::gated, "rfa_transformer: what the decoder remembers fades", 0, 0, {}},
      {"attention_score",
       &C::attention_score,
       "luong: the score",
       0,
       0,
       {"dot", "general", "concat"}},
      {"input_feeding",
       &C::input_feeding,
       "luong: what was said last goes in with the next",
       0,
       0,
       {}},
      {"memory_rows", &C::memory_rows, "ntm: rows of the memory", 1, 1e6, {}},
      {"memory_columns", &C::memory_columns, "ntm: columns of the memory", 1, 65536, {}},
      {"read_heads", &C::read_heads, "ntm", 1, 64, {}},
      {"write_heads", &C::write_heads, "ntm", 1, 64, {}},
      {"memory_init", &C::memory_init, "ntm: how the memory starts", 0, 0, {"constant", "learned"}},
  };
  return table;
}

std::string to_json(const SequenceConfig& config) {
  nlohmann::ordered_json json{{"model", config.model},
                              {"source", json_of(config.source)},
                              {"target", json_of(config.target)}};
  for (const auto& option : sequence_options())
    std::visit([&](auto field) { json[option.name] = config.*field; }, option.field);
  return json.dump();
}

SequenceConfig sequence_config_from_json(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  check(json.is_object(), ErrorCode::format, "sequence configuration: not a JSON object");
  SequenceConfig config;
  for (const auto& [key, value] : json.items()) {
    if (key == "source" || key == "target") {
      (key == "source" ? config.source : config.target) = alphabet_from(value, key);
      continue;
    }
    const std::string word = value.is_string() ? value.get<std::string>() : value.dump();
    if (key == "model")
      config.model = word;
    else
      set_option(sequence_options(), config, key, word);
  }
  return config;
}

}  // namespace AGATE_NAMESPACE::models
