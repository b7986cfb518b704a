#include "molecules.hpp"

#include <agate/core/error.hpp>
#include <agate/core/names.hpp>
#include <agate/molecules/draw.hpp>
#include <agate/molecules/smiles_table.hpp>
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "progress.hpp"

namespace tool {

using agate::check;
using agate::ErrorCode;
using agate::Index;
namespace chem = agate::molecules;

namespace {

// What a model file keeps.
constexpr const char* about_key = "molecules";
constexpr const char* fingerprints_key = "fingerprints";

chem::SmilesTableOptions options_of(const RunOptions& run, Counter& counter) {
  chem::SmilesTableOptions options{
      .smiles_column = run.smiles_column,
      .targets = agate::split_names(run.targets),
      .id_column = run.id,
      .vocabulary = chem::parse_vocabulary(run.vocabulary),
      .max_length = run.max_smiles,
      .invalid = run.invalid == "refuse" ? chem::InvalidRows::refuse : chem::InvalidRows::skip,
      .fingerprints = chem::FingerprintOptions{},
      .scaffolds = run.split.starts_with("scaffold"),
      .progress = [&counter](Index done, Index total) { counter.show(done, total); }};
  if (run.regression) options.regression = true;
  if (run.split.starts_with("column:")) options.split_column = run.split.substr(7);
  if (!run.quiet)
    options.note = [](const std::string& sentence) {
      std::fprintf(stderr, "note: %s\n", sentence.c_str());
    };
  return options;
}

void list_rejected(const chem::SmilesTable& table, const std::string& path) {
  constexpr std::size_t shown = 10;
  for (std::size_t k = 0; k < std::min(shown, table.rejected.size()); ++k)
    std::fprintf(stderr, "note: %s:%lld: %s; left out\n", path.c_str(),
                 static_cast<long long>(table.rejected[k].line), table.rejected[k].reason.c_str());
  if (table.rejected.size() > shown)
    std::fprintf(stderr, "note: %zu more rows without a molecule\n", table.rejected.size() - shown);
}

bool names_a_file(const std::string& text) {
  const char* endings[] = {".csv", ".gz", ".smi", ".txt", ".tsv"};
  return std::ranges::any_of(endings, [&](const char* end) { return text.ends_with(end); });
}

// One row of bytes for each.
agate::io::Array as_array(const std::vector<chem::Fingerprint>& all,
                          const std::vector<Index>& named) {
  const auto bytes = all.front().words().size_bytes();
  agate::io::Array array{agate::io::DType::u8, {std::ssize(named), static_cast<Index>(bytes)}, {}};
  array.bytes.reserve(bytes * named.size());
  for (const Index k : named)
    array.bytes.append(
        reinterpret_cast<const char*>(all[static_cast<std::size_t>(k)].words().data()), bytes);
  return array;
}

std::vector<chem::Fingerprint> from_array(const agate::io::Array& array) {
  check(array.type == agate::io::DType::u8 && array.shape.size() == 2 && array.shape[1] > 0,
        ErrorCode::format, "the model's fingerprints are not rows of bytes");
  const Index count = array.shape[0], width = array.shape[1];
  std::vector<chem::Fingerprint> all;
  all.reserve(static_cast<std::size_t>(count));
  std::vector<Index> set;
  for (Index k = 0; k < count; ++k) {
    set.clear();
    for (Index b = 0; b < 8 * width; ++b)
      if (array.bytes[static_cast<std::size_t>(k * width + b / 8)] >> (b % 8) & 1) set.push_back(b);
    all.emplace_back(8 * width, set);
  }
  return all;
}

}  // namespace

agate::data::Dataset read_molecules(const RunOptions& run, bool may_miss,
                                    std::shared_ptr<const Molecules>& molecules) {
  Counter counter(run.quiet, "molecules");
  auto options = options_of(run, counter);
  options.missing_targets = may_miss;
  chem::SmilesTable table;
  if (std::filesystem::exists(run.smiles)) {
    table = chem::read_smiles_table(run.smiles, options);
  } else {
    check(may_miss && !names_a_file(run.smiles), ErrorCode::not_found, "there is no file ",
          run.smiles);
    options.invalid = chem::InvalidRows::refuse;
    table = chem::smiles_table(std::vector<std::string>{run.smiles}, options);
  }
  counter.clear();
  if (!run.quiet) list_rejected(table, run.smiles);
  molecules = std::make_shared<const Molecules>(Molecules{
      std::move(table.smiles), std::move(table.edge_offsets), std::move(table.fingerprints)});
  return std::move(table.dataset);
}

agate::data::Dataset fingerprint_dataset(const agate::data::Dataset& dataset,
                                         const Molecules& molecules) {
  const Index count = dataset.num_graphs();
  agate::data::Dataset points{.name = dataset.name,
                              .graph = agate::Graph::from_edges(count, {}),
                              .y = dataset.y,
                              .targets = dataset.targets,
                              .regression = dataset.regression,
                              .classes = dataset.classes};
  agate::CsrArrays bits{.offsets = {0}, .columns = {}, .values = {}};
  for (const auto& fingerprint : molecules.fingerprints) {
    for (const Index bit : fingerprint.bits())
      bits.columns.push_back(static_cast<agate::NodeId>(bit));
    bits.offsets.push_back(std::ssize(bits.columns));
  }
  bits.values.assign(bits.columns.size(), agate::Real(1));
  points.x = agate::SparseMatrix(count, molecules.fingerprints.front().size(), std::move(bits));
  return points;
}

void keep_molecules(const Molecules& molecules, const RunOptions& run,
                    const std::vector<Index>& learned_from, agate::models::ModelFile& file) {
  file.extra[about_key] = nlohmann::json{{"vocabulary", run.vocabulary}}.dump();
  file.extra_arrays[fingerprints_key] = as_array(molecules.fingerprints, learned_from);
}

RunOptions as_trained(const agate::models::ModelFile& file, RunOptions run) {
  const auto about = file.extra.find(about_key);
  const bool of_molecules = about != file.extra.end();
  check(of_molecules == holds_molecules(run), ErrorCode::usage, run.model,
        of_molecules ? ": a model of molecules, which --smiles names"
                     : ": trained on something else than molecules");
  if (!of_molecules) return run;
  const auto json = nlohmann::json::parse(about->second, nullptr, false);
  check(json.is_object() && json.contains("vocabulary") && json["vocabulary"].is_string(),
        ErrorCode::format, run.model, ": what it says of its molecules is damaged");
  run.vocabulary = json["vocabulary"].get<std::string>();
  check(run.vocabulary == "ogb" || run.vocabulary == "pyg", ErrorCode::format, run.model,
        ": its molecules were told of in a vocabulary \"", run.vocabulary,
        "\", this agate knows ogb and pyg");
  if (run.targets.empty())
    for (const std::string& name : file.classes)
      run.targets += (run.targets.empty() ? "" : ",") + name;
  run.regression = file.model->config().regression;
  return run;
}

std::vector<double> likeness_to_training(const agate::models::ModelFile& file,
                                         const Molecules& molecules, int threads) {
  const auto kept = file.extra_arrays.find(fingerprints_key);
  check(kept != file.extra_arrays.end(), ErrorCode::format,
        "the model does not keep the molecules that it learned from");
  const auto seen = from_array(kept->second);
  const Index bits = molecules.fingerprints.front().size();
  check(!seen.empty() && seen.front().size() == bits, ErrorCode::format, "the model keeps ",
        seen.size(), " fingerprints of ", seen.empty() ? 0 : seen.front().size(),
        " bits, expected some of ", bits);
  std::vector<double> likeness;
  for (const auto& nearest : chem::nearest(molecules.fingerprints, seen, threads))
    likeness.push_back(nearest.similarity);
  return likeness;
}

namespace {

// One that was read before, with the limit that the run set.
chem::Molecule known_molecule(const std::string& smiles) {
  return chem::parse_smiles(smiles, std::ssize(smiles));
}

}  // namespace

std::string molecule_svg(const std::string& smiles, const std::vector<double>& atoms,
                         const std::vector<double>& bonds, const std::string& legend) {
  return chem::draw_svg(chem::parse_smiles(smiles), {.atom_weights = atoms,
                                                     .bond_weights = bonds,
                                                     .legend = legend,
                                                     .atom_numbers = !legend.empty()});
}

std::vector<std::string> atom_symbols(const std::string& smiles) {
  return known_molecule(smiles).symbols();
}

}  // namespace tool
