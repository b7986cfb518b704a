#include <agate/data/refinement.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <unordered_map>
#include <variant>

namespace AGATE_NAMESPACE::data {
namespace {

/// Gives the same number to the same words, the first new ones the first number.
class Numbers {
 public:
  Index of(std::span<const Index> words) {
    std::uint64_t hash = 0x9e3779b97f4a7c15u;
    for (Index w : words)
      hash = (hash ^ static_cast<std::uint64_t>(w)) * 0xff51afd7ed558ccdu, hash ^= hash >> 32;
    for (auto [at, end] = by_hash_.equal_range(hash); at != end; ++at)
      if (std::ranges::equal(words, key(at->second))) return at->second;
    by_hash_.emplace(hash, count());
    words_.insert(words_.end(), words.begin(), words.end());
    ends_.push_back(words_.size());
    return count() - 1;
  }
  Index count() const { return std::ssize(ends_); }

 private:
  std::span<const Index> key(Index number) const {
    const std::size_t begin = number == 0 ? 0 : ends_[static_cast<std::size_t>(number - 1)];
    return std::span(words_).subspan(begin, ends_[static_cast<std::size_t>(number)] - begin);
  }
  std::vector<Index> words_;
  std::vector<std::size_t> ends_;
  std::unordered_multimap<std::uint64_t, Index> by_hash_;
};

Index bits_of(Real v) {
  std::int64_t bits = 0;
  std::memcpy(&bits, &v, sizeof v);
  return bits;
}

/// What is not zero in a row: column, value, column, value, ...
void row_words(const Tensor& x, Index row, std::vector<Index>& words) {
  words.clear();
  for (Index c = 0; c < x.cols(); ++c)
    if (const Real v = x.row(row)[c]; v != 0) words.insert(words.end(), {c, bits_of(v)});
}

void row_words(const SparseMatrix& x, Index row, std::vector<Index>& words) {
  words.clear();
  for (Index p = x.offsets()[row]; p < x.offsets()[row + 1]; ++p)
    words.insert(words.end(), {Index{x.columns()[p]}, bits_of(x.values()[p])});
}

/// Ends, with a count beyond it, where there are more than `limit`.
template <class Matrix>
std::vector<Index> numbers_of_rows(const Matrix& x, double limit, Index& count) {
  Numbers numbers;
  std::vector<Index> of, words;
  for (Index i = 0; i < x.rows() && static_cast<double>(numbers.count()) <= limit; ++i) {
    row_words(x, i, words);
    of.push_back(numbers.of(words));
  }
  count = numbers.count();
  return of;
}

/// One round: a node's own class, and those of its neighbours with the edges between.
std::vector<Index> next_round(const Graph& graph, const std::vector<Index>& before,
                              const std::vector<Index>& edges, Index& count) {
  Numbers numbers;
  std::vector<Index> after, words;
  std::vector<std::pair<Index, Index>> received;
  for (Index i = 0; i < graph.num_nodes(); ++i) {
    received.clear();
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p)
      received.emplace_back(before[graph.sources()[p]],
                            edges.empty() ? 0 : edges[graph.edge_ids()[p]]);
    std::ranges::sort(received);
    words.assign(1, before[i]);
    for (const auto& [source, edge] : received) words.insert(words.end(), {source, edge});
    after.push_back(numbers.of(words));
  }
  count = numbers.count();
  return after;
}

Refined classes_of(const Dataset& d, std::vector<Index> class_of, Index count) {
  std::vector<Index> first(static_cast<std::size_t>(count), -1), edge_rows;
  for (Index i = d.num_nodes() - 1; i >= 0; --i) first[class_of[i]] = i;
  std::vector<Edge> edges;
  for (Index c = 0; c < count; ++c)
    for (Index p = d.graph.offsets()[first[c]]; p < d.graph.offsets()[first[c] + 1]; ++p) {
      edges.push_back(
          {static_cast<NodeId>(class_of[d.graph.sources()[p]]), static_cast<NodeId>(c)});
      edge_rows.push_back(d.graph.edge_ids()[p]);
    }
  Refined refined;
  refined.classes.name = d.name;
  refined.classes.graph = Graph::from_edges(count, edges);
  refined.classes.x = select_rows(d.x, first);
  if (!d.edge_attr.empty()) refined.classes.edge_attr = select_rows(d.edge_attr, edge_rows);
  refined.class_of = std::move(class_of);
  return refined;
}

}  // namespace

std::optional<Refined> refine(const Dataset& d, Index rounds, double most) {
  const double limit = most * static_cast<double>(d.num_nodes());
  const auto ids = d.graph.edge_ids();
  if (std::ranges::find(ids, Index{-1}) != ids.end()) return {};
  Index count = 0;
  auto class_of = std::visit([&](const auto& x) { return numbers_of_rows(x, limit, count); }, d.x);
  if (static_cast<double>(count) > limit) return {};
  std::vector<Index> edges;
  Index edge_classes = 0;
  if (!d.edge_attr.empty()) edges = numbers_of_rows(d.edge_attr, INFINITY, edge_classes);
  for (Index round = 0; round < rounds; ++round) {
    const Index before = count;
    class_of = next_round(d.graph, class_of, edges, count);
    if (static_cast<double>(count) > limit) return {};
    if (count == before) break;  // no further round tells more apart
  }
  return classes_of(d, std::move(class_of), count);
}

}  // namespace AGATE_NAMESPACE::data
