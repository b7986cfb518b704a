#include <agate/core/error.hpp>
#include <agate/molecules/smiles_table.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <cctype>
#include <filesystem>

#include "data/table.hpp"
#include "molecules/read_molecules.hpp"
#include "molecules/smiles_file.hpp"
#include "molecules/target_columns.hpp"

namespace AGATE_NAMESPACE::molecules {
namespace {

std::size_t find_smiles(const io::CsvTable& csv, const std::string& named) {
  if (!named.empty()) return csv.column(named);
  const auto is_called = [](const std::string& column, std::string_view name) {
    return std::ranges::equal(column, name, {}, [](unsigned char c) { return std::tolower(c); });
  };
  for (const char* name : {"smiles", "canonical_smiles", "mol"})
    for (std::size_t c = 0; c < csv.columns.size(); ++c)
      if (is_called(csv.columns[c], name)) return c;
  return csv.column("smiles");
}

data::Table open(const std::string& path, const SmilesTableOptions& options) {
  data::Table table{.csv = is_smi_path(path) ? read_smi(path) : io::read_csv(path)};
  data::check_text(table.csv);
  check(!table.csv.rows.empty(), ErrorCode::format, path, ": there is no row under the header");
  table.keys = {find_smiles(table.csv, options.smiles_column)};
  if (!options.id_column.empty())
    table.keys.push_back(table.csv.column(options.id_column));
  else if (is_smi_path(path))
    table.keys.push_back(1);
  table.split = data::find_named(table.csv, options.split_column, "");
  find_targets(table, options);
  return table;
}

std::vector<std::string> smiles_of(data::Table& table) {
  std::vector<std::string> smiles;
  smiles.reserve(table.csv.rows.size());
  for (auto& row : table.csv.rows) smiles.push_back(row[table.keys[0]]);
  return smiles;
}

std::string name_of(const std::string& path) {
  std::filesystem::path name = std::filesystem::path(path).filename();
  if (name.extension() == ".gz") name = name.stem();
  return name.stem().string();
}

/// The rows that hold molecules; the others are listed in `made`, or refused.
std::vector<Index> kept_rows(const data::Table& table, const std::vector<std::string>& smiles,
                             const std::vector<ReadMolecule>& read, InvalidRows invalid,
                             SmilesTable& made) {
  std::vector<Index> kept;
  for (Index r = 0; r < std::ssize(read); ++r) {
    if (read[r].reason.empty()) {
      kept.push_back(r);
      continue;
    }
    check(invalid == InvalidRows::skip, ErrorCode::format, table.csv.place(r), ": ",
          read[r].reason);
    made.rejected.push_back({r, table.csv.lines[r], smiles[r], read[r].reason});
  }
  if (kept.empty())
    fail(ErrorCode::value, table.csv.path, ": none of the ", read.size(),
         read.size() == 1 ? " row" : " rows", " holds a molecule; ", table.csv.row_name(0), ": ",
         read[0].reason);
  return kept;
}

/// The split of rows as one of the items that were made of them.
std::vector<data::Split> splits_of(std::vector<data::Split> of_rows,
                                   const std::vector<Index>& kept) {
  for (data::Split& split : of_rows)
    for (auto* part : {&split.train, &split.val, &split.test}) {
      std::vector<Index> items;
      for (const Index row : *part) {
        const auto at = std::ranges::lower_bound(kept, row);
        if (at != kept.end() && *at == row) items.push_back(at - kept.begin());
      }
      *part = std::move(items);
    }
  return of_rows;
}

void name_molecules(const data::Table& table, const std::vector<Index>& kept, SmilesTable& made) {
  for (const Index row : kept) {
    const std::string& id = table.cell(row, table.keys.back());
    made.dataset.graph_ids.push_back(id.empty() ? table.cell(row, table.keys[0]) : id);
  }
}

SmilesTable describe(data::Table table, const std::string& name,
                     const SmilesTableOptions& options) {
  // What is wrong with the targets is told before the molecules are read, which takes longer.
  const Targets targets = read_targets(table, options);
  std::vector<data::Split> splits = data::read_split_column(table);

  SmilesTable made;
  std::vector<std::string> smiles = smiles_of(table);
  std::vector<ReadMolecule> read = read_molecules(smiles, options);
  const std::vector<Index> kept = kept_rows(table, smiles, read, options.invalid, made);
  if (options.fingerprints)
    for (const Index row : kept) made.fingerprints.push_back(std::move(*read[row].fingerprint));
  if (options.scaffolds)
    for (const Index row : kept) made.dataset.groups.push_back(std::move(read[row].scaffold));
  pack(std::move(read), options.vocabulary, made);
  for (const Index row : kept) made.smiles.push_back(std::move(smiles[row]));

  data::Dataset& d = made.dataset;
  d.name = name;
  d.task = data::Task::graph;
  name_molecules(table, kept, made);
  if (targets.values.empty())
    d.y.assign(kept.size(), -1);
  else
    d.targets = select_rows(targets.values, kept);
  d.regression = targets.regression;
  for (const data::Label& label : table.labels) d.classes.push_back(label.name);
  d.splits = splits_of(std::move(splits), kept);
  if (!made.rejected.empty()) {
    d.rows = kept;
    d.source_rows = table.size();
  }
  data::validate(d);
  return made;
}

}  // namespace

SmilesTable read_smiles_table(const std::string& path, const SmilesTableOptions& options) {
  return describe(open(path, options), name_of(path), options);
}

SmilesTable smiles_table(std::span<const std::string> smiles, const SmilesTableOptions& options) {
  check(!smiles.empty(), ErrorCode::value, "smiles_table: no SMILES");
  data::Table table;
  table.csv.path = "SMILES";
  table.csv.columns = {"smiles"};
  for (const std::string& text : smiles) {
    table.csv.rows.push_back({text});
    table.csv.lines.push_back(std::ssize(table.csv.rows));
  }
  table.keys = {0};
  return describe(std::move(table), "SMILES", options);
}

}  // namespace AGATE_NAMESPACE::molecules
