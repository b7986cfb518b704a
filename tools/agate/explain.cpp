// Why a model says what it says: of molecules a table, pictures, a page of many; of nodes, edges,
// links and other graphs see explain_item.cpp.

#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/data/packed.hpp>
#include <agate/explain/attribution.hpp>
#include <agate/explain/html.hpp>
#include <agate/io/file.hpp>
#include <agate/models/ensemble.hpp>
#include <agate/tensor/losses.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "explain_item.hpp"
#include "explained_item.hpp"
#include "molecules.hpp"
#include "progress.hpp"
#include "report.hpp"
#include "saved_model.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace tool {
namespace {

using agate::Index;
using agate::explain::Fidelity;

struct Explained {
  std::string name, smiles, target;
  double said = 0, spread = 0;  // a probability or a number; spread 0: of one model
  double likeness = 0;
  std::vector<double> atoms, bonds;  // shares of the answer
  Fidelity fidelity;                 // removed 0: a single atom
};

// What is explained of each molecule: the output named, or the one that is likeliest.
Index output_of_molecule(const std::string& target, const agate::models::ModelFile& file,
                         const agate::Tensor& outputs, Index molecule) {
  if (!target.empty()) {
    const auto found = std::ranges::find(file.classes, target);
    agate::check(found != file.classes.end(), agate::ErrorCode::usage, "target: \"", target,
                 "\" is not what the model tells", agate::suggestion(target, file.classes));
    return found - file.classes.begin();
  }
  if (file.model->config().regression) return 0;
  const agate::Real* row = outputs.row(molecule);
  return std::max_element(row, row + outputs.cols()) - row;
}

// The mean over the members.
void attribute(const std::string& method, const agate::models::ModelFile& file,
               const agate::data::Dataset& one, Index output, int threads, Explained& e) {
  const auto members = file.members();
  const auto share = 1 / static_cast<double>(members.size());
  e.atoms.assign(static_cast<std::size_t>(one.num_nodes()), 0);
  e.bonds.assign(static_cast<std::size_t>(one.graph.num_edges() / 2), 0);
  for (const auto& member : members) {
    const auto a = agate::explain::attribute(method, *member, one, output, threads);
    for (std::size_t i = 0; i < e.atoms.size(); ++i) e.atoms[i] += share * a.nodes[i];
    // Both ways of a bond; taking it out takes out both.
    for (std::size_t k = 0; k < e.bonds.size(); ++k)
      e.bonds[k] +=
          share * (method == "occlusion" ? a.edges[2 * k] : a.edges[2 * k] + a.edges[2 * k + 1]);
  }
  if (one.num_nodes() < 2) return;
  for (const auto& member : members) {
    const auto f = agate::explain::fidelity(*member, one, output, e.atoms, {.threads = threads});
    e.fidelity.removed = f.removed;
    e.fidelity.top += share * f.top;
    e.fidelity.random += share * f.random;
    e.fidelity.random_deviation += share * f.random_deviation;
  }
}

// The molecules to explain: all, or those of which the target is likeliest.
std::vector<Index> chosen(const agate::Tensor& outputs, const std::vector<Index>& columns,
                          Index top) {
  std::vector<Index> order(columns.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::ranges::stable_sort(order, [&](Index i, Index j) {
    return outputs.row(i)[columns[static_cast<std::size_t>(i)]] >
           outputs.row(j)[columns[static_cast<std::size_t>(j)]];
  });
  if (std::ssize(order) > top) order.resize(static_cast<std::size_t>(top));
  return order;
}

std::string answer_text(const Explained& e, bool numbers) {
  std::string text = e.target + (numbers ? ": " : ": probability ") + thousandths(e.said);
  if (e.spread > 0) text += " (spread " + thousandths(e.spread) + ")";
  return text;
}

std::string fidelity_text(const Fidelity& f) {
  if (f.removed == 0) return "a single atom: there is nothing to take out";
  return "without the " + std::to_string(f.removed) +
         (f.removed == 1 ? " atom that comes first" : " atoms that come first") +
         " it changes by " + thousandths(f.top) + ", without as many random ones by " +
         thousandths(f.random) + " +- " + thousandths(f.random_deviation);
}

// -1 to 1, of the largest share.
std::vector<double> weights_of(const std::vector<double>& shares, double most) {
  std::vector<double> weights;
  for (double v : shares) weights.push_back(most > 0 ? v / most : 0);
  return weights;
}

std::string picture_of(const Explained& e, const std::string& legend) {
  double most = 0;
  for (const auto* shares : {&e.atoms, &e.bonds})
    for (double v : *shares) most = std::max(most, std::abs(v));
  return molecule_svg(e.smiles, weights_of(e.atoms, most), weights_of(e.bonds, most), legend);
}

const char* unit_of(const std::string& method, bool numbers) {
  if (method == "attention") return "share of the attention";
  return numbers ? "share of the number" : "share of the log-odds";
}

void print_one(const Explained& e, const std::string& method, bool numbers) {
  std::printf("%s\n%s; likeness to what the model learned from %.2f\n%s\n\n%6s %-6s %s\n",
              e.smiles.c_str(), answer_text(e, numbers).c_str(), e.likeness,
              fidelity_text(e.fidelity).c_str(), "atom", "", unit_of(method, numbers));
  const auto symbols = atom_symbols(e.smiles);
  std::vector<std::size_t> order(e.atoms.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t i, std::size_t j) {
    return std::abs(e.atoms[i]) > std::abs(e.atoms[j]);
  });
  constexpr std::size_t most = 12;
  for (std::size_t k = 0; k < std::min(most, order.size()); ++k)
    std::printf("%6zu %-6s %+.4f\n", order[k], symbols[order[k]].c_str(), e.atoms[order[k]]);
  if (order.size() > most) std::printf("%6s (%zu more)\n", "...", order.size() - most);
}

std::string report_of(const std::vector<Explained>& all, const Settings& s,
                      const agate::models::ModelFile& file) {
  using agate::explain::html_text;
  const bool numbers = file.model->config().regression;
  double top = 0, random = 0, counted = 0;
  for (const Explained& e : all)
    if (e.fidelity.removed > 0) top += e.fidelity.top, random += e.fidelity.random, ++counted;
  Report report("Which atoms it hangs on");
  report.paragraph(s.run.model + ", trained on " + file.data + "; " + s.run.method +
                   ": orange atoms and bonds speak for it, blue ones against it, in units of the "
                   "largest " +
                   unit_of(s.run.method, numbers) + " in the molecule.");
  if (counted > 0)
    report.paragraph(
        "Is it more than decoration? Without the fifth of the atoms that come first the answer "
        "changes by " +
        thousandths(top / counted) + " on average, without as many random ones by " +
        thousandths(random / counted) + ".");
  std::string cards = "<div class=\"cards\">\n";
  for (const Explained& e : all) {
    cards += "<div class=\"card\">" + picture_of(e, "") + "<p><strong>" +
             html_text(answer_text(e, numbers)) + "</strong></p><p class=\"note\">";
    if (e.name != e.smiles) cards += html_text(e.name) + "<br>";
    cards += "<code>" + html_text(e.smiles) +
             "</code><br>likeness to what the model learned from " + number("%.2f", e.likeness) +
             "<br>" + html_text(fidelity_text(e.fidelity)) + "</p></div>\n";
  }
  report.html(cards + "</div>\n");
  report.repeat(s.command, settings_json(file));
  return report.page();
}

std::string as_json(const std::vector<Explained>& all, const std::string& method) {
  auto json = nlohmann::ordered_json::array();
  for (const Explained& e : all)
    json.push_back({{"id", e.name},
                    {"smiles", e.smiles},
                    {"target", e.target},
                    {"method", method},
                    {"predicted", e.said},
                    {"spread", e.spread},
                    {"likeness", e.likeness},
                    {"atoms", e.atoms},
                    {"bonds", e.bonds},
                    {"fidelity",
                     {{"removed", e.fidelity.removed},
                      {"top", e.fidelity.top},
                      {"random", e.fidelity.random},
                      {"random_std", e.fidelity.random_deviation}}}});
  return json.dump(2) + "\n";
}

std::vector<Explained> explain_all(const Settings& s, const agate::models::ModelFile& file,
                                   const LoadedData& loaded) {
  const auto& dataset = loaded.dataset;
  const int threads = static_cast<int>(s.train.threads);
  const auto said = agate::models::predict(file.members(), dataset, threads);
  const auto likeness = likeness_to_training(file, *loaded.molecules, threads);
  std::vector<Index> columns;
  for (Index i = 0; i < dataset.num_graphs(); ++i)
    columns.push_back(output_of_molecule(s.run.target, file, said.outputs, i));
  const auto picked = chosen(said.outputs, columns, s.run.top);
  std::vector<Explained> all;
  Counter counter(s.run.quiet, "molecules");
  for (const Index i : picked) {
    const auto at = static_cast<std::size_t>(i);
    const Index column = columns[at];
    const double y = said.outputs.row(i)[column];
    Explained e;
    e.name = dataset.item_name(i);
    e.smiles = loaded.molecules->smiles[at];
    e.target = file.classes[static_cast<std::size_t>(column)];
    e.said = dataset.regression ? y : probability(y);
    e.spread = said.spread.empty() ? 0 : said.spread.row(i)[column];
    e.likeness = likeness[at];
    const auto one = agate::data::select_graphs(dataset, std::vector<Index>{i}).dataset;
    attribute(s.run.method, file, one, column, threads, e);
    all.push_back(std::move(e));
    counter.show(std::ssize(all), std::ssize(picked));
  }
  return all;
}

}  // namespace

int explain(const Settings& given) {
  Settings s = given;
  for (const std::string& path : {s.run.report, s.run.picture, s.run.json})
    if (!path.empty()) agate::io::check_writable(path);
  const auto model = open_model(s, "explain");
  const auto& file = model.file();
  const auto loaded = load_for(model, s);
  if (!loaded.molecules) return explain_item(s, file, loaded.dataset);
  agate::check(s.run.node.empty() && s.run.edge.empty() && s.run.graph.empty(),
               agate::ErrorCode::usage,
               "explain: --node, --edge and --graph are not for molecules, of which ", s.run.model,
               " is a model; name one with --smiles");
  if (s.run.method == "auto") s.run.method = "occlusion";
  agate::check(s.run.picture.empty() || loaded.dataset.num_graphs() == 1, agate::ErrorCode::usage,
               "picture: shows one molecule and there are ", loaded.dataset.num_graphs(),
               "; --report FILE.html shows many");
  const auto all = explain_all(s, file, loaded);
  const bool numbers = loaded.dataset.regression;
  if (all.size() == 1)
    print_one(all.front(), s.run.method, numbers);
  else
    for (const Explained& e : all)
      std::printf("%-40.40s %s; likeness %.2f; top %.3f random %.3f\n", e.name.c_str(),
                  answer_text(e, numbers).c_str(), e.likeness, e.fidelity.top, e.fidelity.random);
  auto write = [](const std::string& path, const std::string& text, const char* what) {
    if (path.empty()) return;
    agate::io::write_file(path, text);
    std::printf("%s written to %s\n", what, path.c_str());
  };
  write(s.run.picture,
        s.run.picture.empty() ? "" : picture_of(all.front(), answer_text(all.front(), numbers)),
        "picture");
  write(s.run.report, s.run.report.empty() ? "" : report_of(all, s, file), "report");
  write(s.run.json, as_json(all, s.run.method), "explanations");
  return 0;
}

}  // namespace tool
