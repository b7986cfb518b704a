#pragma once
/// \file
/// Molecules in a table: a column of SMILES, and what was measured of each.

#include <agate/data/dataset.hpp>
#include <agate/molecules/features.hpp>
#include <agate/molecules/fingerprint.hpp>
#include <agate/molecules/molecule.hpp>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace AGATE_NAMESPACE::molecules {

/// What becomes of rows that hold no molecule.
enum class InvalidRows {
  skip,   ///< left out, and listed in SmilesTable::rejected
  refuse  ///< the first is an Error
};

/// Which columns are read, and what is made of them.
struct SmilesTableOptions {
  /// Empty: the column called smiles, canonical_smiles or mol, in upper or lower case.
  std::string smiles_column{};
  /// The columns to learn; "COLUMN>3" (or >=, <, <=) makes 0 and 1 of numbers. {"all"}: every other
  /// column whose cells are numbers or empty. None: molecules to predict.
  std::vector<std::string> targets{};
  bool missing_targets = false;  ///< a target without a column is not known of any molecule
  /// Targets are numbers to be predicted, or 0 and 1. By default what they hold: 0 and 1 alone in
  /// every column, or other numbers too in every column.
  std::optional<bool> regression{};
  std::string id_column{};     ///< names the molecules; empty: their SMILES do, or their .smi names
  std::string split_column{};  ///< holds train / val / test; empty: none
  Vocabulary vocabulary = Vocabulary::ogb;
  Index max_length = usual_max_length;  ///< of a SMILES, in characters
  InvalidRows invalid = InvalidRows::skip;
  std::optional<FingerprintOptions> fingerprints{};  ///< fill SmilesTable::fingerprints
  bool scaffolds = false;  ///< fill Dataset::groups with murcko_scaffold(), for scaffold splits
  int threads = 0;         ///< 0: all
  /// Called as rows are done, one call at a time, from any of the threads. What it throws ends the
  /// reading and comes out of it.
  std::function<void(Index done, Index total)> progress{};
  /// Called with one sentence for what a person should know: which columns "all" leaves out.
  std::function<void(const std::string&)> note{};
};

/// A row that holds no molecule, and why.
struct RejectedRow {
  Index row = 0;   ///< counted from 0, without the header
  Index line = 0;  ///< of the file, counted from 1
  std::string smiles;
  std::string reason;  ///< a sentence that holds the SMILES, shortened
};

/// A table of molecules as a dataset.
struct SmilesTable {
  /// Task graph, a graph for each molecule that could be read, in the order of the file:
  /// - `x` sparse, atoms x categories (174 for ogb), in each row the one-hots of nine properties;
  /// - `graph` directed, an edge each way of every bond; `edge_attr` edges x categories (13 for
  ///   ogb), the one-hots of three properties, a row for each edge id;
  /// - `targets` molecules x columns also where there is one column, NaN = not measured; `classes`
  ///   the names of the columns; without targets `y` holds -1 of each;
  /// - `graph_ids`; `rows` and `source_rows`, when rows were rejected;
  /// - `splits` by the split column; `groups`, when scaffolds were asked for.
  data::Dataset dataset;
  std::vector<std::string> smiles;  ///< of each graph, as in the file
  /// The edges of graph g are edge_offsets[g] .. edge_offsets[g + 1] - 1: bond k of the molecule
  /// has edge_offsets[g] + 2 k, from its first atom to its second, and the one behind it, back.
  std::vector<Index> edge_offsets;
  std::vector<Fingerprint> fingerprints;  ///< of each graph, when asked for
  std::vector<RejectedRow> rejected;      ///< ascending
};

/// Reads CSV with a header, or .smi without (in each line a SMILES, a blank and optionally a name:
/// the columns smiles and name), either with .gz. Molecules are parsed and described by several
/// threads; the result is the same for any number.
/// Error(not_found) for a missing file or column, with the columns there are; Error(format) with
/// FILE:LINE for a damaged file, for a target that is no number or, where targets are 0 and 1, is
/// neither, for a molecule where invalid rows are refused; Error(value) when no row holds a
/// molecule, when `all` finds no column, or when of the targets some hold 0 and 1 alone and some
/// other numbers, naming both; Error(usage) for a column that is two things; Error(limit) for more
/// than 2^31 - 1 atoms.
SmilesTable read_smiles_table(const std::string& path, const SmilesTableOptions& options = {});

/// The same of SMILES at hand, of which nothing was measured: of the options count vocabulary,
/// max_length, invalid, threads, progress, fingerprints and scaffolds. The first is line 1 of
/// "SMILES" in messages. Error(value) for none, else as above.
SmilesTable smiles_table(std::span<const std::string> smiles,
                         const SmilesTableOptions& options = {});

}  // namespace AGATE_NAMESPACE::molecules
