#include <agate/core/error.hpp>
#include <agate/graph/edges.hpp>
#include <agate/models/incremental.hpp>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>

#include "models/layer_pass.hpp"

namespace AGATE_NAMESPACE::models {
namespace {

void sort_unique(std::vector<Index>& nodes) {
  std::ranges::sort(nodes);
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
}

// One row of features as the kind of matrix that the others are in.
FeatureMatrix one_row(std::span<const Real> row, bool sparse) {
  const Index columns = std::ssize(row);
  if (!sparse) return Tensor::from({1, columns}, row);
  CsrArrays a{{0}, {}, {}};
  for (Index c = 0; c < columns; ++c)
    if (row[static_cast<std::size_t>(c)] != 0) {
      a.columns.push_back(static_cast<NodeId>(c));
      a.values.push_back(row[static_cast<std::size_t>(c)]);
    }
  a.offsets.push_back(std::ssize(a.columns));
  return SparseMatrix(1, columns, std::move(a));
}

}  // namespace

struct IncrementalPredictor::State {
  // A message into a node, of the edge with this number.
  struct Incoming {
    NodeId source;
    Index edge;
  };

  std::shared_ptr<const Model> model;
  LayerPass pass;
  PartMaker parts;
  Index n = 0, edges = 0, edge_columns = 0;
  bool undirected = false, own_loops = false;
  std::string normalize;

  std::vector<std::vector<Incoming>> in;   // by ascending source
  std::vector<std::vector<NodeId>> out;    // one for each message
  std::vector<Real> edge_attr;             // by number of the edge; those that are gone stay
  Index numbers = 0;                       // of edges so far
  FeatureMatrix x;                         // prepared
  std::map<Index, SparseMatrix> replaced;  // rows of x, where it is sparse

  Tensor first;                // what stands before the layers, where there is something
  std::vector<Tensor> levels;  // what each layer made
  Tensor outputs;

  std::vector<Index> new_features, new_messages;  // nodes
  bool whole = true;                              // nothing of the above holds

  State(std::shared_ptr<const Model> m, Index nodes, int threads)
      : model(std::move(m)), pass(*model, threads, true), parts(nodes), n(nodes) {}

  void check_node(Index node) const {
    check(node >= 0 && node < n, ErrorCode::shape, "incremental: node ", node, ", there are ", n);
  }
  void add_message(NodeId source, NodeId target, Index edge) {
    auto& list = in[static_cast<std::size_t>(target)];
    list.insert(std::upper_bound(list.begin(), list.end(), source,
                                 [](NodeId s, const Incoming& m) { return s < m.source; }),
                {source, edge});
    out[static_cast<std::size_t>(source)].push_back(target);
    new_messages.push_back(target);
  }
  void remove_message(NodeId source, NodeId target, Index edge) {
    auto& list = in[static_cast<std::size_t>(target)];
    list.erase(std::ranges::find_if(
        list, [&](const Incoming& m) { return m.source == source && m.edge == edge; }));
    auto& targets = out[static_cast<std::size_t>(source)];
    targets.erase(std::ranges::find(targets, target));
    new_messages.push_back(target);
  }

  FeatureMatrix rows_of_x(std::span<const Index> nodes) const;
  double degree(Index node) const;
  std::vector<Index> reached(const std::vector<Index>& changed) const;
  std::vector<Index> run_layer(std::size_t l, const std::vector<Index>& targets);
  std::vector<Index> store(Tensor& to, std::span<const Index> nodes, const Tensor& rows) const;
};

FeatureMatrix IncrementalPredictor::State::rows_of_x(std::span<const Index> nodes) const {
  const auto* sparse = std::get_if<SparseMatrix>(&x);
  if (!sparse || replaced.empty()) return select_rows(x, nodes);
  CsrArrays a{{0}, {}, {}};
  for (Index i : nodes) {
    const auto found = replaced.find(i);
    const SparseMatrix& from = found == replaced.end() ? *sparse : found->second;
    const Index row = found == replaced.end() ? i : 0;
    for (Index p = from.offsets()[row]; p < from.offsets()[row + 1]; ++p) {
      a.columns.push_back(from.columns()[p]);
      a.values.push_back(from.values()[p]);
    }
    a.offsets.push_back(std::ssize(a.columns));
  }
  return SparseMatrix(std::ssize(nodes), sparse->cols(), std::move(a));
}

// As gcn_norm() counts: every message, and a loop where there is none.
double IncrementalPredictor::State::degree(Index node) const {
  const auto& list = in[static_cast<std::size_t>(node)];
  const bool looped =
      own_loops || std::ranges::any_of(list, [&](const Incoming& m) { return m.source == node; });
  return static_cast<double>(list.size()) +
         (own_loops || (!looped && pass.counts_loops()) ? 1.0 : 0.0);
}

// Nodes that a layer makes something else of, when what it is given of `changed` has changed.
std::vector<Index> IncrementalPredictor::State::reached(const std::vector<Index>& changed) const {
  std::vector<Index> nodes = changed;
  auto add_targets = [&](const std::vector<Index>& sources) {
    for (Index i : sources)
      nodes.insert(nodes.end(), out[static_cast<std::size_t>(i)].begin(),
                   out[static_cast<std::size_t>(i)].end());
  };
  add_targets(changed);
  nodes.insert(nodes.end(), new_messages.begin(), new_messages.end());
  if (pass.sees_degrees()) add_targets(new_messages);
  sort_unique(nodes);
  return nodes;
}

// Puts rows in their place; the nodes whose rows are not what they were.
std::vector<Index> IncrementalPredictor::State::store(Tensor& to, std::span<const Index> nodes,
                                                      const Tensor& rows) const {
  if (to.empty()) to = Tensor::zeros({n, rows.cols()});
  const auto bytes = static_cast<std::size_t>(rows.cols()) * sizeof(Real);
  std::vector<Index> changed;
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    const Real* row = rows.row(static_cast<Index>(k));
    if (!whole && std::memcmp(to.row(nodes[k]), row, bytes) == 0) continue;
    std::memcpy(to.row(nodes[k]), row, bytes);
    changed.push_back(nodes[k]);
  }
  return changed;
}

std::vector<Index> IncrementalPredictor::State::run_layer(std::size_t l,
                                                          const std::vector<Index>& targets) {
  const GraphPart part = parts.part(
      targets,
      [&](Index i, PartMaker::Receive receive) {
        for (const Incoming& m : in[static_cast<std::size_t>(i)]) receive(m.source, m.edge);
      },
      own_loops);
  const FeatureMatrix h = l > 0              ? FeatureMatrix(gather(levels[l - 1], part.nodes))
                          : pass.has_start() ? FeatureMatrix(gather(first, part.nodes))
                                             : rows_of_x(part.nodes);
  Tensor attr;
  if (edge_columns > 0) {
    attr = Tensor::uninitialized({std::ssize(part.edges), edge_columns});
    for (std::size_t e = 0; e < part.edges.size(); ++e)
      std::copy_n(edge_attr.data() + part.edges[e] * edge_columns, edge_columns,
                  attr.row(static_cast<Index>(e)));
  }
  std::vector<double> degrees;
  if (pass.sees_degrees())
    for (Index i : part.nodes) degrees.push_back(degree(i));
  return store(levels[l], targets, pass.layer(l, part, h, attr, degrees));
}

IncrementalPredictor::IncrementalPredictor(std::shared_ptr<const Model> model, const Graph& graph,
                                           const FeatureMatrix& x, const Tensor& edge_attr,
                                           int threads) {
  check(model != nullptr, ErrorCode::value, "incremental: there is no model");
  check(!graph.is_bipartite() && rows(x) == graph.num_nodes(), ErrorCode::shape,
        "incremental: x has ", rows(x), " rows, the graph ", graph.num_nodes(), " nodes");
  check(edge_attr.empty() || edge_attr.rows() == graph.num_edges(), ErrorCode::shape,
        "incremental: edge_attr has ", edge_attr.empty() ? 0 : edge_attr.rows(),
        " rows, the graph ", graph.num_edges(), " edges");
  state_ = std::make_unique<State>(std::move(model), graph.num_nodes(), threads);
  State& s = *state_;
  const ModelConfig& c = s.model->config();
  s.normalize = resolve_normalize(c.normalize, x, c.encodings);
  s.x = prepare_rows(*s.model, s.normalize, x);
  if (auto* dense = std::get_if<Tensor>(&s.x)) *dense = dense->clone();
  s.undirected = graph.is_undirected();
  s.edges = s.numbers = graph.num_edges();
  s.edge_columns = edge_attr.empty() ? 0 : edge_attr.cols();
  s.edge_attr.assign(edge_attr.values().begin(), edge_attr.values().end());
  s.in.resize(static_cast<std::size_t>(s.n));
  s.out.resize(static_cast<std::size_t>(s.n));
  for (Index i = 0; i < s.n; ++i)
    for (Index p = graph.offsets()[i]; p < graph.offsets()[i + 1]; ++p) {
      if (graph.edge_ids()[p] < 0) {
        s.own_loops = true;
        continue;
      }
      s.in[static_cast<std::size_t>(i)].push_back({graph.sources()[p], graph.edge_ids()[p]});
      s.out[static_cast<std::size_t>(graph.sources()[p])].push_back(static_cast<NodeId>(i));
    }
  s.levels.resize(s.pass.num_layers());
  update();
}

IncrementalPredictor::~IncrementalPredictor() = default;
IncrementalPredictor::IncrementalPredictor(IncrementalPredictor&&) noexcept = default;
IncrementalPredictor& IncrementalPredictor::operator=(IncrementalPredictor&&) noexcept = default;

void IncrementalPredictor::add_edge(Edge edge, std::span<const Real> attr) {
  State& s = *state_;
  s.check_node(edge.source);
  s.check_node(edge.target);
  check(std::ssize(attr) == s.edge_columns, ErrorCode::shape, "incremental: an edge of ",
        attr.size(), " features, expected ", s.edge_columns);
  s.edge_attr.insert(s.edge_attr.end(), attr.begin(), attr.end());
  const Index number = s.numbers++;
  ++s.edges;
  // A graph that gave each node a loop dropped those of its caller.
  if (s.own_loops && edge.source == edge.target) return;
  s.add_message(edge.source, edge.target, number);
  if (s.undirected && edge.source != edge.target) s.add_message(edge.target, edge.source, number);
}

void IncrementalPredictor::remove_edge(Edge edge) {
  State& s = *state_;
  s.check_node(edge.source);
  s.check_node(edge.target);
  Index number = -1;
  for (const State::Incoming& m : s.in[static_cast<std::size_t>(edge.target)])
    if (m.source == edge.source) number = std::max(number, m.edge);
  check(number >= 0, ErrorCode::not_found, "incremental: there is no edge from ", edge.source,
        " to ", edge.target);
  --s.edges;
  s.remove_message(edge.source, edge.target, number);
  if (s.undirected && edge.source != edge.target)
    s.remove_message(edge.target, edge.source, number);
}

void IncrementalPredictor::set_features(Index node, std::span<const Real> row) {
  State& s = *state_;
  s.check_node(node);
  for (std::size_t c = 0; c < row.size(); ++c)
    check(std::isfinite(row[c]), ErrorCode::value, "incremental: feature ", c, " of node ", node,
          " is ", row[c]);
  const bool sparse = std::holds_alternative<SparseMatrix>(s.x);
  const FeatureMatrix prepared = prepare_rows(*s.model, s.normalize, one_row(row, sparse));
  if (sparse)
    s.replaced.insert_or_assign(node, std::get<SparseMatrix>(prepared));
  else
    std::ranges::copy(std::get<Tensor>(prepared).values(), std::get<Tensor>(s.x).row(node));
  s.new_features.push_back(node);
}

std::vector<Index> IncrementalPredictor::update() {
  State& s = *state_;
  std::vector<Index> changed = s.new_features;
  if (s.whole) {
    changed.resize(static_cast<std::size_t>(s.n));
    std::iota(changed.begin(), changed.end(), Index{0});
  }
  sort_unique(changed);
  if (changed.empty() && s.new_messages.empty()) return changed;
  try {
    if (s.pass.has_start()) changed = s.store(s.first, changed, s.pass.start(s.rows_of_x(changed)));
    std::vector<Index> all = changed;
    for (std::size_t l = 0; l < s.levels.size(); ++l) {
      changed = s.run_layer(l, s.reached(changed));
      all.insert(all.end(), changed.begin(), changed.end());
    }
    // Jumping knowledge looks at every layer.
    if (s.pass.joins()) sort_unique(changed = std::move(all));
    std::vector<Tensor> layers;
    for (std::size_t l = s.pass.joins() ? 0 : s.levels.size() - 1; l < s.levels.size(); ++l)
      layers.push_back(gather(s.levels[l], changed));
    if (!changed.empty()) changed = s.store(s.outputs, changed, s.pass.finish(layers));
  } catch (...) {
    s.whole = true;  // some layers may be ahead of others
    throw;
  }
  s.whole = false;
  s.new_features.clear();
  s.new_messages.clear();
  return changed;
}

const Tensor& IncrementalPredictor::outputs() const { return state_->outputs; }
Index IncrementalPredictor::num_nodes() const { return state_->n; }
Index IncrementalPredictor::num_edges() const { return state_->edges; }

}  // namespace AGATE_NAMESPACE::models
