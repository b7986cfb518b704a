#pragma once
// The table of operations: each row is an operation with example inputs, and yields a gradient
// check in double (operations_f64.cpp), SIMD against scalar, and one against several threads bit by
// bit (operations_test.cpp). A new operation is one row here.

#include <agate/attention/attend.hpp>
#include <agate/attention/edge_leaky_dot.hpp>
#include <agate/attention/edge_messages.hpp>
#include <agate/attention/edge_terms.hpp>
#include <agate/attention/linear_attention.hpp>
#include <agate/attention/memory_access.hpp>
#include <agate/core/random.hpp>
#include <agate/nn/conv/adjacency.hpp>
#include <agate/nn/conv/gcn_norm.hpp>
#include <agate/nn/conv/relu_messages.hpp>
#include <agate/tensor/activations.hpp>
#include <agate/tensor/arithmetic.hpp>
#include <agate/tensor/dropout.hpp>
#include <agate/tensor/graph_norm.hpp>
#include <agate/tensor/gru_step.hpp>
#include <agate/tensor/l1_normalize.hpp>
#include <agate/tensor/linear.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/tensor/lstm_gates.hpp>
#include <agate/tensor/maximum.hpp>
#include <agate/tensor/normalization.hpp>
#include <agate/tensor/recurrent_steps.hpp>
#include <agate/tensor/reductions.hpp>
#include <agate/tensor/repeated_rows.hpp>
#include <agate/tensor/row_dot.hpp>
#include <agate/tensor/rows.hpp>
#include <agate/tensor/scale_columns.hpp>
#include <agate/tensor/scale_segments.hpp>
#include <agate/tensor/segment_expand.hpp>
#include <agate/tensor/segment_max.hpp>
#include <agate/tensor/segment_mean.hpp>
#include <agate/tensor/segment_softmax.hpp>
#include <agate/tensor/segment_sum.hpp>
#include <agate/tensor/softmax.hpp>
#include <agate/tensor/sparse_max.hpp>
#include <agate/tensor/symmetric_normalize.hpp>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::table {

struct Operation {
  std::string name;
  std::vector<Shape> inputs;
  std::function<Var(const std::vector<Var>&)> run;
};

// Numbers from a fixed stream, away from the kink of piecewise linear functions.
inline Tensor example(const Shape& shape, std::uint32_t stream) {
  Random random(17, stream);
  Tensor t = Tensor::uninitialized(shape);
  for (Real& v : t.values()) {
    do v = static_cast<Real>(random.normal());
    while (v > -0.05 && v < 0.05);
  }
  return t;
}

// Nodes 0 .. n - 1, the last one isolated; node 0 is a hub; duplicate edges and a loop among them.
inline Graph example_graph(Index n, GraphOptions options = {}) {
  std::vector<Edge> edges;
  Random random(5);
  const auto last = static_cast<std::uint64_t>(n - 1);
  for (Index e = 0; e < 3 * n && n > 1; ++e)
    edges.push_back(
        {static_cast<NodeId>(random.below(last)), static_cast<NodeId>(random.below(last))});
  for (NodeId j = 1; j + 1 < n; ++j) edges.push_back({j, 0});
  if (n > 2) edges.push_back({1, 1});
  if (n > 3) edges.insert(edges.end(), 2, {2, 1});
  return Graph::from_edges(n, edges, options);
}

inline SparseMatrix example_sparse(Index rows, Index cols) {
  Random random(6);
  CsrArrays a{{0}, {}, {}};
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < cols; ++j)
      if (i != 1 && random.uniform() < 0.3) {
        a.columns.push_back(static_cast<NodeId>(j));
        a.values.push_back(static_cast<Real>(random.normal()));
      }
    a.offsets.push_back(static_cast<Index>(a.columns.size()));
  }
  return {rows, cols, std::move(a)};
}

// Rows of so many classes, no two runs of them alike.
inline std::shared_ptr<const RowClasses> example_classes(Index rows, Index count) {
  RowClasses classes;
  for (Index i = 0; i < rows; ++i) {
    classes.of.push_back(i < count ? i : i * i % 97 % count);
    if (i < count) classes.first.push_back(i);
  }
  return std::make_shared<const RowClasses>(std::move(classes));
}

// Attention over any support with every kind of score.
inline std::vector<Operation> attend_rows(const Support& support, const std::string& name,
                                          Index heads, Index channels, Index score_channels,
                                          Real dropout) {
  const Index n = support.num_queries(), m = support.num_keys(), width = heads * channels,
              score_width = heads * score_channels;
  const std::string size = " on " + name + ", " + std::to_string(heads) + " x " +
                           std::to_string(channels) + " by " + std::to_string(score_channels) +
                           (dropout > 0 ? ", dropout" : "");
  auto attended = [=](const Score& score, const Var& values) {
    return attend(score, support, values, {.dropout = dropout}).output;
  };
  // Scores of the same size for any number of channels: exp makes differences of rounding grow.
  const Real shrink = 1 / std::sqrt(static_cast<Real>(score_channels));
  using Vars = const std::vector<Var>&;
  const std::vector<Shape> pair{{m, width}, {n, score_width}, {m, score_width}};
  auto with = [&](const Shape& more) {
    std::vector<Shape> shapes = pair;
    shapes.push_back(more);
    return shapes;
  };
  auto mlp = [=](Vars v, ScoreActivation activation) {
    return attended(AdditiveMlpScore{.query = v[1],
                                     .key = v[2],
                                     .vector = scale(v[3], shrink),
                                     .heads = heads,
                                     .activation = activation},
                    v[0]);
  };
  return {
      {"additive" + size,
       {{m, width}, {n, heads}, {m, heads}},
       [=](Vars v) { return attended(AdditiveScore{.target = v[1], .source = v[2]}, v[0]); }},
      {"additive_mlp" + size, with({score_width}),
       [=](Vars v) { return mlp(v, ScoreActivation::leaky_relu); }},
      {"additive_mlp, tanh" + size, with({score_width}),
       [=](Vars v) { return mlp(v, ScoreActivation::tanh); }},
      {"dot" + size, pair,
       [=](Vars v) {
         return attended(DotScore{scale(v[1], shrink), v[2], heads}, v[0]);
       }},
      {"scaled_dot" + size, pair,
       [=](Vars v) {
         return attended(ScaledDotScore{v[1], v[2], heads}, v[0]);
       }},
      {"general" + size, with({score_width, score_channels}),
       [=](Vars v) {
         return attended(GeneralScore{v[1], v[2], scale(v[3], shrink * shrink), heads}, v[0]);
       }},
      {"cosine" + size, with({n, heads}),
       [=](Vars v) {
         return attended(CosineScore{v[1], v[2], heads, v[3]}, v[0]);
       }},
      {"gaussian" + size, pair,
       [=](Vars v) {
         return attended(GaussianScore{v[1], v[2], heads, 2 / shrink}, v[0]);
       }},
  };
}

// Attention on a graph with terms of the edges in scores and values.
inline std::vector<Operation> edge_attend_rows(const Graph& graph, Index heads, Index channels,
                                               Index score_channels, Real dropout) {
  const Index n = graph.num_nodes(), m = graph.num_messages(), width = heads * channels,
              score_width = heads * score_channels;
  const std::string size = " with terms of edges, " + std::to_string(n) + " nodes, " +
                           std::to_string(heads) + " x " + std::to_string(channels) + " by " +
                           std::to_string(score_channels) + (dropout > 0 ? ", dropout" : "");
  const Real shrink = 1 / std::sqrt(static_cast<Real>(score_channels));
  using Vars = const std::vector<Var>&;
  auto attended = [=](const Score& score, Vars v) {
    return attend(score, graph, v[0], {.dropout = dropout, .bias = v[4], .edge_values = v[5]})
        .output;
  };
  const std::vector<Shape> shapes{{n, width}, {n, score_width}, {n, score_width}, {m, score_width},
                                  {m, heads}, {m, width},       {score_width}};
  const std::vector<Shape> without_vector(shapes.begin(), shapes.end() - 1);
  auto mlp = [=](Vars v, ScoreActivation activation) {
    return attended(AdditiveMlpScore{v[1], v[2], scale(v[6], shrink), heads, v[3], activation}, v);
  };
  return {
      {"additive" + size,
       {{n, width}, {n, heads}, {n, heads}, {m, heads}},
       [=](Vars v) {
         return attend(AdditiveScore{v[1], v[2], v[3]}, graph, v[0], {.dropout = dropout}).output;
       }},
      {"additive_mlp" + size, shapes, [=](Vars v) { return mlp(v, ScoreActivation::leaky_relu); }},
      {"additive_mlp, tanh" + size, shapes, [=](Vars v) { return mlp(v, ScoreActivation::tanh); }},
      {"scaled_dot" + size, without_vector,
       [=](Vars v) {
         return attended(ScaledDotScore{v[1], v[2], heads, v[3]}, v);
       }},
  };
}

// Attention whose messages have weights, of scores with and without terms of the edges.
inline std::vector<Operation> weighted_attend_rows(const Graph& graph) {
  using Vars = const std::vector<Var>&;
  const Index n = graph.num_nodes(), m = graph.num_messages(), heads = 2, width = 6;
  const std::string size = " with weights of messages, " + std::to_string(n) + " nodes";
  const std::vector<Shape> shapes{{m, 1},     {n, width}, {n, width}, {n, width},
                                  {m, width}, {m, heads}, {m, width}, {width}};
  const auto attended = [=](const Score& score, Vars v) {
    return attend(score, graph, v[1], {.bias = v[5], .edge_values = v[6], .message_weights = v[0]})
        .output;
  };
  const auto mlp = [=](Vars v, ScoreActivation activation) {
    return attended(AdditiveMlpScore{v[2], v[3], v[7], heads, v[4], activation}, v);
  };
  return {
      {"additive" + size,
       {{m, 1}, {n, width}, {n, heads}, {n, heads}, {m, heads}},
       [=](Vars v) {
         return attend(AdditiveScore{v[2], v[3], v[4]}, graph, v[1], {.message_weights = v[0]})
             .output;
       }},
      {"additive_mlp" + size, shapes, [=](Vars v) { return mlp(v, ScoreActivation::leaky_relu); }},
      {"additive_mlp, tanh" + size, shapes, [=](Vars v) { return mlp(v, ScoreActivation::tanh); }},
      {"scaled_dot" + size,
       {shapes.begin(), shapes.end() - 1},
       [=](Vars v) {
         return attended(ScaledDotScore{v[2], v[3], heads, v[4]}, v);
       }},
      {"gaussian" + size,
       {shapes.begin(), shapes.begin() + 4},
       [=](Vars v) {
         return attend(GaussianScore{v[2], v[3], heads, 2}, graph, v[1], {.message_weights = v[0]})
             .output;
       }},
  };
}

// Attention on all pairs with a term of each pair, of all heads at once and of each by itself.
inline std::vector<Operation> pair_term_rows(const Support& support, const std::string& name) {
  const Index n = support.num_queries(), m = support.num_keys(), heads = 3, channels = 4;
  using Vars = const std::vector<Var>&;
  std::vector<Operation> rows;
  for (const Shape& terms : {Shape{n, m}, Shape{heads, n, m}}) {
    const std::string size = " on " + name + " with terms of pairs " + terms.to_string();
    rows.push_back(
        {"additive" + size, {{m, heads * channels}, {n, heads}, {m, heads}, terms}, [=](Vars v) {
           return attend(AdditiveScore{v[1], v[2], v[3]}, support, v[0]).output;
         }});
    rows.push_back(
        {"scaled_dot" + size, {{m, heads * channels}, {n, 6}, {m, 6}, terms}, [=](Vars v) {
           return attend(ScaledDotScore{v[1], v[2], heads}, support, v[0], {.bias = v[3]}).output;
         }});
  }
  return rows;
}

// A star: node 0 is told something by all others, and tells them something; longer than the parts
// that hubs are worked on in.
inline Graph example_star(Index n) {
  std::vector<Edge> edges;
  for (NodeId j = 1; j < n; ++j) edges.push_back({j, 0});
  return Graph::from_edges(n, edges, {.undirected = true});
}

// What heads do to the memories of n sequences.
inline std::vector<Operation> memory_rows(Index n, const MemoryHeads& heads) {
  using Vars = const std::vector<Var>&;
  const std::string of = ", " + std::to_string(n) + " memories of " + std::to_string(heads.rows) +
                         " x " + std::to_string(heads.columns) + ", " + std::to_string(heads.read) +
                         " and " + std::to_string(heads.write) + " heads";
  const Shape controls{n, heads.controls()}, memory{n, heads.rows * heads.columns},
      weights{n, heads.all() * heads.rows};
  // Each head's weights are positive and sum to 1.
  const auto paid = [=](const Var& v) {
    return reshape(softmax(reshape(v, {n * heads.all(), heads.rows})), weights);
  };
  return {{"memory_address" + of,
           {controls, memory, weights},
           [=](Vars v) { return memory_address(v[0], v[1], paid(v[2]), heads); }},
          {"memory_read" + of,
           {memory, weights},
           [=](Vars v) { return memory_read(v[0], v[1], heads); }},
          {"memory_write" + of, {memory, weights, controls}, [=](Vars v) {
             return memory_write(v[0], v[1], v[2], heads);
           }}};
}

struct NamedSupport {
  std::string name;
  Support support;
};

// Long ones pass the length of the chunks that linear attention works in.
inline std::vector<NamedSupport> dense_supports(bool causal) {
  const std::vector<Index> offsets{0, 3, 3, 160, 171}, lengths{4, 0, 6};
  std::vector<std::uint8_t> padding(171);
  for (std::size_t j = 0; j < padding.size(); ++j) padding[j] = j == 0 || j % 7 == 5;
  std::vector<NamedSupport> all{
      {"segments", Support::segments(offsets, causal)},
      {"segments with padding", Support::segments(offsets, causal).without_keys(padding)},
      {"a padded batch", Support::key_lengths(5, 6, lengths, causal)}};
  for (auto [queries, keys] : std::vector<std::pair<Index, Index>>{{1, 1}, {210, 190}, {140, 290}})
    all.push_back({std::to_string(queries) + " queries and " + std::to_string(keys) + " keys",
                   causal ? Support::causal(queries, keys) : Support::all_pairs(queries, keys)});
  if (!causal) all.push_back({"many keys", Support::all_pairs(7, 2100)});
  return all;
}

// Attention of features that are positive, or, for the queries, all negative.
inline std::vector<Operation> linear_attention_rows(bool causal, bool gated) {
  using Vars = const std::vector<Var>&;
  std::vector<Operation> rows;
  const Index heads = 2, features = 5, channels = 3;
  for (const auto& [name, support] : dense_supports(causal)) {
    const Index queries = support.num_queries(), keys = support.num_keys();
    std::vector<Shape> shapes{
        {queries, heads * features}, {keys, heads * features}, {keys, heads * channels}};
    if (gated) shapes.push_back({keys, heads});
    for (const Real eps : {Real(1e-3), Real(4)}) {
      if (eps > 1 && queries > 200) continue;
      rows.push_back(
          {std::string("linear_attention") + (causal ? ", causal" : "") + (gated ? ", gated" : "") +
               (eps > 1 ? ", clamped" : "") + " on " + name,
           shapes, [=, support = support](Vars v) {
             return linear_attention(
                 scale(sigmoid(v[0]), -1), sigmoid(v[1]), v[2], heads, support,
                 {.gate = gated ? std::optional(scale(v[3], 3)) : std::nullopt, .eps = eps});
           }});
    }
  }
  return rows;
}

// Random features alone, and through attend.
inline std::vector<Operation> random_feature_rows() {
  using Vars = const std::vector<Var>&;
  std::vector<Operation> rows;
  const Index n = 300, heads = 2, channels = 4, features = 7;
  Random random(8);
  const RandomFeatures gaussian{.projection =
                                    draw_projection(heads, features, channels, false, random)};
  const RandomFeatures arc_cosine{
      .kind = FeatureKind::arc_cosine,
      .projection = draw_projection(heads, features, channels, true, random)};
  for (const RandomFeatures& how : {gaussian, arc_cosine}) {
    const bool arc = how.kind == FeatureKind::arc_cosine;
    const std::string kind = arc ? "arc-cosine" : "gaussian";
    rows.push_back({"random_features, " + kind, {{n, heads * channels}}, [=](Vars v) {
                      return random_features(v[0], how.projection, how.kind);
                    }});
    // Shorter than the kernel is wide, so that the sums below the fraction are not near zero.
    rows.push_back(
        {"attend by random features, " + kind,
         {{n, heads * channels}, {n, heads * channels}, {n, heads * 3}},
         [=](Vars v) {
           const Score score = arc ? Score(DotScore{v[0], v[1], heads})
                                   : Score(GaussianScore{v[0], v[1], heads, 6});
           return attend(score, Support::causal(n, n), v[2], {.random_features = how}).output;
         }});
  }
  return rows;
}

inline std::vector<Operation> segment_rows() {
  using Vars = const std::vector<Var>&;
  std::vector<Operation> rows;
  const std::vector<Index> few{0, 3, 3, 9}, one{0, 700};
  for (const auto& offsets : {few, one}) {
    const Index n = offsets.back(), segments = std::ssize(offsets) - 1, cols = 35;
    const std::string name = " of " + std::to_string(n) + " rows";
    rows.push_back({"segment_softmax" + name, {{n, cols}}, [=](Vars v) {
                      return segment_softmax(v[0], offsets);
                    }});
    rows.push_back(
        {"segment_mean" + name, {{n, cols}}, [=](Vars v) { return segment_mean(v[0], offsets); }});
    rows.push_back(
        {"segment_sum" + name, {{n, cols}}, [=](Vars v) { return segment_sum(v[0], offsets); }});
    rows.push_back(
        {"segment_max" + name, {{n, cols}}, [=](Vars v) { return segment_max(v[0], offsets); }});
    rows.push_back({"segment_expand" + name, {{segments, cols}}, [=](Vars v) {
                      return segment_expand(v[0], offsets);
                    }});
    rows.push_back({"scale_segments" + name, {{n, cols}, {segments, cols}}, [=](Vars v) {
                      return scale_segments(v[0], v[1], offsets);
                    }});
  }
  rows.push_back(
      {"scale_columns", {{900, 7}, {7}}, [](Vars v) { return scale_columns(v[0], v[1]); }});
  rows.push_back({"l1_normalize", {{9, 5}}, [](Vars v) { return l1_normalize(v[0]); }});
  rows.push_back({"l1_normalize, shorter than eps", {{9, 5}}, [](Vars v) {
                    return l1_normalize(v[0], Real(50));
                  }});
  return rows;
}

inline std::vector<Operation> operations() {
  using Vars = const std::vector<Var>&;
  std::vector<Operation> rows{
      {"add", {{5, 3}, {5, 3}}, [](Vars v) { return add(v[0], v[1]); }},
      {"add to itself", {{5, 3}}, [](Vars v) { return add(v[0], v[0]); }},
      {"subtract", {{5, 3}, {5, 3}}, [](Vars v) { return subtract(v[0], v[1]); }},
      {"multiply", {{5, 3}, {5, 3}}, [](Vars v) { return multiply(v[0], v[1]); }},
      {"maximum", {{5, 3}, {5, 3}}, [](Vars v) { return maximum(v[0], v[1]); }},
      {"lstm_gates", {{5, 12}, {5, 3}}, [](Vars v) { return lstm_gates(v[0], v[1]); }},
      {"lstm_gates, many rows",
       {{500, 28}, {500, 7}},
       [](Vars v) { return lstm_gates(v[0], v[1]); }},
      {"gru_step",
       {{5, 4}, {5, 3}, {9, 4}, {9, 3}},
       [](Vars v) {
         return gru_step(v[0], v[1], {v[2], v[3]});
       }},
      {"gru_step with biases, many rows",
       {{300, 20}, {300, 69}, {207, 20}, {207, 69}, {207}, {207}},
       [](Vars v) {
         const Real small = Real(0.2);  // far from where gates are 0 and 1
         return gru_step(v[0], v[1], {scale(v[2], small), scale(v[3], small), v[4], v[5]});
       }},
      {"gru_step of shared states",
       {{5, 4}, {2, 3}, {9, 4}, {9, 3}},
       [](Vars v) {
         return gru_step(v[0], RepeatedRows{v[1], example_classes(5, 2)}, {v[2], v[3]});
       }},
      {"gru_step of shared states with biases, many rows",
       {{300, 20}, {7, 69}, {207, 20}, {207, 69}, {207}, {207}},
       [](Vars v) {
         const Real small = Real(0.2);
         return gru_step(v[0], RepeatedRows{v[1], example_classes(300, 7)},
                         {scale(v[2], small), scale(v[3], small), v[4], v[5]});
       }},
      {"gru_steps",
       {{7, 9}, {4, 3}, {9, 3}},
       [](Vars v) {
         return gru_steps(v[0], v[1], std::vector<Index>{3, 3, 1}, {v[2]});
       }},
      {"gru_steps with biases, many sequences",
       {{230, 69}, {101, 23}, {69, 23}, {69}},
       [](Vars v) {
         return gru_steps(v[0], v[1], std::vector<Index>{100, 66, 34, 30},
                          {scale(v[2], Real(0.3)), v[3]});
       }},
      {"lstm_steps",
       {{7, 12}, {4, 3}, {4, 3}, {12, 3}},
       [](Vars v) {
         return lstm_steps(v[0], v[1], v[2], std::vector<Index>{3, 3, 1}, v[3]);
       }},
      {"lstm_steps, many sequences",
       {{230, 92}, {101, 23}, {101, 23}, {92, 23}},
       [](Vars v) {
         return lstm_steps(v[0], v[1], v[2], std::vector<Index>{100, 66, 34, 30},
                           scale(v[3], Real(0.3)));
       }},
      {"square", {{5, 3}}, [](Vars v) { return multiply(v[0], v[0]); }},
      {"scale", {{5, 3}}, [](Vars v) { return scale(v[0], Real(-1.5)); }},
      {"add_bias", {{5, 3}, {3}}, [](Vars v) { return add_bias(v[0], v[1]); }},
      {"add_bias, many rows", {{3000, 3}, {3}}, [](Vars v) { return add_bias(v[0], v[1]); }},
      {"relu", {{7, 5}}, [](Vars v) { return relu(v[0]); }},
      {"leaky_relu", {{7, 5}}, [](Vars v) { return leaky_relu(v[0]); }},
      {"elu", {{7, 5}}, [](Vars v) { return elu(v[0]); }},
      {"elu, many", {{300, 77}}, [](Vars v) { return elu(v[0]); }},
      {"gelu", {{7, 5}}, [](Vars v) { return gelu(v[0]); }},
      {"sigmoid", {{7, 5}}, [](Vars v) { return sigmoid(v[0]); }},
      {"tanh", {{7, 5}}, [](Vars v) { return tanh(v[0]); }},
      {"sum", {{7, 5}}, [](Vars v) { return sum(v[0]); }},
      {"mean", {{7, 5}}, [](Vars v) { return mean(v[0]); }},
      {"mean of nothing", {{0, 5}}, [](Vars v) { return mean(v[0]); }},
      {"mean_heads", {{7, 6}}, [](Vars v) { return mean_heads(v[0], 3); }},
      {"head_dot", {{7, 6}, {1, 3, 2}}, [](Vars v) { return head_dot(v[0], v[1], 3); }},
      {"head_dot, many rows", {{1000, 6}, {6}}, [](Vars v) { return head_dot(v[0], v[1], 2); }},
      {"gather_rows",
       {{7, 5}},
       [](Vars v) {
         return gather_rows(v[0], {3, 0, 3, 6});
       }},
      {"gather_rows, many rows",
       {{7, 300}},
       [](Vars v) {
         return RepeatedRows{v[0], example_classes(500, 7)}.all();
       }},
      {"concat",
       {{4, 2}, {4, 3}, {4, 1}},
       [](Vars v) {
         return concat({v[0], v[1], v[2]});
       }},
      {"columns", {{4, 5}}, [](Vars v) { return columns(v[0], 1, 3); }},
      {"softmax", {{7, 5}}, [](Vars v) { return softmax(v[0]); }},
      {"concat_rows",
       {{4, 3}, {2, 3}, {0, 3}},
       [](Vars v) {
         return concat_rows({v[0], v[1], v[2]});
       }},
      {"dropout", {{70, 5}}, [](Vars v) { return dropout(v[0], Real(0.4)); }},
      {"log_softmax", {{7, 5}}, [](Vars v) { return log_softmax(v[0]); }},
      {"cross_entropy",
       {{6, 4}},
       [](Vars v) {
         const std::vector<int> y{0, 3, -1, 2, 1, 3};
         const std::vector<Index> rows_used{0, 1, 3, 5};
         return cross_entropy(v[0], y, rows_used);
       }},
      {"binary_cross_entropy_with_logits",
       {{4, 3}},
       [](Vars v) {
         const Real unknown = std::nan("");
         const Tensor targets =
             Tensor::from({4, 3}, {1, 0, unknown, 0, 1, 1, unknown, unknown, 0, 1, 1, 0});
         const std::vector<Index> rows_used{0, 2, 3};
         return binary_cross_entropy_with_logits(v[0], targets, rows_used);
       }},
      {"cross_entropy, weighted classes",
       {{6, 3}},
       [](Vars v) {
         const std::vector<int> y{0, 2, -1, 2, 1, 0};
         const std::vector<Index> rows_used{0, 1, 3, 4, 5};
         const std::vector<Real> weights{Real(0.5), 2, 3};
         return cross_entropy(v[0], y, rows_used, weights);
       }},
      {"cross_entropy, smoothed labels of weighted classes",
       {{6, 3}},
       [](Vars v) {
         const std::vector<int> y{0, 2, -1, 2, 1, 0};
         const std::vector<Index> rows_used{0, 1, 3, 4, 5};
         const std::vector<Real> weights{Real(0.5), 2, 3};
         return cross_entropy(v[0], y, rows_used, weights, Real(0.2));
       }},
      {"binary_cross_entropy_with_logits, weighted labels",
       {{3, 2}},
       [](Vars v) {
         const Tensor targets = Tensor::from({3, 2}, {1, 0, Real(std::nan("")), 1, 0, 1});
         const std::vector<Index> rows_used{0, 1, 2};
         const std::vector<Real> weights{3, Real(0.25)};
         return binary_cross_entropy_with_logits(v[0], targets, rows_used, weights);
       }},
      {"mean_squared_error",
       {{3, 2}},
       [](Vars v) {
         const Tensor targets = Tensor::from({3, 2}, {4, -2, Real(std::nan("")), 1, 0, 3});
         const std::vector<Index> rows_used{0, 1};
         const std::vector<Real> scales{2, Real(0.5)};
         return mean_squared_error(v[0], targets, rows_used, scales);
       }},
      {"exp", {{7, 5}}, [](Vars v) { return exp(v[0]); }},
      {"row_dot", {{7, 5}, {7, 5}}, [](Vars v) { return row_dot(v[0], v[1]); }},
      {"batch_norm",
       {{9, 5}, {5}, {5}},
       [](Vars v) { return batch_norm(v[0], v[1], v[2], Real(1e-5), nullptr); }},
      {"batch_norm, many rows",
       {{900, 5}, {5}, {5}},
       [](Vars v) { return batch_norm(v[0], v[1], v[2], Real(1e-5), nullptr); }},
      {"batch_norm and what stands around it",
       {{40, 11}, {11}, {11}, {11}},
       [](Vars v) {
         return batch_norm(v[0], v[1], v[2], Real(1e-5), nullptr, nullptr, {v[3], true});
       }},
      {"batch_norm by given statistics",
       {{9, 5}, {5}, {5}},
       [](Vars v) {
         const ColumnStatistics given{Tensor::full({5}, Real(0.3)), Tensor::full({5}, 2)};
         return batch_norm(v[0], v[1], v[2], Real(1e-5), &given);
       }},
      {"layer_norm",
       {{9, 5}, {5}, {5}},
       [](Vars v) { return layer_norm(v[0], v[1], v[2], Real(1e-5)); }},
      {"layer_norm, many rows, plain",
       {{900, 7}},
       [](Vars v) { return layer_norm(v[0], {}, {}, Real(1e-5)); }},
      {"graph_norm",
       {{9, 5}, {5}, {5}, {5}},
       [](Vars v) { return graph_norm(v[0], {}, v[1], v[2], v[3], Real(1e-5)); }},
      {"graph_norm of segments, one of them empty",
       {{900, 19}, {19}, {19}, {19}},
       [](Vars v) {
         const std::vector<Index> offsets{0, 2, 2, 300, 900};
         return graph_norm(v[0], offsets, v[1], v[2], v[3], Real(1e-5));
       }},
      {"normalize", {{9, 5}}, [](Vars v) { return normalize(v[0]); }},
      {"normalize, shorter than eps", {{9, 5}}, [](Vars v) { return normalize(v[0], Real(50)); }},
      {"scale by a variable", {{9, 5}, {1}}, [](Vars v) { return scale(v[0], v[1]); }},
      {"head_matmul", {{7, 6}, {6, 3}}, [](Vars v) { return head_matmul(v[0], v[1], 2); }},
      {"reshape",
       {{6, 4}},
       [](Vars v) {
         return reshape(v[0], {12, 2});
       }},
      {"transpose", {{5, 4}}, [](Vars v) { return transpose(v[0]); }},
      {"scale_rows", {{5, 4}, {5, 1}}, [](Vars v) { return scale_rows(v[0], v[1]); }},
      {"matmul", {{5, 4}, {4, 3}}, [](Vars v) { return matmul(v[0], v[1]); }},
      {"matmul, tall", {{3000, 4}, {4, 3}}, [](Vars v) { return matmul(v[0], v[1]); }},
      {"matmul of no rows", {{0, 4}, {4, 3}}, [](Vars v) { return matmul(v[0], v[1]); }},
      {"linear", {{5, 4}, {3, 4}}, [](Vars v) { return linear(v[0], v[1]); }},
      {"linear, large", {{300, 70}, {40, 70}}, [](Vars v) { return linear(v[0], v[1]); }},
      {"linear, dropout per head",
       {{9, 4}, {6, 4}},
       [](Vars v) { return linear(dropout(Features(v[0]), Real(0.5), 3), v[1]); }},
      {"linear of sparse features",
       {{3, 11}},
       [](Vars v) { return linear(Features(v[0].tape(), example_sparse(6, 11)), v[0]); }},
      {"linear of sparse features, dropout",
       {{3, 11}},
       [](Vars v) {
         return linear(dropout(Features(v[0].tape(), example_sparse(6, 11)), Real(0.5)), v[0]);
       }},
      {"linear of sparse features, dropout per head",
       {{40, 11}},
       [](Vars v) {
         return linear(dropout(Features(v[0].tape(), example_sparse(60, 11)), Real(0.5), 5), v[0]);
       }},
      {"linear with a bias",
       {{40, 11}, {7, 11}, {7}},
       [](Vars v) { return linear(v[0], v[1], v[2]); }},
      {"shifted_matmul",
       {{1}, {40, 5}},
       [](Vars v) { return shifted_matmul(nn::gcn_norm(example_graph(40)), v[0], v[1]); }},
      {"shifted_matmul, wide",
       {{1}, {40, 64}},
       [](Vars v) { return shifted_matmul(nn::gcn_norm(example_graph(40)), v[0], v[1]); }},
      {"sparse_matmul",
       {{11, 3}},
       [](Vars v) { return sparse_matmul(example_sparse(6, 11), v[0]); }},
      {"sparse_max", {{11, 3}}, [](Vars v) { return sparse_max(example_sparse(6, 11), v[0]); }},
      {"sparse_max over a graph",
       {{300, 40}},
       [a = nn::adjacency(example_graph(300))](Vars v) { return sparse_max(a, v[0]); }},
      {"gcn aggregation",
       {{40, 19}},
       [](Vars v) { return sparse_matmul(nn::gcn_norm(example_graph(40)), v[0]); }},
  };
  auto add = [&](std::vector<Operation> more) {
    rows.insert(rows.end(), more.begin(), more.end());
  };
  const Graph twelve = example_graph(12, {.undirected = true});
  for (const Real dropout : {Real(0), Real(0.5)}) {
    add(attend_rows(example_graph(1), "one node", 1, 1, 1, dropout));
    for (auto [heads, channels] : std::vector<std::pair<Index, Index>>{{1, 7},
                                                                       {1, 8},
                                                                       {8, 8},
                                                                       {3, 5},
                                                                       {2, 16},
                                                                       {5, 1},
                                                                       {20, 3},
                                                                       {1, 150},
                                                                       {4, 64},
                                                                       {18, 8}}) {
      if (heads % 2 == 1)
        add(edge_attend_rows(twelve, heads, channels, channels, dropout));
      else
        add(attend_rows(twelve, "12 nodes", heads, channels, channels, dropout));
    }
    add(edge_attend_rows(twelve, 8, 8, 4, dropout));
    add(edge_attend_rows(example_star(600), 2, 3, 3, dropout));
  }
  add(weighted_attend_rows(example_graph(12)));
  add(weighted_attend_rows(example_graph(9, {.undirected = true})));
  add(attend_rows(example_graph(700, {.undirected = true}), "700 nodes", 8, 8, 8, Real(0.6)));
  const std::vector<Index> offsets{0, 3, 3, 9}, key_offsets{0, 5, 6, 9}, lengths{2, 0, 3};
  for (const Real dropout : {Real(0), Real(0.5)}) {
    add(attend_rows(Support::all_pairs(7, 5), "all pairs", 2, 3, 4, dropout));
    add(attend_rows(Support::causal(9, 9), "causal pairs", 1, 17, 5, dropout));
    add(attend_rows(Support::segments(offsets, key_offsets), "segments", 3, 2, 2, dropout));
  }
  add(attend_rows(Support::key_lengths(4, 3, lengths, true), "key lengths", 2, 3, 3, 0));
  add(attend_rows(Support::all_pairs(5, 6).without_keys({0, 1, 0, 0, 1, 0}), "padded keys", 2, 3, 3,
                  0));
  // More than a tile of queries and of keys.
  add(attend_rows(Support::causal(150, 300), "causal tiles", 2, 2, 2, Real(0.5)));
  add(pair_term_rows(Support::causal(7, 5), "causal pairs"));
  const SparseMatrix messages = nn::message_matrix(example_graph(300));
  const Index entries = messages.nonzeros();
  rows.push_back({"sparse_matmul with values", {{entries, 1}, {300, 20}}, [=](Vars v) {
                    return sparse_matmul(messages, v[0], v[1]);
                  }});
  rows.push_back({"symmetric_normalize", {{entries, 1}}, [=](Vars v) {
                    return symmetric_normalize(messages, multiply(v[0], v[0]));
                  }});
  for (const Graph& graph : {twelve, example_star(600)}) {
    const Index n = graph.num_nodes();
    const std::string on = ", " + std::to_string(n) + " nodes";
    rows.push_back({"edge_dot" + on, {{n, 14}, {n, 14}}, [=](Vars v) {
                      return edge_dot(graph, v[0], v[1], 2);
                    }});
    rows.push_back({"edge_dot with itself" + on, {{n, 9}}, [=](Vars v) {
                      return edge_dot(graph, v[0], v[0]);
                    }});
    rows.push_back(
        {"edge_add" + on, {{n, 3}, {n, 3}}, [=](Vars v) { return edge_add(graph, v[0], v[1]); }});
    rows.push_back(
        {"relu_messages" + on, {{n, 19}}, [=](Vars v) { return nn::relu_messages(graph, v[0]); }});
    for (const Graph& looped : {graph, graph.with_self_loops()}) {
      const std::string of = " of " + std::to_string(looped.num_messages()) + on;
      rows.push_back({"relu_messages with terms" + of,
                      {{n, 19}, {graph.num_edges(), 19}},
                      [=](Vars v) { return nn::relu_messages(looped, v[0], v[1]); }});
      for (const Index c : {3, 37})
        rows.push_back(
            {"edge_leaky_dot" + of + ", " + std::to_string(c) + " columns",
             {{n, c}, {graph.num_edges(), c}, {c}},
             [=](Vars v) { return edge_leaky_dot(looped, v[0], v[1], v[2], Real(0.1)); }});
    }
  }
  for (const char* fill : {"mean", "add", "min", "max"})
    rows.push_back({std::string("edge_messages, loops filled by ") + fill,
                    {{twelve.num_edges(), 3}},
                    [=](Vars v) { return edge_messages(twelve.with_self_loops(), v[0], fill); }});
  rows.push_back({"edge_messages, loops of a number", {{twelve.num_edges(), 3}}, [=](Vars v) {
                    return edge_messages(twelve.with_self_loops(), v[0], Real(2));
                  }});
  for (const bool causal : {false, true})
    for (const bool gated : {false, true})
      if (causal || !gated) add(linear_attention_rows(causal, gated));
  add(random_feature_rows());
  add(memory_rows(3, {.rows = 5, .columns = 3}));
  add(memory_rows(2, {.rows = 6, .columns = 11, .shifts = 5, .read = 2, .write = 3}));
  add(memory_rows(9, {.rows = 128, .columns = 20}));
  add(segment_rows());
  return rows;
}

}  // namespace AGATE_NAMESPACE::table
