#include <agate/attention/quadratic_attention.hpp>
#include <agate/core/error.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/rows.hpp>
#include <agate/tensor/softmax.hpp>
#include <cmath>
#include <limits>

namespace AGATE_NAMESPACE {

Var quadratic_attention(const Var& query, const Var& key, const Var& values, Index heads,
                        bool causal) {
  check(heads >= 1 && query.cols() % heads == 0 && query.cols() == key.cols() &&
            values.cols() % heads == 0 && values.rows() == key.rows(),
        ErrorCode::shape, "quadratic_attention: queries ", query.shape().to_string(), ", keys ",
        key.shape().to_string(), ", values ", values.shape().to_string(), " in ", heads, " heads");
  Tape& tape = query.tape();
  const Index channels = query.cols() / heads, width = values.cols() / heads;
  const Real factor = 1 / std::sqrt(static_cast<Real>(channels));
  Tensor unseen = Tensor::zeros({causal ? query.rows() : 0, key.rows()});
  for (Index i = 0; i < unseen.rows(); ++i)
    for (Index j = i + 1; j < unseen.cols(); ++j)
      unseen.row(i)[j] = -std::numeric_limits<Real>::infinity();
  std::vector<Var> outputs;
  for (Index h = 0; h < heads; ++h) {
    const Var q = columns(query, h * channels, (h + 1) * channels);
    const Var k = columns(key, h * channels, (h + 1) * channels);
    Var scores = scale(matmul(q, transpose(k)), factor);
    if (causal) scores = add(scores, tape.constant(unseen));
    outputs.push_back(matmul(softmax(scores), columns(values, h * width, (h + 1) * width)));
  }
  return concat(outputs);
}

}  // namespace AGATE_NAMESPACE
