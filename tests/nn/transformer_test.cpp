#include <agate/nn/transformer/transformer.hpp>

#include "golden.hpp"

using namespace agate;

namespace {

std::vector<Index> offsets_of(Index sequences, Index length) {
  std::vector<Index> offsets;
  for (Index b = 0; b <= sequences; ++b) offsets.push_back(b * length);
  return offsets;
}

}  // namespace

TEST_CASE("Transformer agrees with torch, norms first and last") {
  for (const char* name : {"Transformer_pre", "Transformer_post"}) {
    INFO(name);
    const Golden golden(name);
    Random random(1);
    nn::Transformer model({.layer = {.d_model = golden.args["d_model"],
                                     .nhead = golden.args["nhead"],
                                     .dim_feedforward = golden.args["dim_feedforward"],
                                     .dropout = 0,
                                     .norm_first = golden.args["norm_first"]},
                           .num_encoder_layers = golden.args["num_encoder_layers"],
                           .num_decoder_layers = golden.args["num_decoder_layers"]},
                          random);
    const auto from = offsets_of(2, 5), to = offsets_of(2, 4);
    check_layer(golden, model, {"src", "tgt"},
                [&](const std::vector<Var>& in) { return model(in[0], from, in[1], to); });
  }
}

TEST_CASE("a packed batch of sequences is what they are one by one, whatever their lengths") {
  Random random(2);
  const nn::Transformer model({.layer = {.d_model = 12, .nhead = 3, .dim_feedforward = 20},
                               .num_encoder_layers = 2,
                               .num_decoder_layers = 2},
                              random);
  Tape tape({.record = false});
  Tensor source = Tensor::uninitialized({9, 12}), target = Tensor::uninitialized({7, 12});
  for (Real& v : source.values()) v = static_cast<Real>(random.normal());
  for (Real& v : target.values()) v = static_cast<Real>(random.normal());
  const std::vector<Index> from{0, 2, 9}, to{0, 4, 7};
  const Tensor all = model(tape.constant(source), from, tape.constant(target), to).value();
  for (std::size_t b = 0; b < 2; ++b) {
    auto part = [](const Tensor& x, Index begin, Index end) {
      Tensor y = Tensor::uninitialized({end - begin, x.cols()});
      std::copy_n(x.row(begin), y.size(), y.data());
      return y;
    };
    const Tensor one =
        model(tape.constant(part(source, from[b], from[b + 1])),
              offsets_of(1, from[b + 1] - from[b]), tape.constant(part(target, to[b], to[b + 1])),
              offsets_of(1, to[b + 1] - to[b]))
            .value();
    for (Index k = 0; k < one.size(); ++k)
      CHECK(one.data()[k] == Approx(all.row(to[b])[k]).margin(1e-5));
  }
}

TEST_CASE("a target sees nothing of what follows it, and the decoder tells what it attended to") {
  Random random(3);
  const nn::TransformerDecoder decoder({.d_model = 8, .nhead = 2, .dim_feedforward = 16}, 2, true,
                                       random);
  Tape tape({.record = false});
  Tensor target = Tensor::full({5, 8}, Real(0.3)), memory = Tensor::full({3, 8}, 0);
  for (Real& v : memory.values()) v = static_cast<Real>(random.normal());
  const Support own = Support::causal(5, 5), cross = Support::all_pairs(5, 3);
  std::vector<Tensor> weights;
  const Tensor before =
      decoder(tape.constant(target), tape.constant(memory), own, cross, &weights).value().clone();
  REQUIRE(weights.size() == 2);
  CHECK(weights[1].shape() == Shape{2, 5, 3});
  target.row(4)[2] = 7;
  const Tensor after =
      decoder(tape.constant(target), tape.constant(memory), own, cross).value().clone();
  for (Index k = 0; k < 4 * 8; ++k) CHECK(after.data()[k] == before.data()[k]);
  CHECK(after.row(4)[0] != before.row(4)[0]);
}

TEST_CASE("transformers that make no sense are refused") {
  Random random(1);
  CHECK_THROWS_WITH(nn::TransformerEncoder({.d_model = 8, .nhead = 2}, 0, true, random),
                    Catch::Contains("num_layers = 0"));
  CHECK_THROWS_WITH(nn::TransformerEncoder({.d_model = 8, .nhead = 3}, 1, true, random),
                    Catch::Contains("num_heads = 3"));
  CHECK_THROWS_WITH(
      nn::TransformerEncoder({.d_model = 8, .nhead = 2, .activation = "rleu"}, 1, true, random),
      Catch::Contains("relu"));
}
