#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/nn/common_neighbors.hpp>
#include <agate/nn/link/pair_decoder.hpp>
#include <agate/nn/mlp.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/row_dot.hpp>
#include <agate/tensor/rows.hpp>
#include <cmath>

#include "nn/link/pair_ends.hpp"

namespace AGATE_NAMESPACE::nn {
namespace {

MLP perceptron(const PairDecoderOptions& o, Index in, Random& random) {
  std::vector<Index> channels{in};
  channels.insert(channels.end(), static_cast<std::size_t>(o.layers - 1), o.hidden);
  channels.push_back(1);
  return MLP({.channels = channels, .dropout = o.dropout}, random);
}

class DotDecoder : public PairDecoder {
 public:
  Var operator()(const Var& z, const Graph&, std::span<const Edge> pairs) const override {
    const auto [a, b] = pair_ends("dot decoder", z, pairs);
    return row_dot(a, b);
  }
  void visit_parameters(const std::string&, const ParameterVisitor&) override {}
};

class BilinearDecoder : public PairDecoder {
 public:
  BilinearDecoder(const PairDecoderOptions& o, Random& random)
      : weight_{glorot_uniform({o.channels, o.channels}, o.channels, o.channels, random)},
        bias_{Tensor::zeros({1})} {}
  Var operator()(const Var& z, const Graph&, std::span<const Edge> pairs) const override {
    Tape& tape = z.tape();
    const Var turned = linear(z, tape.parameter(weight_));
    const Var a = pair_ends("bilinear decoder", z, pairs).sources;
    const Var b = pair_ends("bilinear decoder", turned, pairs).targets;
    return add_bias(row_dot(a, b), tape.parameter(bias_));
  }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override {
    visit(prefix + "weight", weight_);
    visit(prefix + "bias", bias_);
  }

 private:
  Parameter weight_, bias_;
};

class HadamardDecoder : public PairDecoder {
 public:
  HadamardDecoder(const PairDecoderOptions& o, Random& random)
      : mlp_(perceptron(o, o.channels, random)) {}
  Var operator()(const Var& z, const Graph&, std::span<const Edge> pairs) const override {
    const auto [a, b] = pair_ends("hadamard decoder", z, pairs);
    return mlp_(multiply(a, b));
  }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override {
    mlp_.visit_parameters(prefix + "mlp.", visit);
  }

 private:
  MLP mlp_;
};

class DistanceDecoder : public PairDecoder {
 public:
  Var operator()(const Var& z, const Graph&, std::span<const Edge> pairs) const override {
    Tape& tape = z.tape();
    const auto [a, b] = pair_ends("distance decoder", z, pairs);
    const Var gap = subtract(a, b), falls = scale(row_dot(gap, gap), -1);
    return add_bias(scale(falls, exp(tape.parameter(log_scale_))), tape.parameter(shift_));
  }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override {
    visit(prefix + "log_scale", log_scale_);
    visit(prefix + "shift", shift_);
  }

 private:
  Parameter log_scale_{Tensor::zeros({1})}, shift_{Tensor::full({1}, 1)};
};

class CommonNeighborDecoder : public PairDecoder {
 public:
  CommonNeighborDecoder(const PairDecoderOptions& o, Random& random)
      : mlp_(perceptron(o, 2 * o.channels + 3, random)) {}
  Var operator()(const Var& z, const Graph& graph, std::span<const Edge> pairs) const override {
    const auto [a, b] = pair_ends("common neighbors decoder", z, pairs);
    const int threads = z.tape().threads();
    const SparseMatrix common = common_neighbor_matrix(graph, pairs, NeighborWeight::one, threads);
    std::vector<Var> parts{multiply(a, b), sparse_matmul(common, z), log_sum(z.tape(), common)};
    for (const auto weight : {NeighborWeight::inverse_log_degree, NeighborWeight::inverse_degree})
      parts.push_back(log_sum(z.tape(), common_neighbor_matrix(graph, pairs, weight, threads)));
    return mlp_(concat(parts));
  }
  void visit_parameters(const std::string& prefix, const ParameterVisitor& visit) override {
    mlp_.visit_parameters(prefix + "mlp.", visit);
  }

 private:
  // log(1 + sum of each row), pairs x 1.
  static Var log_sum(Tape& tape, const SparseMatrix& matrix) {
    Tensor sums = tape.make({matrix.rows(), 1});
    for (Index p = 0; p < matrix.rows(); ++p) {
      Real sum = 0;
      for (Index at = matrix.offsets()[p]; at < matrix.offsets()[p + 1]; ++at)
        sum += matrix.values()[at];
      *sums.row(p) = std::log1p(sum);
    }
    return tape.constant(std::move(sums));
  }

  MLP mlp_;
};

}  // namespace

const std::vector<std::string>& pair_decoder_names() {
  static const std::vector<std::string> names{"dot", "bilinear", "hadamard", "distance",
                                              "common_neighbors"};
  return names;
}

std::unique_ptr<PairDecoder> make_pair_decoder(const std::string& name, const PairDecoderOptions& o,
                                               Random& random) {
  if (name == "dot") return std::make_unique<DotDecoder>();
  if (name == "bilinear") return std::make_unique<BilinearDecoder>(o, random);
  if (name == "hadamard") return std::make_unique<HadamardDecoder>(o, random);
  if (name == "distance") return std::make_unique<DistanceDecoder>();
  if (name == "common_neighbors") return std::make_unique<CommonNeighborDecoder>(o, random);
  fail(ErrorCode::usage, "decoder \"", name, "\" is not known",
       suggestion(name, pair_decoder_names()));
}

}  // namespace AGATE_NAMESPACE::nn
