#include <agate/nn/sequence/recurrent_decoder.hpp>
#include <agate/tensor/rows.hpp>
#include <cstring>

#include "golden.hpp"
#include "tensors.hpp"

using namespace agate;

namespace {

std::vector<Index> indices(const Golden& golden, const std::string& name) {
  return golden.file.find(name)->as_indices(name);
}

nn::RecurrentDecoderOptions decoder_options(const Golden& golden) {
  return {.input_size = golden.args["input_size"],
          .hidden_size = golden.args["hidden_size"],
          .memory_size = golden.args["memory_size"],
          .attention = nn::decoder_attention(golden.args["attention"]),
          .input_feeding = golden.args["input_feeding"]};
}

const std::vector<std::string> decoder_cases{"none",    "additive",        "dot_feeding",
                                             "general", "general_feeding", "concat_feeding"};

}  // namespace

TEST_CASE("RecurrentDecoder agrees with an implementation in torch, weights included") {
  for (const std::string& which : decoder_cases) {
    INFO(which);
    const Golden golden("RecurrentDecoder_" + which);
    Random random(1);
    nn::RecurrentDecoder decoder(decoder_options(golden), random);
    const auto offsets = indices(golden, "offsets"), targets = indices(golden, "target_offsets");
    Tensor weights;
    check_layer(golden, decoder, {"x", "encodings", "summary"}, [&](const std::vector<Var>& v) {
      return decoder(v[0], targets, decoder.remember(v[1], offsets), v[2], &weights);
    });
    check_close(weights, golden.tensor("weights"), "weights");
  }
}

TEST_CASE("RecurrentDecoder step by step gives what it gives at once, a shrinking batch too") {
  for (const std::string& which : decoder_cases) {
    INFO(which);
    const Golden golden("RecurrentDecoder_" + which);
    Random random(1);
    const nn::RecurrentDecoder decoder(decoder_options(golden), random);
    const std::vector<Index> offsets{0, 4, 6, 6, 11}, targets{0, 4, 7, 8, 8};
    Tape tape({.record = false});
    const Var x = tape.constant(random_rows(8, 3, random)),
              encodings = tape.constant(random_rows(11, 4, random)),
              summary = tape.constant(random_rows(4, 4, random));
    const auto memory = decoder.remember(encodings, offsets);
    CHECK(memory.longest() == 5);
    Tensor all_weights;
    const Tensor all = decoder(x, targets, memory, summary, &all_weights).value();
    CHECK(all.shape() == Shape{8, decoder.output_size()});
    auto state = decoder.start(summary);
    const std::vector<std::vector<Index>> steps{{0, 4, 7}, {1, 5}, {2, 6}, {3}};
    for (const auto& rows : steps) {
      Tensor weights;
      const Tensor y = decoder.step(gather_rows(x, rows), state, memory, &weights).value();
      CHECK(state.h.rows() == std::ssize(rows));
      check_close(y, select_rows(all, rows), "result");
      check_close(weights, select_rows(all_weights, rows), "weights");
      for (Index r = 0; which != "none" && r < weights.rows(); ++r) {
        double paid = 0;
        for (Index j = 0; j < 5; ++j) paid += double(weights.row(r)[j]);
        CHECK(paid == Approx(r == 2 ? 0 : 1));  // the third source is empty
      }
    }
  }
}

TEST_CASE("states and memories selected go on as the sequences that they were") {
  for (const std::string& which : decoder_cases) {
    INFO(which);
    const Golden golden("RecurrentDecoder_" + which);
    Random random(1);
    const nn::RecurrentDecoder decoder(decoder_options(golden), random);
    Tape tape({.record = false});
    const auto memory =
        decoder.remember(tape.constant(random_rows(7, 4, random)), std::vector<Index>{0, 4, 7});
    auto state = decoder.start(tape.constant(random_rows(2, 4, random)));
    decoder.step(tape.constant(random_rows(2, 3, random)), state, memory);
    const std::vector<Index> hypotheses{1, 0, 1};
    auto beam = decoder.select(state, hypotheses);
    const auto beam_memory = decoder.select(memory, hypotheses);
    CHECK(beam_memory.offsets == std::vector<Index>{0, 3, 7, 10});
    const Var x = tape.constant(random_rows(2, 3, random));
    const Tensor y = decoder.step(x, state, memory).value();
    const Tensor of_beam = decoder.step(gather_rows(x, hypotheses), beam, beam_memory).value();
    check_close(of_beam, select_rows(y, hypotheses), "result");
    check_close(beam.h.value(), select_rows(state.h.value(), hypotheses), "state");
  }
}

TEST_CASE("dropout of RecurrentDecoder drops results, and what is fed back is not dropped") {
  Random random(1);
  const nn::RecurrentDecoderOptions options{.input_size = 3,
                                            .hidden_size = 6,
                                            .memory_size = 4,
                                            .attention = nn::DecoderAttention::general,
                                            .input_feeding = true,
                                            .dropout = Real(0.5)};
  const nn::RecurrentDecoder decoder(options, random);
  const Tensor x = random_rows(9, 3, random), encodings = random_rows(5, 4, random),
               summary = random_rows(1, 4, random);
  const auto run = [&](bool training) {
    Tape tape({.training = training, .seed = 3});
    const std::vector<Index> sources{0, 5}, targets{0, 9};
    return decoder(tape.constant(x), targets, decoder.remember(tape.constant(encodings), sources),
                   tape.constant(summary))
        .value();
  };
  const Tensor kept = run(false), dropped = run(true);
  Index zeros = 0;
  for (Index i = 0; i < kept.size(); ++i) {
    if (dropped.data()[i] == 0)
      ++zeros;
    else
      CHECK(dropped.data()[i] == Approx(2 * kept.data()[i]));
  }
  CHECK(zeros > 10);
  CHECK(zeros < 44);
}

TEST_CASE("RecurrentDecoder over no rows gives none") {
  for (const std::string& which : decoder_cases) {
    Random random(1);
    const nn::RecurrentDecoder decoder(decoder_options(Golden("RecurrentDecoder_" + which)),
                                       random);
    Tape tape;
    Tensor weights;
    const auto memory =
        decoder.remember(tape.constant(random_rows(3, 4, random)), std::vector<Index>{0, 3});
    const Var y = decoder(tape.constant(Tensor::zeros({0, 3})), std::vector<Index>{0, 0}, memory,
                          tape.constant(random_rows(1, 4, random)), &weights);
    CHECK(y.shape() == Shape{0, decoder.output_size()});
    CHECK(weights.shape() == Shape{0, 3});
  }
}

TEST_CASE("what RecurrentDecoder cannot do is refused") {
  using nn::DecoderAttention;
  Random random(1);
  const auto make = [&](nn::RecurrentDecoderOptions o) { return nn::RecurrentDecoder(o, random); };
  CHECK(refusal([&] {
          make({.input_size = 0, .hidden_size = 2, .memory_size = 2});
        }).says("RecurrentDecoder: input_size = 0, hidden_size = 2, memory_size = 2"));
  CHECK(refusal([&] {
          make({.input_size = 1, .hidden_size = 2, .memory_size = 2, .input_feeding = true});
        }).says("input_feeding belongs to the attentions dot, general and concat"));
  CHECK(refusal([&] {
          make({.input_size = 1,
                .hidden_size = 2,
                .memory_size = 3,
                .attention = DecoderAttention::dot});
        }).says("the score dot needs equal columns, query_dim = 2, key_dim = 3"));
  CHECK(refusal([&] {
          make({.input_size = 1, .hidden_size = 2, .memory_size = 3, .dropout = 1});
        }).says("RecurrentDecoder: dropout = 1"));
  CHECK(refusal([&] { nn::decoder_attention("generl"); }).says("did you mean \"general\""));
  const auto decoder = make({.input_size = 3, .hidden_size = 2, .memory_size = 4});
  Tape tape;
  const auto rows = [&](Index n, Index c) { return tape.constant(Tensor::zeros({n, c})); };
  const std::vector<Index> offsets{0, 2, 5}, targets{0, 1, 3};
  CHECK(refusal([&] {
          decoder.remember(rows(5, 3), offsets);
        }).says("encodings has 3 columns, expected memory_size = 4"));
  CHECK(refusal([&] { decoder.remember(rows(6, 4), offsets); }).says("0 to 5 for 6 rows"));
  const auto memory = decoder.remember(rows(5, 4), offsets);
  CHECK(refusal([&] { decoder.start(rows(2, 5)); }).says("summary has 5 columns"));
  auto state = decoder.start(rows(2, 4));
  CHECK(refusal([&] {
          decoder.step(rows(2, 2), state, memory);
        }).says("x has 2 columns, expected input_size = 3"));
  CHECK(refusal([&] {
          decoder.step(rows(3, 3), state, memory);
        }).says("x has 3 rows for a state of 2 and a memory of 2 sequences"));
  CHECK(refusal([&] {
          decoder(rows(3, 3), targets, memory, rows(1, 4));
        }).says("2 targets, a memory of 2 sequences and 1 summaries"));
  CHECK(refusal([&] { decoder.select(memory, std::vector<Index>{2}); }).says("sequence 2 of 2"));
}
