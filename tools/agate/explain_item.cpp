#include "explain_item.hpp"

#include <agate/core/error.hpp>
#include <agate/explain/ego_picture.hpp>
#include <agate/graph/edges.hpp>
#include <agate/io/file.hpp>
#include <agate/models/ensemble.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "explained_item.hpp"
#include "report.hpp"
#include "text.hpp"

namespace tool {
namespace {

using agate::Index;

std::string answer_text(const ExplainedItem& e, const agate::data::Dataset& d) {
  std::string text = e.target + (d.regression ? ": " + number("%.4g", e.said)
                                              : ": probability " + thousandths(e.said));
  if (e.spread > 0) text += " (spread " + thousandths(e.spread) + ")";
  if (!e.known.empty()) text += "; known: " + e.known;
  return text;
}

std::string reach_text(const ExplainedItem& e) {
  return e.method + " over " + std::to_string(e.why.nodes.size()) + " nodes and " +
         std::to_string(e.why.edges.size()) + " edges within reach of the layers";
}

std::string check_text(const ExplainedItem& e) {
  const auto& f = e.check;
  if (f.kept == 0) return "no edges within reach: there is nothing to take out";
  const std::string edges = f.kept == 1 ? "edge that comes" : "edges that come";
  return "without the " + std::to_string(f.kept) + " " + edges + " first it changes by " +
         thousandths(f.plus) + ", with " + (f.kept == 1 ? "it" : "them") + " alone by " +
         thousandths(f.minus) + " (fidelity+ and fidelity-; sparsity " +
         number("%.2f", f.sparsity) + ")";
}

// Of heads that were compared: whether who is looked at most depends on who looks.
std::string ranking_text(const ExplainedItem& e) {
  Index compared = 0, differing = 0;
  for (const auto& r : e.ranking) compared += r.compared, differing += r.differing;
  if (compared == 0) return "";
  if (differing == 0)
    return "attention is static: two nodes with the same neighbours always rank them alike";
  return "attention is dynamic: two nodes with the same neighbours rank two of them differently "
         "in " +
         number("%.1f", 100.0 * static_cast<double>(differing) / static_cast<double>(compared)) +
         " % of " + std::to_string(compared) + " comparisons";
}

struct Reason {
  std::string name;
  double score;
};

// An edge as its table has it: of models of edges, those behind the items are the same edges run
// through the other way.
struct TableEdge {
  agate::Edge ends;
  bool backwards;
};

TableEdge table_edge(const agate::data::Dataset& d, const std::vector<agate::Edge>& edges,
                     Index id) {
  const agate::Edge& edge = edges[static_cast<std::size_t>(id)];
  if (d.task != agate::data::Task::edge || id < d.num_items()) return {edge, false};
  return {{edge.target, edge.source}, true};
}

std::vector<Reason> edge_reasons(const ExplainedItem& e, const agate::data::Dataset& d) {
  const auto edges = agate::edge_list(d.graph);
  std::vector<Reason> all;
  for (const std::size_t k : by_weight(e.why.edge_scores)) {
    const auto [ends, backwards] = table_edge(d, edges, e.why.edges[k]);
    all.push_back({edge_name(d, ends) + (backwards ? " (backwards)" : ""), e.why.edge_scores[k]});
  }
  return all;
}

std::vector<Reason> feature_reasons(const ExplainedItem& e) {
  std::vector<Reason> all;
  for (const std::size_t k : by_weight(e.why.feature_scores))
    all.push_back({e.features[k], e.why.feature_scores[k]});
  return all;
}

void print_table(const char* head, const std::vector<Reason>& reasons, Index top) {
  if (reasons.empty()) return;
  std::printf("\n%-40s score\n", head);
  const auto shown = std::min<std::size_t>(reasons.size(), static_cast<std::size_t>(top));
  for (std::size_t k = 0; k < shown; ++k)
    std::printf("%-40s %+.4f\n", reasons[k].name.c_str(), reasons[k].score);
  if (shown < reasons.size()) std::printf("(%zu more)\n", reasons.size() - shown);
}

// What the members say of each node, as classes; nothing unless nodes have classes.
std::vector<int> classes_said(const Settings& s, const agate::models::ModelFile& file,
                              const agate::data::Dataset& d) {
  if (d.task != agate::data::Task::node || d.regression || !d.targets.empty()) return {};
  const auto said =
      agate::models::predict(file.members(), d, static_cast<int>(s.train.threads)).outputs;
  std::vector<int> classes;
  for (Index i = 0; i < said.rows(); ++i)
    classes.push_back(
        static_cast<int>(std::max_element(said.row(i), said.row(i) + said.cols()) - said.row(i)));
  return classes;
}

void add_table(Report& report, const char* head, const std::vector<Reason>& reasons, Index top) {
  if (reasons.empty()) return;
  std::vector<std::vector<std::string>> rows{{head, "score"}};
  const auto shown = std::min<std::size_t>(reasons.size(), static_cast<std::size_t>(top));
  for (std::size_t k = 0; k < shown; ++k)
    rows.push_back({reasons[k].name, number("%+.4f", reasons[k].score)});
  report.table(rows);
  if (shown < reasons.size())
    report.note(whole(std::ssize(reasons) - std::ssize(rows) + 1) + " more");
}

std::string report_of(const ExplainedItem& e, const agate::data::Dataset& d, const Settings& s,
                      const agate::models::ModelFile& file, const std::string& picture) {
  Report report("Why " + e.name);
  report.paragraph(answer_text(e, d));
  report.note(s.run.model + ", trained on " + file.data + ": " + reach_text(e));
  report.picture(picture);
  report.heading("How far that may be believed");
  report.paragraph(check_text(e));
  if (const auto text = ranking_text(e); !text.empty()) report.paragraph(text);
  report.heading("Reasons");
  add_table(report, "edge", edge_reasons(e, d), s.run.top);
  add_table(report, "feature", feature_reasons(e), s.run.top);
  report.repeat(s.command, settings_json(file));
  return report.page();
}

nlohmann::ordered_json reals(double v) {
  return std::isnan(v) ? nlohmann::ordered_json() : nlohmann::ordered_json(v);
}

std::string as_json(const ExplainedItem& e, const agate::data::Dataset& d) {
  using json = nlohmann::ordered_json;
  const auto edges = agate::edge_list(d.graph);
  json to = {{"task", agate::data::to_string(d.task)},
             {"id", e.name},
             {"target", e.target},
             {"method", e.method},
             {"predicted", e.said},
             {"spread", e.spread},
             {"known", e.known.empty() ? json() : json(e.known)},
             {"nodes", e.why.nodes.size()},
             {"edges", json::array()},
             {"features", json::array()},
             {"fidelity",
              {{"kept", e.check.kept},
               {"sparsity", e.check.sparsity},
               {"plus", e.check.plus},
               {"minus", e.check.minus},
               {"plus_label", reals(e.check.plus_label)},
               {"minus_label", reals(e.check.minus_label)}}}};
  for (std::size_t k = 0; k < e.why.edges.size(); ++k) {
    const auto [ends, backwards] = table_edge(d, edges, e.why.edges[k]);
    to["edges"].push_back({{"edge", e.why.edges[k]},
                           {"source", d.node_name(ends.source)},
                           {"target", d.node_name(ends.target)},
                           {"backwards", backwards},
                           {"score", e.why.edge_scores[k]}});
  }
  for (const std::size_t c : by_weight(e.why.feature_scores))
    to["features"].push_back({{"name", e.features[c]}, {"score", e.why.feature_scores[c]}});
  for (const auto& w : e.why.attention)
    to["attention"].push_back({{"edge", w.edge},
                               {"reversed", w.reversed},
                               {"layer", w.layer},
                               {"head", w.head},
                               {"weight", w.weight}});
  for (const auto& r : e.ranking)
    to["ranking"].push_back({{"layer", r.layer},
                             {"head", r.head},
                             {"compared", r.compared},
                             {"differing", r.differing}});
  // Ids may hold bytes that are no UTF-8.
  return to.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

void write(const std::string& path, const std::string& text, const char* what) {
  agate::io::write_file(path, text);
  std::printf("%s written to %s\n", what, path.c_str());
}

}  // namespace

int explain_item(const Settings& s, const agate::models::ModelFile& file,
                 const agate::data::Dataset& loaded) {
  agate::data::Dataset d = loaded;
  if (d.classes.empty()) d.classes = file.classes;
  const Index item = item_to_explain(s.run, d);
  const ExplainedItem e = explain_one(s, file, d, item);
  std::printf("%s: %s\n%s\n%s\n", e.name.c_str(), answer_text(e, d).c_str(), reach_text(e).c_str(),
              check_text(e).c_str());
  if (const auto text = ranking_text(e); !text.empty()) std::printf("%s\n", text.c_str());
  print_table("edge", edge_reasons(e, d), s.run.top);
  print_table("feature", feature_reasons(e), s.run.top);
  std::string picture;
  if (!s.run.picture.empty() || !s.run.report.empty())
    picture =
        agate::explain::ego_picture_svg(d, e.why,
                                        {.classes = classes_said(s, file, d),
                                         .title = e.name,
                                         .subtitle = answer_text(e, d) + " (" + e.method + ")"});
  if (!s.run.picture.empty()) write(s.run.picture, picture, "picture");
  if (!s.run.report.empty()) write(s.run.report, report_of(e, d, s, file, picture), "report");
  if (!s.run.json.empty()) write(s.run.json, as_json(e, d), "explanation");
  return 0;
}

}  // namespace tool
