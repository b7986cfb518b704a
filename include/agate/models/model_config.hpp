#pragma once
/// \file
/// ModelConfig: everything that decides the shape of a network. Saved with it.

#include <agate/core/options.hpp>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::models {

/// Everything that decides the shape of a network.
struct ModelConfig {
  std::string model = "gat";  ///< a name of the registry
  Index in = 0;               ///< features per node
  Index out = 0;              ///< classes, labels, numbers; 1 of links
  Index encodings = 0;        ///< the last so many features, which are no counts: not normalised
  std::string task = "node";  ///< node, edge, link, graph: what the outputs are about
  bool regression = false;    ///< the outputs are numbers
  Index edge_dim = 0;         ///< features of an edge that the layers see; 0: none
  Index pair_dim = 0;         ///< features of an edge to predict that the decoder sees

  Index layers = 2;
  Index hidden = 8;           ///< channels of the layers between; per head in attention models
  Index heads = 8;            ///< of the hidden layers
  Index output_heads = 1;     ///< of the last layer, averaged
  double dropout = 0.6;       ///< on the input of every layer
  bool drop_features = true;  ///< on that of the first too
  bool drop_hidden = true;    ///< on those after it too, not on that of post_linear alone
  double attention_dropout = 0.6;
  double value_dropout = 0;  ///< GAT: on the projected features
  double negative_slope = 0.2;
  std::string activation = "elu";
  std::string norm = "none";  ///< after every layer but the output: a name of nn::norm_names()
  bool residual = false;      ///< a projection of a layer's input is added to its output
  bool pre_linear = false;    ///< a linear layer before the graph layers
  bool embedding = false;     ///< it has no bias and starts standard normal, as torch.nn.Embedding
  bool post_linear = false;   ///< a linear layer makes the output, after the graph layers
  bool post_activation = true;   ///< an activation stands before it
  std::string jk = "last";       ///< what the layers' outputs become: last, cat, max, lstm
  bool virtual_node = false;     ///< one more node that all nodes of a graph speak through
  std::string readout = "mean";  ///< task graph: a name of nn::readout_names()
  Index timesteps = 2;           ///< readout attentive_fp: how often a graph asks its nodes
  Index head_layers = 2;         ///< tasks edge and graph, decoders with a perceptron: its layers
  Index latent = 16;  ///< tasks edge and link: channels of a node that a pair is scored by
  std::string decoder = "dot";  ///< task link: a name of nn::pair_decoder_names()
  bool variational = false;     ///< task link: a node is a distribution (VGAE)
  bool label_input = false;     ///< task edge: messages carry the known labels of other edges;
                                ///< trained on a split by time, those of earlier ones
  bool self_loops = true;
  bool bias = true;
  bool share_weights = false;         ///< GATv2: one projection for sources and targets
  std::string aggr = "mean";          ///< SAGE: mean, max, sum
  bool train_eps = false;             ///< GIN: learns how much a node counts beside its neighbours
  bool beta = false;                  ///< TransformerConv: a gate between a node and its neighbours
  std::string attention_type = "MX";  ///< SuperGAT: MX, SD
  double edge_loss = 4;               ///< SuperGAT: the weight of each layer's edge loss
  double edge_sample_ratio = 0.8;     ///< SuperGAT: the share of the edges in it
  double neg_sample_ratio = 0.5;      ///< SuperGAT: negative pairs per edge in it
  std::string local = "gcn";          ///< GPS: the layer over the neighbours: gcn, gat, gine
  std::string attn_type = "multihead";  ///< GPS: the attention to all nodes: multihead, rfa
  bool dropout_per_head = false;        ///< GAT: a mask of its own for each head
  bool attention_bias = false;          ///< GAT: a bias in each half of the score
  std::string init = "pyg";             ///< GAT: pyg or paper
  std::string normalize = "auto";       ///< features: none, rows (each sums to 1), auto
  bool calibrate = false;  ///< logits are rescaled to true probabilities (train/calibration.hpp)

  bool operator==(const ModelConfig&) const = default;
};

/// Every field except `model`, `in`, `out` and `encodings`.
const std::vector<Option<ModelConfig>>& model_options();

/// As JSON, and back. Error(format) for text that is not a configuration, Error(usage) for an
/// unknown key or a value out of range.
std::string to_json(const ModelConfig& config);
/// The configuration that to_json() wrote.
ModelConfig model_config_from_json(const std::string& text);

}  // namespace AGATE_NAMESPACE::models
