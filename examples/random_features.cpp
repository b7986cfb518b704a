// How near attention by random features comes to exact attention as the features grow: a table, and
// a picture where one is asked for.
//   random_features [picture.svg]

#include <agate/attention/attend.hpp>
#include <agate/explain/line_chart.hpp>
#include <agate/io/file.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>

using agate::Index;
using agate::Tensor;

constexpr Index n = 256, channels = 16, draws = 21;

Tensor drawn(std::uint32_t stream, double size) {
  agate::Random random(1, stream);
  Tensor t = Tensor::uninitialized({n, channels});
  for (agate::Real& v : t.values()) v = static_cast<agate::Real>(size * random.normal());
  return t;
}

int main(int argc, char** argv) try {
  agate::Tape tape({.record = false});
  const auto q = tape.constant(drawn(1, 0.25)), k = tape.constant(drawn(2, 0.25)),
             v = tape.constant(drawn(3, 1));
  const auto all = agate::Support::all_pairs(n, n);
  const agate::GaussianScore score{q, k};
  const Tensor exact = agate::attend(score, all, v).output.value();

  std::vector<agate::explain::Line> lines{{"independent", {}, {}}, {"orthogonal", {}, {}}};
  std::printf("%10s %14s %14s   (error of the output, median of 21 draws)\n", "features",
              "independent", "orthogonal");
  for (const Index features : {8, 16, 32, 64, 128, 256, 512, 1024}) {
    for (const bool orthogonal : {false, true}) {
      std::vector<double> errors;  // root mean squares
      for (Index draw = 0; draw < draws; ++draw) {
        agate::Random random(static_cast<std::uint64_t>(draw), 4);
        const agate::RandomFeatures how{
            .projection = agate::draw_projection(1, features / 2, channels, orthogonal, random)};
        const Tensor near = agate::attend(score, all, v, {.random_features = how}).output.value();
        double sum = 0;
        for (Index i = 0; i < near.size(); ++i)
          sum += std::pow(double(near.data()[i]) - double(exact.data()[i]), 2);
        errors.push_back(std::sqrt(sum / double(exact.size())));
      }
      std::ranges::nth_element(errors, errors.begin() + draws / 2);
      lines[orthogonal].x.push_back(double(features));
      lines[orthogonal].y.push_back(errors[draws / 2]);
    }
    std::printf("%10d %14.4f %14.4f\n", int(features), lines[0].y.back(), lines[1].y.back());
  }
  if (argc > 1)
    agate::io::write_file(
        argv[1], agate::explain::line_chart_svg(lines, {.title = "Attention by random features",
                                                        .x_title = "features (sines and cosines)",
                                                        .y_title = "error of the output"}));
} catch (const std::exception& error) {
  std::fprintf(stderr, "random_features: %s\n", error.what());
  return 1;
}
