// Self-attention on a sentence of three words, each of three numbers: who looks at whom, and how
// much. The numbers are small enough to follow with a pencil.

#include <agate/nn/attention/dot_product_attention.hpp>
#include <agate/tensor/linear.hpp>
#include <cstdio>
#include <exception>

int main() try {
  using agate::Tensor;
  const char* words[] = {"I", "love", "NLP"};
  agate::Tape tape({.record = false});
  const auto X = tape.constant(Tensor::from({3, 3}, {.1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f, .9f}));
  const auto WQ = X, WV = X;
  const auto WK =
      tape.constant(Tensor::from({3, 3}, {.1f, .3f, .5f, .2f, .4f, .6f, .3f, .5f, .7f}));

  const auto Q = agate::matmul(X, WQ), K = agate::matmul(X, WK), V = agate::matmul(X, WV);
  Tensor weights;  // heads x queries x keys, here 1 x 3 x 3
  const agate::nn::DotProductAttention attention;
  const auto output =
      attention(Q, K, V, agate::Support::all_pairs(3, 3), {.weights = &weights}).value();

  std::printf("%8s %7s %7s %7s   output\n", "", words[0], words[1], words[2]);
  for (agate::Index i = 0; i < 3; ++i) {
    std::printf("%8s", words[i]);
    for (agate::Index j = 0; j < 3; ++j) std::printf(" %7.4f", double(weights.row(i)[j]));
    std::printf("  ");
    for (agate::Index c = 0; c < 3; ++c) std::printf(" %.4f", double(output.row(i)[c]));
    std::printf("\n");
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "i_love_nlp: %s\n", error.what());
  return 1;
}
