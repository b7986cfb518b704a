#pragma once
/// \file
/// Weights from PyTorch Geometric, torch and DGL: a state_dict written by
/// safetensors.torch.save_file, whatever its layers are called and however old it is.

#include <agate/io/safetensors.hpp>
#include <agate/models/model.hpp>
#include <agate/nn/module.hpp>
#include <memory>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::models {

/// Which tensors of a file are read, and what its layers are called.
struct ForeignNames {
  std::string prefix{};  ///< only what is named so is read, the prefix left out
  /// What the names of the layers begin with, in their order, such as "conv1.", "conv2."; empty:
  /// found by the numbers in them.
  std::vector<std::string> layers{};
};

/// As load_weights, where names and shapes may also be
/// - those of older PyTorch Geometric: GATConv `lin_src`/`lin_dst` and `lin_l`/`lin_r` (twice the
///   same), `att_l`/`att_r`, before 1.6 `weight` (in, out) and `att` (1, heads, 2 out); GCNConv
///   `weight` (in, out); GATv2Conv with one of two shared projections missing;
/// - those of DGL: GATConv `fc`, `attn_l`, `attn_r`, `res_fc`, `bias` of all heads where they are
///   averaged; GATv2Conv `fc_src`, `fc_dst`, `attn`; GraphConv `weight` (in, out); SAGEConv
///   `fc_self`, `fc_neigh`; GINConv `apply_func`;
/// - perceptrons as PyTorch Geometric's MLP (`lins.0`, `norms.0.module`) or torch's Sequential;
/// - layers called `conv1`, `conv2` or `layers.0`, `layers.1` instead of `convs.0`, `convs.1`;
/// - shapes that differ by extents of 1.
/// Error(format), which begins with `name`, for a tensor that is missing, left over under its own
/// name, of another shape, not finite, or one of a pair that should be equal; then the module has
/// not changed.
void load_foreign_weights(const io::SafeTensors& file, const std::string& name, nn::Module& module,
                          const ForeignNames& names = {});
/// The same of the file at `path`. Errors of reading as io::read_safetensors.
void load_foreign_weights(const std::string& path, nn::Module& module,
                          const ForeignNames& names = {});

/// The configuration that the names and shapes of a state_dict tell of: the kind of its layers, how
/// many, how wide, their heads; the activation, which they do not tell, is relu, as PyTorch
/// Geometric's BasicGNN has it, and self-loops are added where its layers add them. Known are gat,
/// gatv2, transformer_conv, supergat, gcn, sage, gin, mlp and attentive_fp. Error(format), which
/// begins with `name`, where they are of none of these.
ModelConfig guess_config(const io::SafeTensors& file, const std::string& name,
                         const ForeignNames& names = {});

/// make_model() with the weights of such a file.
std::unique_ptr<Model> model_of_state_dict(const io::SafeTensors& file, const std::string& name,
                                           const ModelConfig& config,
                                           const ForeignNames& names = {});

}  // namespace AGATE_NAMESPACE::models
