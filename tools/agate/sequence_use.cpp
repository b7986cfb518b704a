// Applying saved models of sequences: agate predict, evaluate, explain and info.

#include <agate/core/error.hpp>
#include <agate/explain/heat_map.hpp>
#include <agate/io/csv.hpp>
#include <agate/io/file.hpp>
#include <agate/models/model_file.hpp>
#include <agate/models/sequence_file.hpp>
#include <cmath>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "report.hpp"
#include "sequences.hpp"

namespace tool {

using agate::check;
using agate::ErrorCode;
using agate::Index;
using agate::Tensor;

namespace {

agate::models::SequenceFile open_sequence_model(const SequenceSettings& s, const char* verb) {
  check(!s.run.model.empty(), ErrorCode::usage, verb,
        " needs --model FILE, a model saved by agate train --save");
  return agate::models::load_sequence_model(s.run.model);
}

// Of vectors as many as the targets have.
std::vector<Index> lengths_of(const ToSay& to_say, const agate::models::SequenceConfig& config) {
  std::vector<Index> lengths;
  for (Index b = 0; b < to_say.pairs.target.size() && !config.target.has_symbols(); ++b)
    lengths.push_back(to_say.pairs.target.length(b));
  return lengths;
}

agate::data::Sequences say_all(const agate::models::SequenceModel& model, const ToSay& to_say,
                               const SequenceSettings& s) {
  return say(model, to_say.pairs.source,
             {.beam = s.run.beam, .threads = static_cast<int>(s.train.threads)},
             lengths_of(to_say, model.config()));
}

void put(const std::string& path, const std::string& text) {
  if (path.empty())
    std::fputs(text.c_str(), stdout);
  else
    agate::io::write_file(path, text);
}

}  // namespace

int predict_sequences(const SequenceSettings& s) {
  const auto file = open_sequence_model(s, "predict");
  const ToSay to_say = load_to_say(s.run, file.model->config(), false);
  const auto said = say_all(*file.model, to_say, s);
  const bool known = !to_say.targets.empty();
  std::vector<std::string> header{"source", "said"};
  if (known) header.push_back("target");
  std::string csv = agate::io::format_csv_row(header);
  Index exact = 0;
  for (Index b = 0; b < said.size(); ++b) {
    std::vector<std::string> row{to_say.sources[b], decode(said, b, file.model->config().target)};
    exact += known && row[1] == to_say.targets[b];
    if (known) row.push_back(to_say.targets[b]);
    csv += agate::io::format_csv_row(row);
  }
  put(s.run.out, csv);
  if (s.run.quiet) return 0;
  std::fprintf(stderr, "%lld sequences said", static_cast<long long>(said.size()));
  if (known) std::fprintf(stderr, "; %lld of them are the targets", static_cast<long long>(exact));
  std::fprintf(stderr, "\n");
  return 0;
}

int evaluate_sequences(const SequenceSettings& s) {
  const auto file = open_sequence_model(s, "evaluate");
  const ToSay to_say = load_to_say(s.run, file.model->config(), true);
  const std::string& name = s.run.pairs.empty() ? s.run.data : s.run.pairs;
  if (!to_say.drawn && s.run.split.empty() && file.data == name && !s.run.quiet)
    std::fprintf(stderr,
                 "these are all pairs of %s, those it was trained on among them; --split "
                 "random:0.8/0.1/0.1 --seed S, as in training, scores its test part\n",
                 file.data.c_str());
  const auto scores =
      agate::train::score(*file.model, to_say.pairs,
                          {.beam = s.run.beam, .threads = static_cast<int>(s.train.threads)});
  const bool symbols = file.model->config().target.has_symbols();
  if (s.run.json != "/dev/stdout")
    std::printf(
        "%lld sequences: exact %.2f %%, %s per sequence %.4f, elements right given those "
        "before %.2f %%, loss %.4f\n",
        static_cast<long long>(to_say.pairs.size()), 100 * scores.exact,
        symbols ? "edits" : "bit errors", scores.errors, 100 * scores.accuracy, scores.loss);
  if (!s.run.json.empty())
    agate::io::write_file(s.run.json, nlohmann::ordered_json{{"agate", agate::models::version()},
                                                             {"task", "sequence"},
                                                             {"model", s.run.model},
                                                             {"sequences", to_say.pairs.size()},
                                                             {"exact", scores.exact},
                                                             {"errors", scores.errors},
                                                             {"accuracy", scores.accuracy},
                                                             {"loss", scores.loss}}
                                              .dump(2) +
                                          "\n");
  return 0;
}

namespace {

// How each element reads; of vectors their places.
std::vector<std::string> labels_of(const agate::data::Sequences& sequences,
                                   const agate::data::Alphabet& alphabet, bool end) {
  std::vector<std::string> labels;
  for (Index e = 0; e < sequences.offsets.back(); ++e)
    labels.push_back(alphabet.has_symbols()
                         ? alphabet.symbols[static_cast<std::size_t>(sequences.symbols[e])]
                         : std::to_string(e + 1));
  if (end) labels.emplace_back("(end)");
  return labels;
}

std::vector<std::string> numbers(Index count) {
  std::vector<std::string> labels;
  for (Index k = 0; k < count; ++k) labels.push_back(std::to_string(k));
  return labels;
}

agate::explain::HeatPanel panel_of(const agate::models::Alignment& alignment,
                                   const agate::data::SequencePairs& pair,
                                   const agate::models::SequenceConfig& config) {
  const auto source = labels_of(pair.source, config.source, true);
  const auto said = labels_of(pair.target, config.target, config.target.has_symbols());
  if (alignment.to_source) {
    // What stands behind the source of a batch of one is nothing.
    Tensor weights = Tensor::uninitialized({alignment.weights.rows(), std::ssize(source)});
    for (Index i = 0; i < weights.rows(); ++i)
      std::copy_n(alignment.weights.row(i), weights.cols(), weights.row(i));
    return {weights, said, source, alignment.name};
  }
  std::vector<std::string> steps;
  for (const auto& label : source) steps.push_back("read " + label);
  for (const auto& label : said) steps.push_back("say " + label);
  return {alignment.weights, steps, numbers(alignment.weights.cols()), alignment.name};
}

// Which element of the source each element said looks at most, as a table.
void print_alignment(const agate::explain::HeatPanel& panel, bool memory) {
  std::printf("\n%s\n%-12s %-12s %8s\n", panel.title.c_str(), memory ? "step" : "said", "looks at",
              "weight");
  for (Index i = 0; i < panel.values.rows(); ++i) {
    const auto* row = panel.values.row(i);
    const auto most = std::max_element(row, row + panel.values.cols()) - row;
    std::printf("%-12s %-12s %8.3f\n", panel.row_labels[static_cast<std::size_t>(i)].c_str(),
                panel.column_labels[static_cast<std::size_t>(most)].c_str(), row[most]);
  }
}

}  // namespace

std::vector<agate::explain::HeatPanel> alignment_panels(const agate::models::SequenceModel& model,
                                                        const agate::data::SequencePairs& pair,
                                                        int threads) {
  std::vector<agate::models::Alignment> alignments;
  agate::Tape tape({.record = false, .threads = threads});
  model.forward(tape, pair, &alignments);
  std::vector<agate::explain::HeatPanel> panels;
  for (const auto& alignment : alignments)
    panels.push_back(panel_of(alignment, pair, model.config()));
  return panels;
}

std::string alignment_svg(const std::vector<agate::explain::HeatPanel>& panels,
                          const std::string& title, const std::string& subtitle) {
  const bool memory = panels.front().title.starts_with("write");
  return agate::explain::heat_map_svg(panels, {.title = title,
                                               .subtitle = subtitle,
                                               .rows = memory ? "step" : "said",
                                               .columns = memory ? "row of the memory" : "source",
                                               .least = 0,
                                               .most = 1});
}

int explain_sequences(const SequenceSettings& s) {
  const auto file = open_sequence_model(s, "explain");
  const auto& config = file.model->config();
  const auto infos = agate::models::sequence_models();
  const auto info = std::ranges::find(infos, config.model, &agate::models::SequenceModelInfo::name);
  check(info != infos.end() && info->aligns, ErrorCode::unsupported, s.run.model, ": the model ",
        config.model, " has no attention weights to show");
  RunOptions run = s.run;
  run.top = 1;
  ToSay to_say = load_to_say(run, config, false);
  keep(to_say, {0});
  agate::data::SequencePairs pair{to_say.pairs.source, say_all(*file.model, to_say, s)};
  const auto panels = alignment_panels(*file.model, pair, static_cast<int>(s.train.threads));
  const std::string source = to_say.sources.front(), said = decode(pair.target, 0, config.target);
  if (s.run.json != "/dev/stdout") {
    std::printf("source  %s\nsaid    %s\n", source.c_str(), said.c_str());
    for (const auto& panel : panels) print_alignment(panel, config.model == "ntm");
  }
  if (!s.run.json.empty()) {
    nlohmann::ordered_json json{{"agate", agate::models::version()},
                                {"model", s.run.model},
                                {"source", source},
                                {"said", said}};
    for (const auto& panel : panels) {
      nlohmann::ordered_json rows = nlohmann::ordered_json::array();
      for (Index i = 0; i < panel.values.rows(); ++i)
        rows.push_back(std::vector<agate::Real>(panel.values.row(i),
                                                panel.values.row(i) + panel.values.cols()));
      json["attention"].push_back({{"name", panel.title}, {"weights", std::move(rows)}});
    }
    agate::io::write_file(s.run.json, json.dump(2) + "\n");
  }
  if (s.run.picture.empty() && s.run.report.empty()) return 0;
  const std::string svg = alignment_svg(
      panels, config.model + " on " + file.data,
      config.source.has_symbols() ? source + " \u2192 " + said : "elements by their places");
  auto write = [](const char* what, const std::string& path, const std::string& text) {
    if (path.empty()) return;
    agate::io::write_file(path, text);
    std::printf("\n%s written to %s\n", what, path.c_str());
  };
  write("picture", s.run.picture, svg);
  if (s.run.report.empty()) return 0;
  Report report("What it looks at");
  report.paragraph(source + " \u2192 " + said);
  report.note(s.run.model + ", trained on " + file.data);
  report.picture(svg);
  report.repeat(s.command, agate::models::to_json(config));
  write("report", s.run.report, report.page());
  return 0;
}

int describe_sequences(const SequenceSettings& s) {
  auto kind = [](const agate::data::Alphabet& a) {
    if (!a.has_symbols()) return "vectors of " + std::to_string(a.width);
    std::string text = std::to_string(a.symbols.size()) + (a.words ? " words:" : " characters:");
    for (std::size_t k = 0; k < std::min<std::size_t>(a.symbols.size(), 40); ++k)
      text += " " + a.symbols[k];
    return text + (a.symbols.size() > 40 ? " ..." : "");
  };
  if (s.run.model.empty()) {
    const auto data = load_sequences(s.run, static_cast<std::uint64_t>(s.run.seed));
    const auto train = data.train(1);
    std::printf(
        "%s\nsource  %s\ntarget  %s\n%lld pairs in an epoch, sources of up to %lld and "
        "targets of up to %lld; %lld to validate on\n",
        data.name.c_str(), kind(data.source).c_str(), kind(data.target).c_str(),
        static_cast<long long>(train.size()), static_cast<long long>(train.source.longest()),
        static_cast<long long>(train.target.longest()), static_cast<long long>(data.val.size()));
    for (const auto& test : data.tests)
      std::printf("test    %s, %lld pairs\n", test.name.c_str(),
                  static_cast<long long>(test.pairs.size()));
    return 0;
  }
  const auto file = agate::models::load_sequence_model(s.run.model);
  const auto& config = file.model->config();
  std::printf(
      "%s: saved by agate %s, task sequence, trained on %s\ntraining  %s\nsource    %s\n"
      "target    %s\nconfig    %s\n\n%-56s %-16s\n",
      s.run.model.c_str(), file.version.c_str(), file.data.c_str(), file.training.c_str(),
      kind(config.source).c_str(), kind(config.target).c_str(),
      agate::models::to_json(config).c_str(), "tensor", "shape");
  for (const auto& [name, parameter] : file.model->parameters())
    std::printf("%-56s %-16s\n", name.c_str(), parameter->value.shape().to_string().c_str());
  std::printf("%lld parameters\n", static_cast<long long>(file.model->num_parameters()));
  return 0;
}

}  // namespace tool
