#include <agate/core/error.hpp>
#include <agate/models/foreign_weights.hpp>
#include <algorithm>

#include "models/layer_names.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

// The shapes in a state_dict, layer by layer.
struct Sight {
  std::string file;
  std::map<std::string, std::vector<Index>> shapes;
  std::vector<std::string> layers;  // roots
  std::string norms;                // the first root of norms; empty: none

  bool has(const std::string& name) const { return shapes.contains(name); }
  const std::vector<Index>& shape(const std::string& name) const { return shapes.at(name); }
  // The first of the tails that the layer has.
  std::string first_of(const std::string& root, std::initializer_list<const char*> tails) const {
    for (const char* tail : tails)
      if (has(root + tail)) return root + tail;
    return "";
  }
  bool any(const std::string& beginning, const std::string& end) const {
    return std::ranges::any_of(shapes, [&](const auto& s) {
      return s.first.starts_with(beginning) && s.first.ends_with(end);
    });
  }
};

bool holds_matrix(const Sight& s, const std::string& root) {
  return std::ranges::any_of(s.shapes, [&](const auto& entry) {
    return entry.first.starts_with(root) && entry.second.size() > 1;
  });
}

Sight look(const io::SafeTensors& file, const std::string& name, const ForeignNames& names) {
  Sight s{.file = name, .shapes = {}, .layers = names.layers, .norms = {}};
  std::vector<std::string> all;
  for (const auto& [key, array] : file.arrays)
    if (key.starts_with(names.prefix)) {
      all.push_back(key.substr(names.prefix.size()));
      s.shapes[all.back()] = array.shape;
    }
  for (const auto& [stem, roots] : roots_by_stem(all)) {
    const bool layers = holds_matrix(s, roots.front());
    if (!layers && s.norms.empty()) s.norms = roots.front();
    if (layers && (s.layers.empty() || stem == "convs." || stem == "atom_convs.") &&
        names.layers.empty())
      s.layers = roots;
  }
  if (s.layers.empty()) s.layers = {""};  // one layer by itself
  return s;
}

struct Extents {
  Index in = 0, out = 0;
};

// Of a matrix (out, in), which older files called `weight` and kept as (in, out).
Extents extents(const Sight& s, const std::string& name) {
  check(!name.empty() && s.shape(name).size() == 2, ErrorCode::format, s.file, ": the tensor \"",
        name, "\" is no matrix");
  const auto& shape = s.shape(name);
  const LayerName n = layer_name(name);
  return n.tail == "weight" && !n.stem.starts_with("lin") ? Extents{shape[0], shape[1]}
                                                          : Extents{shape[1], shape[0]};
}

constexpr std::initializer_list<const char*> projections{
    "lin.weight", "lin_src.weight", "lin_l.weight", "fc.weight", "fc_src.weight", "weight"};

// Layers of attention, whose scores tell their heads: (1, heads, channels).
void attention(ModelConfig& c, const Sight& s, std::initializer_list<const char*> scores) {
  auto heads_of = [&](const std::string& root) {
    const std::string name = s.first_of(root, scores);
    check(!name.empty() && s.shape(name).size() == 3 && s.shape(name)[1] > 0, ErrorCode::format,
          s.file, ": the layer \"", root, "\" has no scores of (1, heads, channels)");
    return s.shape(name)[1];
  };
  const std::string first = s.layers.front(), last = s.layers.back();
  c.heads = heads_of(first);
  c.output_heads = heads_of(last);
  const Extents a = extents(s, s.first_of(first, projections)),
                b = extents(s, s.first_of(last, projections));
  c.in = a.in;
  c.hidden = a.out / c.heads;
  c.out = b.out / c.output_heads;
  if (s.has(first + "lin_edge.weight")) c.edge_dim = s.shape(first + "lin_edge.weight")[1];
  c.bias = s.has(first + "bias") || s.has(last + "bias") || s.has(last + "attn");
}

void transformer(ModelConfig& c, const Sight& s) {
  const std::string first = s.layers.front(), last = s.layers.back();
  const Extents a = extents(s, first + "lin_key.weight"), b = extents(s, last + "lin_key.weight");
  c.in = a.in;
  // Nothing but the mean of the last layer's heads tells how many there are.
  const std::string skip = last + "lin_skip.weight";
  const Index out = s.has(skip) ? s.shape(skip)[0] : b.out;
  c.heads = c.output_heads = out > 0 && b.out % out == 0 ? b.out / out : 1;
  if (a.out % std::max<Index>(1, c.heads) != 0) c.heads = 1;
  c.hidden = a.out / c.heads;
  c.out = out;
  c.beta = s.has(first + "lin_beta.weight");
  if (s.has(first + "lin_edge.weight")) c.edge_dim = s.shape(first + "lin_edge.weight")[1];
}

// The matrices of a perceptron, in order.
std::vector<std::string> products(const Sight& s, const std::string& root) {
  std::map<Index, std::string> found;
  for (const auto& [name, shape] : s.shapes) {
    if (!name.starts_with(root) || shape.size() != 2) continue;
    found[layer_name(name.substr(root.size())).number] = name;
  }
  std::vector<std::string> names;
  for (const auto& [number, name] : found) names.push_back(name);
  return names;
}

void perceptrons(ModelConfig& c, const Sight& s, const std::string& inside) {
  const auto first = products(s, s.layers.front() + inside),
             last = products(s, s.layers.back() + inside);
  check(!first.empty() && !last.empty(), ErrorCode::format, s.file,
        ": its layers hold perceptrons without a matrix");
  c.in = s.shape(first.front())[1];
  c.hidden = s.shape(first.back())[0];
  c.out = s.shape(last.back())[0];
  if (s.any(s.layers.front() + inside, "running_mean")) c.norm = "batch";
}

void plain(ModelConfig& c, const Sight& s, std::initializer_list<const char*> names) {
  const Extents a = extents(s, s.first_of(s.layers.front(), names)),
                b = extents(s, s.first_of(s.layers.back(), names));
  c.in = a.in;
  c.hidden = a.out;
  c.out = b.out;
}

void attentive_fp(ModelConfig& c, const Sight& s) {
  c.model = "attentive_fp";
  c.task = "graph";
  c.readout = "attentive_fp";
  c.pre_linear = true;
  check(s.has("lin1.weight") && s.has("lin2.weight") && s.has("gate_conv.lin1.weight"),
        ErrorCode::format, s.file,
        ": it has gate_conv, and lin1 or lin2 of AttentiveFP is missing");
  c.in = s.shape("lin1.weight")[1];
  c.hidden = s.shape("lin1.weight")[0];
  c.heads = 1;
  c.out = s.shape("lin2.weight")[0];
  c.edge_dim = s.shape("gate_conv.lin1.weight")[1] - c.hidden;
  c.layers = 1;
  while (s.any("atom_convs." + std::to_string(c.layers - 1) + ".", "")) ++c.layers;
}

// What stands around the layers: norms between them, a linear layer behind them.
void surroundings(ModelConfig& c, const Sight& s) {
  if (!s.norms.empty())
    c.norm = s.any(s.norms, "running_mean") ? "batch"
             : s.any(s.norms, "mean_scale") ? "graph"
                                            : "layer";
  if (s.layers.front().empty() || !s.has("lin.weight")) return;
  const Extents lin = extents(s, "lin.weight");
  c.post_linear = true;
  c.out = lin.out;
  const bool attention = c.model == "gat" || c.model == "gatv2" || c.model == "supergat" ||
                         c.model == "transformer_conv";
  if (attention) c.output_heads = 1;
  if (lin.in == c.hidden * (attention ? c.heads : 1) * c.layers && c.layers > 1) c.jk = "cat";
  if (s.any("jk.", "")) c.jk = "lstm";
}

}  // namespace

ModelConfig guess_config(const io::SafeTensors& file, const std::string& name,
                         const ForeignNames& names) {
  const Sight s = look(file, name, names);
  ModelConfig c;
  c.activation = "relu";
  c.normalize = "none";
  if (s.any("gate_conv.", "")) {
    attentive_fp(c, s);
    return c;
  }
  const std::string& root = s.layers.front();
  const auto has = [&](const char* tail) { return s.has(root + tail); };
  c.layers = std::ssize(s.layers);
  if (has("lin_key.weight")) {
    c.model = "transformer_conv";
    transformer(c, s);
  } else if (has("att_l") && has("lin.weight")) {
    c.model = "supergat";
    attention(c, s, {"att_l"});
  } else if (has("attn") || (has("att") && !has("weight"))) {
    c.model = "gatv2";
    attention(c, s, {"att", "attn"});
    c.share_weights = !has("lin_r.weight") && !has("fc_dst.weight");
  } else if (has("att_src") || has("att_l") || has("attn_l") || has("att")) {
    c.model = "gat";
    attention(c, s, {"att_src", "att_l", "attn_l", "att"});
  } else if (s.any(root + "nn.", "") || s.any(root + "apply_func.", "")) {
    c.model = "gin";
    perceptrons(c, s, s.any(root + "nn.", "") ? "nn." : "apply_func.");
  } else if (has("lin_l.weight") || has("fc_neigh.weight")) {
    c.model = "sage";
    plain(c, s, {"lin_l.weight", "fc_neigh.weight"});
  } else if (has("lin.weight") || (has("weight") && !root.starts_with("lin"))) {
    c.model = "gcn";
    plain(c, s, {"lin.weight", "weight"});
    c.bias = has("bias") || s.has(s.layers.back() + "bias");
  } else if (has("weight")) {
    c.model = "mlp";
    plain(c, s, {"weight"});
  } else {
    fail(ErrorCode::format, name,
         ": its tensors are of no model that agate knows; layers of the "
         "names of PyTorch Geometric or DGL are expected, such as \"convs.0.lin.weight\"");
  }
  surroundings(c, s);
  return c;
}

}  // namespace AGATE_NAMESPACE::models
