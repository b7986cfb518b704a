// The table of the program's own options, and that of its verbs.

#include <agate/explain/item_explanation.hpp>

#include "settings.hpp"

namespace tool {

namespace {

std::vector<std::string> methods() {
  std::vector<std::string> all{"auto"};
  const auto& known = agate::explain::item_methods();
  all.insert(all.end(), known.begin(), known.end());
  return all;
}

}  // namespace

const std::vector<agate::Option<RunOptions>>& run_options() {
  using R = RunOptions;
  static const std::vector<agate::Option<R>> table{
      {"data",
       &R::data,
       "a dataset by name (see: agate info), or a file: .npz, .graphml, .dot, .gv, node-link .json",
       0,
       0,
       {}},
      {"task",
       &R::task,
       "what is predicted; auto: what the data are about, else nodes",
       0,
       0,
       {"auto", "node", "edge", "link", "graph", "sequence"}},
      {"nodes", &R::nodes, "CSV file of nodes: a header, then one row per node", 0, 0, {}},
      {"edges", &R::edges, "CSV file of edges: a header, then one row per edge", 0, 0, {}},
      {"label",
       &R::label,
       "column of the classes, an empty cell is to be predicted; or columns of 0 and 1, as A,B,C",
       0,
       0,
       {}},
      {"id", &R::id, "column of the node ids (id, or else the first)", 0, 0, {}},
      {"time",
       &R::time,
       "column of the times of what is predicted, for --split time:...",
       0,
       0,
       {}},
      {"regression", &R::regression, "the label columns hold numbers to be predicted", 0, 0, {}},
      {"graphs", &R::graphs, "CSV file of graphs, one row per graph, for --task graph", 0, 0, {}},
      {"graph_column", &R::graph_column, "column of the nodes that names their graph", 0, 0, {}},
      {"directed", &R::directed, "edges run one way only", 0, 0, {}},
      {"structural",
       &R::structural,
       "features from the graph itself: auto, none, or a list of degree, random_walk:K, "
       "spectral:K, identity",
       0,
       0,
       {}},
      {"pairs", &R::pairs, "file of sequences, a pair a line: source TAB target", 0, 0, {}},
      {"words", &R::words, "pairs: their symbols are words, not characters", 0, 0, {}},
      {"lengths",
       &R::lengths,
       "tasks on sequences: how long to train on, as 1-20; also tested on twice and four times",
       0,
       0,
       {}},
      {"per_epoch", &R::per_epoch, "tasks on sequences: pairs drawn for an epoch", 1, 1e9, {}},
      {"source", &R::source, "models of sequences: one source as text", 0, 0, {}},
      {"beam", &R::beam, "models of sequences: hypotheses kept while one is said", 1, 1000, {}},
      {"smiles",
       &R::smiles,
       "CSV file with a column of SMILES, a .smi file (also .gz), or one SMILES to predict or "
       "explain",
       0,
       0,
       {}},
      {"smiles_column", &R::smiles_column, "column of the SMILES (smiles)", 0, 0, {}},
      {"targets",
       &R::targets,
       "what was measured of molecules: columns A,B,C, \"A>3\", or all; an empty cell is not known",
       0,
       0,
       {}},
      {"vocabulary",
       &R::vocabulary,
       "what is told of atoms and bonds: as the Open Graph Benchmark does, or PyTorch Geometric",
       0,
       0,
       {"ogb", "pyg"}},
      {"invalid",
       &R::invalid,
       "rows that hold no molecule: skip and list them, or refuse the file",
       0,
       0,
       {"skip", "refuse"}},
      {"max_smiles", &R::max_smiles, "longer SMILES are not parsed", 1, 1e6, {}},
      {"data_dir", &R::data_dir, "folder of further datasets ($AGATE_DATA)", 0, 0, {}},
      {"model", &R::model, "", 0, 0, {}},
      {"models", &R::models, "", 0, 0, {}},
      {"preset",
       &R::preset,
       "a recipe of the model, see agate info; else what the data ask for",
       0,
       0,
       {}},
      {"config", &R::config, "JSON file of options; flags win over it", 0, 0, {}},
      {"split",
       &R::split,
       "public, fixed:K, fixed:all, random:0.6/0.2/0.2, stratified:0.8/0.1/0.1, folds:10, "
       "per-class:20/30, time:0.7/0.1/0.2, graphs:A,B/C, scaffold:0.8/0.1/0.1, file:PATH or "
       "column:NAME (train, val, test)",
       0,
       0,
       {}},
      {"grid",
       &R::grid,
       "options and their values, of which the validation part chooses in each run: hidden=32,64 "
       "lr=0.01,0.001",
       0,
       0,
       {}},
      {"runs", &R::runs, "how many times, with seeds S, S + 1, ...", 1, 100000, {}},
      {"seed", &R::seed, "of weights, dropout and random splits", 0, 9e15, {}},
      {"save", &R::save, "file for the models of all runs (.safetensors)", 0, 0, {}},
      {"out", &R::out, "CSV file for the predictions", 0, 0, {}},
      {"json", &R::json, "file for the results as JSON", 0, 0, {}},
      {"report",
       &R::report,
       "HTML page with the figures, pictures and mistakes, and the command to do it again",
       0,
       0,
       {}},
      {"picture",
       &R::picture,
       "SVG file for a picture of the graph, or of the molecule explained",
       0,
       0,
       {}},
      {"chart", &R::chart, "SVG file for a chart of the results", 0, 0, {}},
      {"heat_map",
       &R::heat_map,
       "SVG file for the attention of the last attention layer, of at most 100 nodes",
       0,
       0,
       {}},
      {"node",
       &R::node,
       "the id of the node to explain; of link models that to find new links for, or all: for "
       "each; "
       "else the best pairs",
       0,
       0,
       {}},
      {"graph", &R::graph, "models of graphs: the id of the graph to explain", 0, 0, {}},
      {"abstain",
       &R::abstain,
       "a class less likely than this is not told, its cell stays empty",
       0,
       1,
       {}},
      {"edge",
       &R::edge,
       "models of edges and links: the ids of the two ends to explain, as A,B",
       0,
       0,
       {}},
      {"top",
       &R::top,
       "how many: of link models new links, of molecules to explain, of reasons to print",
       1,
       1e9,
       {}},
      {"target",
       &R::target,
       "the label or number to explain; else the one that is likeliest",
       0,
       0,
       {}},
      {"method", &R::method,
       "how: mask (learned), occlusion (without it), gradient (times input), attention (where the "
       "model looks); auto: occlusion, of nodes and edges with much around them gradient",
       0, 0, methods()},
      {"only", &R::only, "the rows of that name alone, or with that in their name", 0, 0, {}},
      {"rounds", &R::rounds, "how many times each row is measured", 1, 1000, {}},
      {"large", &R::large, "a million nodes and sequences of 64k too (6 GB)", 0, 0, {}},
      {"quiet", &R::quiet, "no progress and no remarks", 0, 0, {}},
      {"print_config", &R::print_config, "write the effective options as JSON and stop", 0, 0, {}},
  };
  return table;
}

namespace {

using Names = std::vector<std::string>;

Names joined(const std::vector<Names>& lists) {
  Names all;
  for (const Names& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

// What names data: to learn from, and those that a saved model is applied to, which knows the rest.
const Names applied_to{"data",    "pairs",      "nodes",         "edges",   "label",
                       "id",      "graphs",     "graph_column",  "smiles",  "targets",
                       "invalid", "max_smiles", "smiles_column", "data_dir"};
const Names learning_data = joined({{"task"},
                                    applied_to,
                                    {"words", "lengths", "per_epoch", "time", "regression",
                                     "directed", "structural", "vocabulary"}});
// One sequence, and how it is said.
const Names said{"source", "lengths", "seed", "beam"};
// What names sequences.
const Names sequences{"data", "pairs", "data_dir"};
const Names sequences_learned = joined({{"task"}, sequences, {"words", "lengths", "per_epoch"}});

}  // namespace

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all{
      {"train",
       "fit a model on data, print test metrics, save model, metrics and predictions",
       joined({learning_data,
               {"model", "preset", "config", "split", "grid", "runs", "seed", "save", "out", "json",
                "report", "picture", "heat_map", "quiet", "print_config"}}),
       joined({sequences_learned,
               {"model", "config", "split", "runs", "seed", "save", "json", "report", "quiet",
                "print_config"}}),
       {},
       true},
      {"compare",
       "several models on the same data, splits and seeds: one table",
       joined({{"models"},
               learning_data,
               {"preset", "config", "split", "grid", "runs", "seed", "json", "report", "chart",
                "quiet"}}),
       joined({{"models"},
               sequences_learned,
               {"config", "split", "runs", "seed", "json", "report", "chart", "quiet"}}),
       {},
       true},
      {"predict",
       "apply a saved model to new data, write a CSV of labels and probabilities",
       joined({{"model"},
               applied_to,
               said,
               {"out", "abstain", "node", "top", "picture", "heat_map", "quiet"}}),
       joined({{"model"}, sequences, said, {"out", "top", "quiet"}}),
       {"threads"}},
      {"evaluate",
       "score a saved model against known labels",
       joined({{"model"},
               applied_to,
               {"lengths", "beam", "top", "time", "split", "seed", "json", "report", "quiet"}}),
       joined({{"model"}, sequences, {"lengths", "beam", "top", "split", "seed", "json", "quiet"}}),
       {"metric", "threads"}},
      {"explain",
       "why a saved model says what it says: which edges and features, atoms and bonds, elements",
       joined({{"model"},
               applied_to,
               said,
               {"node", "edge", "graph", "target", "method", "top", "report", "picture", "json",
                "quiet"}}),
       joined({{"model"}, sequences, said, {"report", "picture", "json", "quiet"}}),
       {"threads"}},
      {"info",
       "what is in a dataset or a saved model, or what there is",
       joined({{"model"}, learning_data, {"quiet"}}),
       joined({{"model", "split"}, sequences_learned, {"quiet"}}),
       {}},
      {"bench",
       "speed and memory on this machine",
       {"only", "rounds", "large", "json", "chart", "quiet"},
       {},
       {"threads"}},
  };
  return all;
}

}  // namespace tool
