// What reports say of a model: its learning, its answers, its mistakes, its nodes.

#include "report.hpp"

#include <agate/data/subgraph.hpp>
#include <agate/explain/embedding_map.hpp>
#include <agate/explain/graph_picture.hpp>
#include <agate/explain/heat_map.hpp>
#include <agate/explain/line_chart.hpp>
#include <agate/models/input.hpp>
#include <agate/tensor/losses.hpp>
#include <agate/train/calibration.hpp>
#include <agate/train/curves.hpp>
#include <agate/train/metrics.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <set>

#include "text.hpp"

namespace tool {

using agate::Index;
using agate::Tensor;
using agate::data::Dataset;
using agate::data::Task;

namespace {

// What is known of one output beside what the model says.
struct Answers {
  std::string name;
  std::vector<double> scores;
  std::unique_ptr<bool[]> labels;  // std::vector<bool> is no span
  std::span<const bool> truth() const { return {labels.get(), scores.size()}; }
  bool both() const {
    return std::ranges::count(truth(), true) > 0 && std::ranges::count(truth(), false) > 0;
  }
};

// Of classes one against the rest (of two the second alone), of labels each.
std::vector<Answers> answers_of(const Dataset& d, const Tensor& outputs,
                                const std::vector<Index>& items) {
  std::vector<Answers> all;
  const bool classes = d.targets.empty();
  const Tensor p = classes ? agate::softmax(outputs) : agate::sigmoid(outputs);
  const Index first = classes && p.cols() == 2 ? 1 : 0;
  for (Index c = first; c < p.cols(); ++c) {
    Answers one{c < std::ssize(d.classes) ? d.classes[static_cast<std::size_t>(c)] : "link",
                {},
                std::make_unique<bool[]>(items.size())};
    for (const Index i : items) {
      const auto known = classes ? static_cast<agate::Real>(d.y[static_cast<std::size_t>(i)] == c)
                                 : d.targets.row(i)[c];
      if (std::isnan(known)) continue;
      one.labels[one.scores.size()] = known == 1;
      one.scores.push_back(p.row(i)[c]);
    }
    if (one.both()) all.push_back(std::move(one));
  }
  return all;
}

constexpr std::size_t most_curves = 8;

void add_curves(Report& report, const std::vector<Answers>& answers) {
  if (answers.empty()) return;
  std::vector<agate::explain::Line> roc{{"by chance", {0, 1}, {0, 1}}}, precision;
  for (std::size_t k = 0; k < std::min(most_curves, answers.size()); ++k) {
    const Answers& a = answers[k];
    const auto one = agate::train::roc_curve(a.scores, a.truth());
    const auto two = agate::train::precision_recall_curve(a.scores, a.truth());
    roc.push_back(
        {a.name + " " + number("%.3f", agate::train::roc_auc(a.scores, a.truth())), one.x, one.y});
    precision.push_back(
        {a.name + " " + number("%.3f", agate::train::average_precision(a.scores, a.truth())), two.x,
         two.y});
  }
  auto chart = [](const std::vector<agate::explain::Line>& lines, const char* title, const char* x,
                  const char* y) {
    return agate::explain::line_chart_svg(lines, {.title = title,
                                                  .x_title = x,
                                                  .y_title = y,
                                                  .dots = false,
                                                  .log_x = false,
                                                  .log_y = false,
                                                  .width = 580,
                                                  .height = 440});
  };
  report.heading("How well it ranks");
  report.picture(chart(roc, "ROC curve (area)", "false positive rate", "true positive rate"));
  report.picture(
      chart(precision, "Precision and recall (average precision)", "recall", "precision"));
  if (answers.size() > most_curves)
    report.note("the first " + whole(most_curves) + " of " + whole(std::ssize(answers)));
}

void add_reliability(Report& report, const Dataset& d, const Tensor& outputs,
                     const std::vector<Index>& items) {
  const auto r = agate::train::reliability(outputs, d, items);
  agate::explain::Line told{"what came true", {}, {}};
  for (const auto& bin : r.bins)
    if (bin.count > 0) {
      told.x.push_back(bin.predicted);
      told.y.push_back(bin.observed);
    }
  if (told.x.empty()) return;
  report.heading("Do its probabilities mean what they say?");
  report.picture(agate::explain::line_chart_svg(
      {{"as told", {0, 1}, {0, 1}}, told},
      {.title = "Reliability, calibration error " + number("%.3f", r.error),
       .x_title = "probability told",
       .y_title = "share that came true",
       .log_x = false,
       .log_y = false,
       .width = 580,
       .height = 440}));
}

void add_classes(Report& report, const Dataset& d, const Tensor& outputs,
                 const std::vector<Index>& items) {
  const auto found = agate::train::confusion(outputs, d, items);
  std::vector<std::vector<std::string>> rows{{"class", "precision", "recall", "F1", "items"}};
  for (std::size_t c = 0; c < d.classes.size(); ++c) {
    const auto& one = found.classes[c];
    rows.push_back({d.classes[c], number("%.3f", one.precision), number("%.3f", one.recall),
                    number("%.3f", one.f1), whole(one.support)});
  }
  report.heading("Class by class");
  report.table(rows);
  constexpr std::size_t most_classes = 40;
  if (d.classes.size() > most_classes) return;
  Tensor shares = Tensor::zeros({std::ssize(d.classes), std::ssize(d.classes)});
  for (Index k = 0; k < shares.rows(); ++k)
    for (Index p = 0; p < shares.cols(); ++p)
      shares.row(k)[p] = static_cast<agate::Real>(
          static_cast<double>(found.counts[k][p]) /
          static_cast<double>(std::max<Index>(1, found.classes[k].support)));
  report.picture(agate::explain::heat_map_svg({{shares, d.classes, d.classes, ""}},
                                              {.title = "Confusion matrix",
                                               .subtitle = "each row: where a class went",
                                               .rows = "known",
                                               .columns = "predicted",
                                               .legend = "share",
                                               .least = 0,
                                               .most = 1,
                                               .width = 760}));
}

// Where it was surest and wrong: mislabelled data are found here, too.
void add_mistakes(Report& report, const Dataset& d, const Tensor& outputs,
                  const std::vector<Index>& items) {
  const Tensor p = agate::softmax(outputs);
  const auto predicted = agate::train::predicted_classes(outputs);
  std::vector<Index> wrong;
  for (const Index i : items)
    if (predicted[i] >= 0 && predicted[i] != d.y[i]) wrong.push_back(i);
  std::ranges::stable_sort(
      wrong, [&](Index a, Index b) { return p.row(a)[predicted[a]] > p.row(b)[predicted[b]]; });
  report.heading("Mistakes it was surest of");
  report.paragraph(whole(std::ssize(wrong)) + " of " + whole(std::ssize(items)) +
                   " are wrong. These look worth a second look, also at the data:");
  std::vector<std::vector<std::string>> rows{{"id", "known", "predicted", "probability"}};
  constexpr std::size_t shown = 15;
  for (std::size_t k = 0; k < std::min(shown, wrong.size()); ++k) {
    const Index i = wrong[k];
    rows.push_back({d.item_name(i), d.classes[static_cast<std::size_t>(d.y[i])],
                    d.classes[static_cast<std::size_t>(predicted[i])],
                    number("%.4f", p.row(i)[predicted[i]])});
  }
  report.table(rows);
}

void add_errors_of_numbers(Report& report, const Dataset& d, const Tensor& outputs,
                           const std::vector<Index>& items) {
  struct Error {
    Index item, column;
    double off;
  };
  std::vector<Error> all;
  for (const Index i : items)
    for (Index c = 0; c < d.targets.cols(); ++c)
      if (!std::isnan(d.targets.row(i)[c]))
        all.push_back({i, c, std::abs(double(d.targets.row(i)[c]) - outputs.row(i)[c])});
  std::ranges::stable_sort(all, std::greater(), &Error::off);
  report.heading("Largest errors");
  std::vector<std::vector<std::string>> rows{{"id", "number", "known", "predicted", "off by"}};
  for (std::size_t k = 0; k < std::min<std::size_t>(15, all.size()); ++k) {
    const auto& [i, c, off] = all[k];
    rows.push_back({d.item_name(i), d.classes[static_cast<std::size_t>(c)],
                    number("%.5g", d.targets.row(i)[c]), number("%.5g", outputs.row(i)[c]),
                    number("%.5g", off)});
  }
  report.table(rows);
}

// Some nodes near each other, in ascending order: a walk over neighbours from one after the other.
std::vector<Index> nearby_nodes(const agate::Graph& graph, Index count) {
  std::set<Index> chosen;
  agate::Random random(1);
  const auto n = static_cast<std::uint64_t>(graph.num_nodes());
  while (std::ssize(chosen) < count) {
    std::vector<Index> queue{static_cast<Index>(random.below(n))};
    // Small enough that one neighbourhood is not all that is seen.
    const Index most = std::min(count, std::ssize(chosen) + std::max<Index>(200, count / 4));
    for (std::size_t at = 0; at < queue.size() && std::ssize(chosen) < most; ++at) {
      if (!chosen.insert(queue[at]).second && at > 0) continue;
      const Index begin = graph.offsets()[queue[at]], end = graph.offsets()[queue[at] + 1];
      for (Index m = begin; m < end; ++m) queue.push_back(graph.sources()[m]);
    }
  }
  return {chosen.begin(), chosen.end()};
}

Tensor representations(const agate::models::Model& model, const Dataset& d, int threads) {
  Dataset prepared = d;
  prepared.x = model.prepare(d.x);
  agate::Tape tape({.record = false, .threads = threads});
  return model.embed(agate::models::input_of(tape, prepared)).value();
}

void add_nodes(Report& report, const agate::models::Model& model, const Dataset& d,
               const Tensor& outputs, int threads) {
  constexpr Index most_mapped = 1500, most_drawn = 3000, most_links = 12'000;
  const auto predicted = agate::train::predicted_classes(outputs);
  std::vector<Index> some(static_cast<std::size_t>(d.num_nodes()));
  std::iota(some.begin(), some.end(), Index{0});
  agate::Random random(2);
  if (d.num_nodes() > most_mapped) {
    random.shuffle(std::span(some));
    some.resize(most_mapped);
    std::ranges::sort(some);
  }
  const Tensor h = representations(model, d, threads);
  Tensor picked = Tensor::uninitialized({std::ssize(some), h.cols()});
  agate::explain::ScatterOptions o{.names = d.classes,
                                   .title = "Map of the nodes",
                                   .subtitle =
                                       "t-SNE of their representations in the network, "
                                       "coloured by known class, ringed where wrong"};
  for (std::size_t k = 0; k < some.size(); ++k) {
    const Index i = some[k];
    std::copy_n(h.row(i), h.cols(), picked.row(static_cast<Index>(k)));
    const int known = d.y[static_cast<std::size_t>(i)];
    o.classes.push_back(known);
    o.ringed.push_back(known >= 0 && known != predicted[i]);
    o.labels.push_back(d.node_name(i));
  }
  report.heading("The nodes as the network sees them");
  report.picture(
      agate::explain::scatter_svg(agate::explain::tsne(picked, {.threads = threads}), o));
  if (std::ssize(some) < d.num_nodes())
    report.note(whole(most_mapped) + " of " + whole(d.num_nodes()) + " nodes, drawn at random");

  report.heading("The graph");
  const bool whole_graph = d.num_nodes() <= most_drawn && d.graph.num_edges() <= most_links;
  std::vector<Index> nodes = some;
  if (!whole_graph) nodes = nearby_nodes(d.graph, std::min(most_drawn, d.num_nodes()) / 2);
  const Dataset part = whole_graph ? d : agate::data::keep_nodes(d, nodes);
  agate::explain::PictureOptions picture{.title = d.name,
                                         .subtitle =
                                             "classes as predicted, "
                                             "ringed where wrong",
                                         .width = 1000,
                                         .height = 750};
  for (Index k = 0; k < part.num_nodes(); ++k) {
    const Index i = whole_graph ? k : nodes[static_cast<std::size_t>(k)];
    picture.predicted.push_back(predicted[i]);
    if (d.y[i] >= 0 && d.y[i] != predicted[i]) picture.wrong.push_back(k);
  }
  report.picture(agate::explain::graph_picture_svg(part, picture));
  if (!whole_graph)
    report.note("a view of " + whole(part.num_nodes()) + " of " + whole(d.num_nodes()) +
                " nodes: some neighbourhoods, and the links among them");
}

}  // namespace

void report_learning(Report& report, const agate::train::EpochsResult& fit,
                     const std::string& metric) {
  if (fit.history.size() < 2) return;
  agate::explain::Line train{"training loss", {}, {}}, val{"validation loss", {}, {}},
      score{"validation " + metric, {}, {}};
  const auto step = std::max<std::size_t>(1, fit.history.size() / 300);
  for (std::size_t k = 0; k < fit.history.size(); k += step) {
    const auto& e = fit.history[k];
    train.x.push_back(static_cast<double>(e.epoch));
    train.y.push_back(e.train_loss);
    val.x.push_back(static_cast<double>(e.epoch));
    val.y.push_back(e.val_loss);
    score.x.push_back(static_cast<double>(e.epoch));
    score.y.push_back(e.val_metric);
  }
  report.heading("Learning");
  const agate::explain::LineChartOptions o{.title = "Loss, of the best run",
                                           .x_title = "epoch",
                                           .y_title = "loss",
                                           .dots = false,
                                           .log_x = false,
                                           .log_y = false,
                                           .width = 580,
                                           .height = 360};
  report.picture(agate::explain::line_chart_svg({train, val}, o));
  auto second = o;
  second.title = "What the epoch was chosen by: best at epoch " + whole(fit.best_epoch);
  second.y_title = metric;
  report.picture(agate::explain::line_chart_svg({score}, second));
}

void report_predictions(Report& report, const agate::models::Model& model, const Dataset& d,
                        const Tensor& outputs, const std::vector<Index>& items,
                        const std::string& part, int threads) {
  report.note("What follows is about " + part + ", " + whole(std::ssize(items)) + " " +
              items_of(d.task) + ".");
  if (d.regression) return add_errors_of_numbers(report, d, outputs, items);
  if (d.targets.empty()) {
    add_classes(report, d, outputs, items);
    add_mistakes(report, d, outputs, items);
  }
  add_curves(report, answers_of(d, outputs, items));
  add_reliability(report, d, outputs, items);
  if (d.task == Task::node && d.targets.empty() && d.num_graphs() == 1)
    add_nodes(report, model, d, outputs, threads);
}

}  // namespace tool
