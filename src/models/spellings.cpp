#include "models/spellings.hpp"

#include <agate/core/error.hpp>
#include <algorithm>
#include <vector>

#include "models/layer_names.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

enum class How { as_it_is, transposed, first_half, second_half, sum, none };

// `ours` may be called `theirs`. `beside`: a second tensor that stands for the same and must be
// equal (of `sum`: that is added), where it is there. `only_with`: it means that only where this
// one is there too.
struct Spelling {
  const char *ours, *theirs;
  How how = How::as_it_is;
  const char* beside = nullptr;
  const char* only_with = nullptr;
};

// In the order in which they are tried.
constexpr Spelling spellings[] = {
    // PyTorch Geometric 2.0 to 2.4; 1.6 and 1.7; before.
    {"lin.weight", "lin_src.weight", How::as_it_is, "lin_dst.weight"},
    {"lin.weight", "lin_l.weight", How::as_it_is, "lin_r.weight"},
    {"lin.weight", "weight", How::transposed},
    {"att_src", "att_l"},
    {"att_dst", "att_r"},
    {"att_src", "att", How::second_half},
    {"att_dst", "att", How::first_half},
    // One of two that are the same: which of them a file keeps is not ours to say.
    {"lin_r.weight", "lin_l.weight", How::as_it_is, nullptr, "att"},
    {"lin_r.bias", "lin_l.bias", How::as_it_is, nullptr, "att"},
    {"lin_l.weight", "lin_r.weight", How::as_it_is, nullptr, "att"},
    {"lin_l.bias", "lin_r.bias", How::as_it_is, nullptr, "att"},
    // DGL.
    {"lin.weight", "fc.weight"},
    {"lin.weight", "fc_src.weight", How::as_it_is, "fc_dst.weight"},
    {"att_src", "attn_l"},
    {"att_dst", "attn_r"},
    {"res.weight", "res_fc.weight"},
    {"att", "attn"},
    {"lin_l.weight", "fc_src.weight"},
    {"lin_l.bias", "fc_src.bias"},
    {"lin_r.weight", "fc_dst.weight"},
    {"lin_r.bias", "fc_dst.bias"},
    {"lin_r.weight", "fc_src.weight", How::as_it_is, nullptr, "attn"},
    {"lin_r.bias", "fc_src.bias", How::as_it_is, nullptr, "attn"},
    {"bias", "attn", How::none},  // its GATv2Conv has none
    {"lin_l.weight", "fc_neigh.weight"},
    {"lin_r.weight", "fc_self.weight"},
    {"lin_l.bias", "fc_self.bias", How::sum, "fc_neigh.bias"},
    {"lin_l.bias", "fc_neigh.bias"},
    {"lin_l.bias", "bias", How::as_it_is, nullptr, "fc_neigh.weight"},
};

bool equal(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::ranges::equal(a.values(), b.values());
}

Tensor transpose(const Tensor& t) {
  Tensor out = Tensor::uninitialized({t.cols(), t.rows()});
  for (Index i = 0; i < t.rows(); ++i)
    for (Index j = 0; j < t.cols(); ++j) out.row(j)[i] = t.row(i)[j];
  return out;
}

// Of each row the columns from `begin` on, half of them.
Tensor half(const Tensor& t, Index begin) {
  const Index columns = t.cols() / 2;
  Tensor out = Tensor::uninitialized({t.rows(), columns});
  for (Index i = 0; i < t.rows(); ++i) std::copy_n(t.row(i) + begin, columns, out.row(i));
  return out;
}

Tensor sum(const Tensor& a, const Tensor& b) {
  Tensor out = a.clone();
  for (Index k = 0; k < std::min(a.size(), b.size()); ++k) out.data()[k] += b.data()[k];
  return out;
}

std::vector<Index> long_extents(const Shape& shape) {
  std::vector<Index> extents;
  for (Index n : shape.extents())
    if (n != 1) extents.push_back(n);
  return extents;
}

// Heads that are averaged afterwards share the mean of their biases.
Tensor mean_of_heads(const Tensor& bias, Index out) {
  const Index heads = bias.size() / out;
  Tensor mean = Tensor::zeros({out});
  for (Index k = 0; k < bias.size(); ++k)
    mean.data()[k % out] += bias.data()[k] / static_cast<Real>(heads);
  return mean;
}

Tensor shaped(const Tensor& value, const Shape& wanted, const std::string& tail,
              const std::string& file, const std::string& name) {
  if (value.shape() == wanted) return value;
  if (long_extents(value.shape()) == long_extents(wanted)) return value.reshape(wanted);
  if (tail == "bias" && wanted.rank() == 1 && wanted[0] > 0 && value.size() > wanted[0] &&
      value.size() % wanted[0] == 0)
    return mean_of_heads(value, wanted[0]);
  fail(ErrorCode::format, file, ": the tensor \"", name, "\" is ", value.shape().to_string(),
       ", expected ", wanted.to_string());
}

Tensor transformed(GivenTensors& given, const std::string& root, const Spelling& s,
                   const Shape& wanted) {
  if (s.how == How::none) return Tensor::zeros(wanted);
  const Tensor value = given.take(root + s.theirs);
  const Tensor* beside = s.beside ? given.find(root + s.beside) : nullptr;
  if (beside) given.take(root + s.beside);
  if (s.how == How::sum) return beside ? sum(value, *beside) : value;
  check(!beside || equal(value, *beside), ErrorCode::format, given.file, ": the tensors \"", root,
        s.theirs, "\" and \"", root, s.beside ? s.beside : "",
        "\" differ, and one projection is expected");
  if (s.how == How::transposed && value.shape().rank() == 2) return transpose(value);
  if (s.how == How::first_half) return half(value, 0);
  if (s.how == How::second_half) return half(value, value.cols() / 2);
  return value;
}

}  // namespace

const Tensor* GivenTensors::find(const std::string& name) const {
  const auto found = entries.find(name);
  return found == entries.end() ? nullptr : &found->second.value;
}

const Tensor& GivenTensors::take(const std::string& name) {
  auto& entry = entries.at(name);
  entry.taken = true;
  return entry.value;
}

std::optional<Tensor> take_spelled(GivenTensors& given, const std::string& root,
                                   const std::string& tail, const Shape& wanted) {
  const auto as_named = [&](const std::string& name) {
    return shaped(given.take(name), wanted, tail, given.file, name);
  };
  if (given.find(root + tail)) return as_named(root + tail);
  for (const Spelling& s : spellings)
    if (tail == s.ours && given.find(root + s.theirs) &&
        (!s.only_with || given.find(root + s.only_with)))
      return shaped(transformed(given, root, s, wanted), wanted, tail, given.file, root + s.theirs);
  // torch's norms have no module within.
  if (const auto at = tail.find("module."); at != std::string::npos) {
    const std::string bare = root + tail.substr(0, at) + tail.substr(at + 7);
    if (given.find(bare)) return as_named(bare);
  }
  if (tail.ends_with("num_batches_tracked")) return Tensor::zeros(wanted);
  return {};
}

std::optional<Tensor> take_of_perceptron(GivenTensors& given, const std::string& root,
                                         const std::string& tail, bool batch_norm,
                                         const Shape& wanted) {
  const LayerName ours = layer_name(tail);
  if (ours.root.empty()) return {};
  const bool norm = ours.tail.starts_with("module.");
  const auto number = static_cast<std::size_t>(ours.number / (batch_norm ? 3 : 2));
  // What stands under the root, in order: products have a weight of two dimensions, norms have not.
  std::map<std::pair<Index, std::string>, std::string> parts;
  for (const auto& [name, entry] : given.entries) {
    if (!name.starts_with(root)) continue;
    const LayerName part = layer_name(name.substr(root.size()));
    const bool weight = part.tail == "weight" || part.tail == "module.weight";
    if (weight && (entry.value.shape().rank() != 2) == norm)
      parts.emplace(std::pair(part.number, part.root), root + part.root);
  }
  if (number >= parts.size()) return {};
  return take_spelled(given, std::next(parts.begin(), static_cast<std::ptrdiff_t>(number))->second,
                      ours.tail, wanted);
}

}  // namespace AGATE_NAMESPACE::models
