#include "predictions.hpp"

#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/io/csv.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/metrics.hpp>
#include <algorithm>
#include <cmath>

#include "text.hpp"

namespace tool {

using agate::Index;
using agate::Tensor;
using agate::data::Dataset;
using agate::data::Task;

namespace {

using Cells = std::vector<std::string>;

std::string cell(double v) { return number("%.6g", v); }

// What names an item: one cell, of an edge two.
Cells id_head(const Dataset& dataset) {
  return dataset.task == Task::edge ? Cells{"source", "target"} : Cells{"id"};
}

Cells id_of(const Dataset& dataset, Index item) {
  if (dataset.task != Task::edge) return {dataset.item_name(item)};
  const auto& [source, target] = dataset.pairs[static_cast<std::size_t>(item)];
  return {dataset.node_name(source), dataset.node_name(target)};
}

// Known and predicted side by side for each column, which is called what(label).
std::string columns_csv(const Dataset& dataset, const Tensor& predicted, const Tensor& spread,
                        const Cells& labels, const std::string& what,
                        const std::vector<double>& likeness) {
  Cells cells = id_head(dataset);
  for (const std::string& label : labels) {
    cells.push_back(label);
    cells.push_back(what + "(" + label + ")");
    if (!spread.empty()) cells.push_back("spread(" + label + ")");
  }
  if (!likeness.empty()) cells.push_back("likeness");
  std::string csv = agate::io::format_csv_row(cells);
  const Tensor& known = dataset.targets;
  for (Index i = 0; i < predicted.rows(); ++i) {
    cells = id_of(dataset, i);
    for (Index c = 0; c < predicted.cols(); ++c) {
      const bool is_known = !known.empty() && known.row(i)[c] == known.row(i)[c];
      cells.push_back(is_known ? cell(known.row(i)[c]) : "");
      cells.push_back(cell(predicted.row(i)[c]));
      if (!spread.empty()) cells.push_back(cell(spread.row(i)[c]));
    }
    if (!likeness.empty()) cells.push_back(cell(likeness[static_cast<std::size_t>(i)]));
    csv += agate::io::format_csv_row(cells);
  }
  return csv;
}

std::string classes_csv(const Dataset& dataset, const Tensor& outputs, const Tensor& spread,
                        const Cells& classes, double abstain) {
  const Tensor p = agate::softmax(outputs);
  const auto predicted = agate::train::predicted_classes(outputs);
  Cells cells = id_head(dataset);
  for (const char* name : {"label", "predicted", "probability"}) cells.push_back(name);
  if (!spread.empty()) cells.push_back("spread");
  for (const std::string& name : classes) cells.push_back("p(" + name + ")");
  std::string csv = agate::io::format_csv_row(cells);
  for (Index i = 0; i < outputs.rows(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const int known = dataset.y[at], guess = predicted[at];
    cells = id_of(dataset, i);
    cells.push_back(known < 0 ? "" : classes[known]);
    cells.push_back(guess < 0 || p.row(i)[guess] < abstain ? "" : classes[guess]);
    cells.push_back(guess < 0 ? "" : cell(p.row(i)[guess]));
    if (!spread.empty()) cells.push_back(guess < 0 ? "" : cell(spread.row(i)[guess]));
    for (Index c = 0; c < p.cols(); ++c) cells.push_back(cell(p.row(i)[c]));
    csv += agate::io::format_csv_row(cells);
  }
  return csv;
}

agate::NodeId node_called(const Dataset& dataset, const std::string& name) {
  Cells names;
  for (Index i = 0; i < dataset.num_nodes(); ++i) {
    names.push_back(dataset.node_name(i));
    if (names.back() == name) return static_cast<agate::NodeId>(i);
  }
  agate::fail(agate::ErrorCode::not_found, "node \"", name, "\" is not in ", dataset.name,
              agate::suggestion(name, names));
}

}  // namespace

Tensor outputs_of_parts(const std::function<Tensor(const Dataset&)>& predict, const Dataset& d,
                        const agate::data::Split& split) {
  const Dataset untested = agate::data::without_labels(d, split.test);
  Tensor y = predict(agate::data::without_labels(untested, split.val));
  if (d.task != agate::data::Task::edge || !agate::data::follow_in_time(d, split)) return y;
  const Tensor later = predict(untested);
  for (const Index item : split.test) std::copy_n(later.row(item), y.cols(), y.row(item));
  return y;
}

std::string predictions_csv(const Dataset& dataset, const agate::models::EnsembleOutputs& said,
                            const Cells& classes, const std::vector<double>& likeness,
                            double abstain) {
  const auto& [outputs, spread] = said;
  if (dataset.regression)
    return columns_csv(dataset, outputs, spread, classes, "predicted", likeness);
  if (!dataset.targets.empty())
    return columns_csv(dataset, agate::sigmoid(outputs), spread, classes, "p", likeness);
  return classes_csv(dataset, outputs, spread, classes, abstain);
}

std::vector<agate::ScoredLink> likeliest_links(const agate::models::Model& model,
                                               const Dataset& dataset, const std::string& node,
                                               Index top, int threads) {
  agate::Tape whole({.record = false, .threads = threads});
  Dataset prepared = dataset;
  prepared.x = model.prepare(dataset.x);
  const Tensor embedding = model.embed(agate::models::input_of(whole, prepared)).value();
  const auto score = [&](std::span<const agate::Edge> pairs, double* scores) {
    agate::Tape tape({.record = false, .threads = 1});
    agate::models::Input input{dataset.graph, tape.constant(embedding)};
    input.pairs = pairs;
    const Tensor y = model.decode(tape.constant(embedding), input).value();
    std::ranges::copy(y.values(), scores);
  };
  const agate::TopLinksOptions options{.directed = !dataset.graph.is_undirected(),
                                       .threads = threads};
  if (node.empty()) return top_new_links(dataset.graph, top, score, options);
  if (node == "all") {
    std::vector<agate::ScoredLink> links;
    for (const auto& own : top_new_links_of_each(dataset.graph, top, score, options))
      links.insert(links.end(), own.begin(), own.end());
    return links;
  }
  return top_new_links_of(dataset.graph, node_called(dataset, node), top, score, options);
}

std::string links_csv(const Dataset& dataset, const std::vector<agate::ScoredLink>& links) {
  std::string csv = agate::io::format_csv_row(Cells{"source", "target", "probability"});
  for (const auto& [pair, score] : links)
    csv += agate::io::format_csv_row(Cells{dataset.node_name(pair.source),
                                           dataset.node_name(pair.target),
                                           cell(1 / (1 + std::exp(-score)))});
  return csv;
}

}  // namespace tool
