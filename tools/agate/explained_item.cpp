#include "explained_item.hpp"

#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/models/ensemble.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "progress.hpp"

namespace tool {
namespace {

using agate::check;
using agate::ErrorCode;
using agate::Index;
using agate::data::Task;

std::vector<std::string> names_of(const agate::data::Dataset& d) {
  std::vector<std::string> names;
  for (Index i = 0; i < d.num_nodes(); ++i) names.push_back(d.node_name(i));
  return names;
}

// -1: no such id.
Index place_of(const std::vector<std::string>& names, const std::string& id) {
  const auto found = std::ranges::find(names, id);
  return found == names.end() ? -1 : found - names.begin();
}

[[noreturn]] void no_such(const char* option, const std::string& id, const char* kind,
                          const agate::data::Dataset& d, const std::vector<std::string>& names) {
  auto near = agate::nearest_names(id, names);
  if (near.size() > 3) near.resize(3);
  std::string list;
  for (const std::string& name : near) list += (list.empty() ? "" : ", ") + ('"' + name + '"');
  agate::fail(ErrorCode::not_found, option, ": \"", id, "\" is not a ", kind, " of ", d.name,
              "; nearest: ", list);
}

// Ids may hold commas: the one that leaves an id on both sides.
agate::Edge ends_of(const std::string& text, const agate::data::Dataset& d) {
  const auto names = names_of(d);
  std::size_t first = text.find(',');
  check(first != std::string::npos, ErrorCode::usage, "edge: \"", text,
        "\" names one node, expected two as A,B");
  for (auto at = first; at != std::string::npos; at = text.find(',', at + 1)) {
    const Index a = place_of(names, text.substr(0, at)), b = place_of(names, text.substr(at + 1));
    if (a >= 0 && b >= 0) return {static_cast<agate::NodeId>(a), static_cast<agate::NodeId>(b)};
  }
  const std::string a = text.substr(0, first);
  no_such("edge", place_of(names, a) < 0 ? a : text.substr(first + 1), "node", d, names);
}

Index pair_to_explain(const std::string& text, agate::data::Dataset& d) {
  const agate::Edge ends = ends_of(text, d), turned{ends.target, ends.source};
  const auto item = [&](const agate::Edge& pair) {
    const auto found = std::ranges::find(d.pairs, pair);
    return found == d.pairs.end() ? Index{-1} : found - d.pairs.begin();
  };
  Index found = item(ends);
  if (found < 0 && d.graph.is_undirected()) found = item(turned);
  if (found >= 0) return found;
  check(d.task == Task::link, ErrorCode::not_found, "edge: ", d.name, " has no edge from \"",
        d.node_name(ends.source), "\" to \"", d.node_name(ends.target), "\"");
  // Any two nodes can be asked about.
  d.pairs.push_back(ends);
  if (!d.y.empty()) d.y.push_back(-1);
  if (!d.targets.empty())
    d.targets = agate::Tensor::full({std::ssize(d.pairs), d.targets.cols()},
                                    std::numeric_limits<agate::Real>::quiet_NaN());
  d.times.clear();
  d.groups.clear();
  d.rows.clear();
  return std::ssize(d.pairs) - 1;
}

// The output that --target names, or the likeliest.
Index output_of(const std::string& target, const agate::models::ModelFile& file,
                const agate::Tensor& outputs, Index item) {
  const bool link = file.task == "link";
  if (!target.empty() && !link) {
    const auto found = std::ranges::find(file.classes, target);
    check(found != file.classes.end(), ErrorCode::usage, "target: \"", target,
          "\" is not what the model tells", agate::suggestion(target, file.classes));
    return std::min<Index>(found - file.classes.begin(), outputs.cols() - 1);
  }
  check(target.empty(), ErrorCode::usage, "target: a model of links tells of links alone");
  const agate::Real* row = outputs.row(item);
  return std::max_element(row, row + outputs.cols()) - row;
}

// What column c says of the item, as a probability or a number.
double said_of(const agate::data::Dataset& d, const agate::Tensor& outputs, Index item, Index c) {
  const agate::Real* row = outputs.row(item);
  if (d.regression) return row[c];
  if (!d.targets.empty() || outputs.cols() == 1) return probability(row[c]);
  double sum = 0;
  for (Index k = 0; k < outputs.cols(); ++k) sum += std::exp(double(row[k]) - row[c]);
  return 1 / sum;
}

std::string known_of(const agate::data::Dataset& d, Index item, Index c) {
  if (d.task == Task::link) return "";
  if (!d.targets.empty()) {
    const double t = d.targets.row(item)[c];
    if (std::isnan(t)) return "";
    if (!d.regression) return t > 0 ? "yes" : "no";
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", t);
    return text;
  }
  const int y = d.y.empty() ? -1 : d.y[static_cast<std::size_t>(item)];
  return y < 0 ? "" : d.classes[static_cast<std::size_t>(y)];
}

std::vector<std::string> feature_names(const agate::models::ModelFile& file, Index columns) {
  std::vector<std::string> names;
  if (file.schema) names = file.schema->feature_names();
  if (std::ssize(names) == columns) return names;
  names.clear();
  for (Index c = 0; c < columns; ++c) names.push_back("column " + std::to_string(c));
  return names;
}

// One question for each link and feature, as long as that is a matter of seconds; the gradient
// tells how many there are.
std::string usual_method(const agate::models::Model& model, const agate::data::Dataset& d,
                         Index item, Index c, int threads) {
  constexpr std::ptrdiff_t many = 2000;
  const auto e = agate::explain::explain_item("gradient", model, d, item, c, {.threads = threads});
  const auto features =
      std::ranges::count_if(e.feature_scores, [](double score) { return score != 0; });
  return std::ssize(e.edges) + features <= many ? "occlusion" : "gradient";
}

void add(std::vector<double>& sum, const std::vector<double>& more, double share) {
  sum.resize(more.size());
  for (std::size_t k = 0; k < more.size(); ++k) sum[k] += share * more[k];
}

}  // namespace

Index item_to_explain(const RunOptions& run, agate::data::Dataset& d) {
  const std::string kind = to_string(d.task);
  const std::string wanted = d.task == Task::node    ? "--node ID"
                             : d.task == Task::graph ? "--graph ID"
                                                     : "--edge A,B";
  for (const auto& [option, text] : {std::pair{"node", run.node}, {"graph", run.graph}})
    check(text.empty() || kind == option, ErrorCode::usage, option, ": ", run.model,
          " is a model of ", agate::data::items_of(d.task), ", name one with ", wanted);
  const bool pairs = d.task == Task::edge || d.task == Task::link;
  check(run.edge.empty() || pairs, ErrorCode::usage, "edge: ", run.model, " is a model of ",
        agate::data::items_of(d.task), ", name one with ", wanted);
  const std::string& id = pairs ? run.edge : d.task == Task::graph ? run.graph : run.node;
  check(!id.empty(), ErrorCode::usage, "explain: name the ", pairs ? "two ends" : kind, " with ",
        wanted);
  if (pairs) return pair_to_explain(id, d);
  std::vector<std::string> names;
  for (Index i = 0; i < d.num_items(); ++i) names.push_back(d.item_name(i));
  const Index found = place_of(names, id);
  if (found < 0) no_such(kind.c_str(), id, kind.c_str(), d, names);
  return found;
}

std::string edge_name(const agate::data::Dataset& d, const agate::Edge& edge) {
  return d.node_name(edge.source) + (d.graph.is_undirected() ? " - " : " -> ") +
         d.node_name(edge.target);
}

std::vector<std::size_t> by_weight(const std::vector<double>& scores) {
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < scores.size(); ++k)
    if (scores[k] != 0) order.push_back(k);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return std::abs(scores[a]) > std::abs(scores[b]);
  });
  return order;
}

ExplainedItem explain_one(const Settings& s, const agate::models::ModelFile& file,
                          const agate::data::Dataset& d, Index item) {
  const int threads = static_cast<int>(s.train.threads);
  const auto members = file.members();
  const auto said = agate::models::predict(members, d, threads);
  const Index c = output_of(s.run.target, file, said.outputs, item);
  ExplainedItem e;
  const bool pairs = d.task == Task::edge || d.task == Task::link;
  e.name = d.task == Task::graph ? "graph " + d.item_name(item)
           : pairs               ? edge_name(d, d.pairs[static_cast<std::size_t>(item)])
                                 : d.node_name(item);
  e.method = s.run.method;
  e.target = d.task == Task::link ? "link" : file.classes[static_cast<std::size_t>(c)];
  e.known = known_of(d, item, c);
  e.said = said_of(d, said.outputs, item, c);
  if (!said.spread.empty()) e.spread = said.spread.row(item)[c];
  if (e.method == "auto") e.method = usual_method(*file.model, d, item, c, threads);
  const double share = 1 / static_cast<double>(members.size());
  std::vector<double> edges, features;
  Counter counter(s.run.quiet, e.method == "mask" ? "epochs" : "questions");
  const auto count = static_cast<Index>(members.size());
  Index before = 0;
  for (const auto& member : members) {
    auto one = agate::explain::explain_item(e.method, *member, d, item, c,
                                            {.seed = static_cast<std::uint64_t>(s.run.seed),
                                             .threads = threads,
                                             .progress = [&](Index done, Index total) {
                                               counter.show(before * total + done, count * total);
                                             }});
    ++before;
    add(edges, one.edge_scores, share);
    add(features, one.feature_scores, share);
    if (member == members.front()) e.why = std::move(one);
  }
  e.why.edge_scores = std::move(edges);
  e.why.feature_scores = std::move(features);
  for (const auto& member : members) {
    const auto f = agate::explain::faithfulness(*member, d, e.why, 0.2, threads);
    e.check.kept = f.kept, e.check.sparsity = f.sparsity;
    e.check.plus += share * f.plus, e.check.minus += share * f.minus;
    e.check.plus_label += share * f.plus_label, e.check.minus_label += share * f.minus_label;
  }
  e.features = feature_names(file, d.num_features());
  if (e.method == "attention")
    e.ranking = agate::explain::attention_ranking(*file.model, d, {.threads = threads});
  return e;
}

}  // namespace tool
