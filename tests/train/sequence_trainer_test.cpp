#include <agate/core/error.hpp>
#include <agate/train/sequence_trainer.hpp>
#include <cstring>

#include "catch.hpp"

using namespace agate;

namespace {

data::SequenceData easy(std::uint64_t seed) {
  return data::task_data(data::sequence_task("reverse"),
                         {.least = 1, .most = 4, .per_epoch = 300, .held_out = 60}, seed);
}

models::SequenceConfig config_of(const std::string& name, const data::SequenceData& d) {
  models::SequenceConfig c{.model = name, .source = d.source, .target = d.target};
  c.hidden = 32;
  c.layers = 1;
  c.dim_feedforward = 64;
  c.memory_rows = 12;
  c.memory_columns = 8;
  c.dropout = 0;
  return c;
}

train::TrainOptions quick(Index epochs) {
  train::TrainOptions options;
  options.epochs = epochs;
  options.lr = 0.01;
  options.weight_decay = 0;
  options.clip_norm = 1;
  options.threads = 1;
  return options;
}

}  // namespace

TEST_CASE("models with attention learn to reverse short sequences") {
  const auto data = easy(1);
  for (const std::string name : {"bahdanau", "luong", "transformer"}) {
    INFO(name);
    const auto model = models::make_sequence_model(config_of(name, data), 1);
    auto options = quick(name == "transformer" ? 40 : 20);
    if (name == "transformer") options.lr = 0.003;
    const auto fit = train::fit_sequences(*model, data, options, 1);
    CHECK(fit.tests[0].exact > 0.9);
    CHECK(fit.tests.size() == 3);
    CHECK(fit.sequences == 300 * fit.epochs);
  }
}

TEST_CASE("training on sequences is the same for the same seed and any number of threads") {
  const auto data = easy(2);
  for (const std::string name : {"transformer", "ntm", "encoder_decoder"}) {
    INFO(name);
    std::vector<std::vector<Real>> weights;
    for (const int threads : {1, 2, 1}) {
      const auto model = models::make_sequence_model(config_of(name, data), 4);
      auto options = quick(1);
      options.threads = threads;
      options.label_smoothing = 0.1;
      train::fit_sequences(*model, data, options, 4);
      std::vector<Real> all;
      for (const auto& [key, parameter] : std::as_const(*model).parameters())
        all.insert(all.end(), parameter->value.values().begin(), parameter->value.values().end());
      weights.push_back(all);
    }
    CHECK(weights[0] == weights[1]);
    CHECK(weights[0] == weights[2]);
  }
}

TEST_CASE("scores of sequences count what is wrong") {
  const auto data = easy(3);
  const auto model = models::make_sequence_model(config_of("bahdanau", data), 1);
  const auto said = models::say(*model, data.val.source, {.max_length = 14});
  // Against what it says itself nothing is wrong; one symbol less is one edit each.
  const auto perfect = train::score(*model, {data.val.source, said}, {.max_length = 14});
  CHECK(perfect.exact == 1);
  CHECK(perfect.errors == 0);
  data::Sequences shorter;
  Index longer = 0;
  for (Index b = 0; b < said.size(); ++b) {
    const Index cut = said.length(b) > 1;
    longer += cut;
    for (Index e = said.offsets[b]; e < said.offsets[b + 1] - cut; ++e)
      shorter.symbols.push_back(said.symbols[e]);
    shorter.offsets.push_back(std::ssize(shorter.symbols));
  }
  REQUIRE(longer > 0);
  const auto cut = train::score(*model, {data.val.source, shorter}, {.max_length = 14});
  CHECK(cut.exact == Approx(1 - double(longer) / double(said.size())));
  CHECK(cut.errors == Approx(double(longer) / double(said.size())));
}

TEST_CASE("training on sequences refuses what cannot be trained") {
  auto data = easy(4);
  const auto model = models::make_sequence_model(config_of("lstm", data), 1);
  data.val = {};
  CHECK_THROWS_AS(train::fit_sequences(*model, data, quick(1), 1), Error);
  data.train = [](Index) { return data::SequencePairs(); };
  auto options = quick(1);
  options.stop = "none";
  CHECK_THROWS_AS(train::fit_sequences(*model, data, options, 1), Error);
}
