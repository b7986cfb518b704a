#include <zlib.h>

#include <agate/data/split.hpp>
#include <agate/graph/edges.hpp>
#include <agate/molecules/smiles_table.hpp>
#include <cmath>

#include "catch.hpp"
#include "data_folder.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::molecules;

namespace {

const std::string table_text =
    "mol_id,NR-AR,NR-ER,smiles,part\n"
    "a,0,,CCO,train\n"
    "b,1,1,C1CC,train\n"
    "c,,0,c1ccccc1,val\n"
    "d,1,1,[Na+].[Cl-],test\n"
    "e,0,1,,test\n";

SmilesTable read(const std::string& text, const SmilesTableOptions& options = {}) {
  TemporaryFolder folder;
  return read_smiles_table(folder.file("t.csv", text), options);
}

template <class T>
std::vector<T> to_vector(std::span<const T> span) {
  return {span.begin(), span.end()};
}

}  // namespace

TEST_CASE("a table of SMILES becomes one graph for each molecule", "[molecules]") {
  const SmilesTable table =
      read(table_text, {.targets = {"all"}, .id_column = "mol_id", .split_column = "part"});
  const data::Dataset& d = table.dataset;
  CHECK(d.name == "t");
  CHECK(d.task == data::Task::graph);
  CHECK(d.graph_offsets == std::vector<Index>{0, 3, 9, 11});
  CHECK(d.graph_ids == std::vector<std::string>{"a", "c", "d"});
  CHECK(table.smiles == std::vector<std::string>{"CCO", "c1ccccc1", "[Na+].[Cl-]"});
  CHECK(d.classes == std::vector<std::string>{"NR-AR", "NR-ER"});
  CHECK_FALSE(d.regression);
  REQUIRE(d.targets.shape() == Shape{3, 2});
  CHECK(d.targets.row(0)[0] == 0);
  CHECK(std::isnan(d.targets.row(0)[1]));
  CHECK(d.targets.row(2)[1] == 1);
  REQUIRE(d.splits.size() == 1);
  CHECK(d.splits[0].train == std::vector<Index>{0});
  CHECK(d.splits[0].val == std::vector<Index>{1});
  CHECK(d.splits[0].test == std::vector<Index>{2});
}

TEST_CASE("rows that hold no molecule are listed, and the others keep their row", "[molecules]") {
  const SmilesTable table = read(table_text);
  REQUIRE(table.rejected.size() == 2);
  CHECK(table.rejected[0].row == 1);
  CHECK(table.rejected[0].line == 3);
  CHECK(table.rejected[0].smiles == "C1CC");
  CHECK(table.rejected[0].reason == "SMILES \"C1CC\": ring bond 1 is opened and never closed");
  CHECK(table.rejected[1].reason == "SMILES \"\": it is empty");
  CHECK(table.dataset.rows == std::vector<Index>{0, 2, 3});
  CHECK(table.dataset.source_rows == 5);
  CHECK(table.dataset.graph_ids[0] == "CCO");
  // Nothing is asked of them: to be predicted.
  CHECK(table.dataset.targets.empty());
  CHECK(table.dataset.y == std::vector<int>{-1, -1, -1});

  const Refusal r = refusal([] { read(table_text, {.invalid = InvalidRows::refuse}); });
  CHECK(r.code == ErrorCode::format);
  CHECK(r.says("t.csv:3: SMILES \"C1CC\": ring bond 1"));
  // A file of splits names rows.
  TemporaryFolder folder;
  const SmilesTable labelled = read(table_text, {.targets = {"NR-ER"}});
  const auto split = data::make_split(
      labelled.dataset,
      data::FileSplit{folder.file("s.json", R"({"train": [4, 3], "valid": [1, 2], "test": [0]})")},
      0);
  CHECK(split.train == std::vector<Index>{2});
  CHECK(split.val == std::vector<Index>{1});
}

TEST_CASE("atoms and bonds of a packed molecule are found again", "[molecules]") {
  for (const Vocabulary vocabulary : {Vocabulary::ogb, Vocabulary::pyg}) {
    const SmilesTable table =
        read("smiles\nCl[C@H](/C=C/C)Br\nC\nOC(=O)C\n", {.vocabulary = vocabulary});
    const data::Dataset& d = table.dataset;
    CHECK(table.edge_offsets == std::vector<Index>{0, 10, 10, 16});
    const auto& x = std::get<SparseMatrix>(d.x);
    CHECK(x.cols() == std::ssize(atom_columns(vocabulary)));
    CHECK(d.edge_attr.cols() == std::ssize(bond_columns(vocabulary)));
    const auto edges = edge_list(d.graph);
    for (Index g = 0; g < 3; ++g) {
      const Molecule molecule = parse_smiles(table.smiles[g]);
      const MoleculeFeatures known = features(molecule, vocabulary);
      const Tensor dense = x.to_dense();
      for (Index a = 0; a < molecule.num_atoms(); ++a) {
        Index begin = 0;
        for (std::size_t p = 0; p < 9; ++p) {
          CHECK(dense.row(d.graph_offsets[g] + a)[begin + known.atoms[a][p]] == 1);
          begin += std::ssize(atom_properties(vocabulary)[p].categories);
        }
        CHECK(x.offsets()[d.graph_offsets[g] + a + 1] - x.offsets()[d.graph_offsets[g] + a] == 9);
      }
      const auto bonds = molecule.bonds();
      for (Index k = 0; k < molecule.num_bonds(); ++k) {
        const Index e = table.edge_offsets[g] + 2 * k;
        const auto first = static_cast<NodeId>(d.graph_offsets[g]);
        const Edge bond{bonds[k].source + first, bonds[k].target + first};
        CHECK(edges[e] == bond);
        CHECK(edges[e + 1] == Edge{bond.target, bond.source});
        for (const Index id : {e, e + 1}) {
          CHECK(d.edge_attr.row(id)[known.bonds[k][0]] == 1);
          Real sum = 0;
          for (Index c = 0; c < d.edge_attr.cols(); ++c) sum += d.edge_attr.row(id)[c];
          CHECK(sum == 3);
        }
      }
    }
  }
}

TEST_CASE("targets: 0 and 1, numbers, or a mixture that is refused", "[molecules]") {
  const std::string text = "name,Smiles,toxic,logP,note\nx,CC,1,0.5,\ny,CCC,0,-1,\nz,CCCC,,,\n";
  CHECK(read(text, {.targets = {"toxic"}}).dataset.is_multi_label());
  CHECK(read(text, {.targets = {"toxic"}}).dataset.classes.size() == 1);
  CHECK(read(text, {.targets = {"logP"}}).dataset.regression);
  CHECK(read(text, {.targets = {"all"}, .regression = true}).dataset.targets.cols() == 2);
  const data::Dataset cut = read(text, {.targets = {"toxic", "logP>0"}}).dataset;
  CHECK(cut.targets.row(1)[1] == 0);
  CHECK_FALSE(cut.regression);
  std::string told;
  read(text, {.targets = {"all"}, .regression = true, .note = [&](const std::string& sentence) {
                told += sentence;
              }});
  CHECK(told.find("are no targets: name, note") != told.npos);

  const Refusal mixed = refusal([&] { read(text, {.targets = {"all"}}); });
  CHECK(mixed.code == ErrorCode::value);
  CHECK(mixed.says("target \"toxic\" holds 0 and 1 alone and target \"logP\" other numbers"));
  const Refusal number = refusal([&] { read(text, {.targets = {"logP"}, .regression = false}); });
  CHECK(number.code == ErrorCode::format);
  CHECK(number.says("t.csv:2: column \"logP\": \"0.5\" is neither 0 nor 1"));
  CHECK(refusal([&] { read(text, {.targets = {"name"}}); }).says("column \"name\""));
  const Refusal missing = refusal([&] { read(text, {.targets = {"toxik"}}); });
  CHECK(missing.code == ErrorCode::not_found);
  CHECK(missing.says("no column \"toxik\"; there are: toxic"));
  const data::Dataset unknown =
      read(text, {.targets = {"toxic", "other"}, .missing_targets = true}).dataset;
  CHECK(unknown.classes == std::vector<std::string>{"toxic", "other"});
  CHECK(std::isnan(unknown.targets.row(0)[1]));
  CHECK(refusal([&] { read(text, {.targets = {"toxic", "toxic"}}); }).code == ErrorCode::usage);
  CHECK(refusal([&] { read(text, {.targets = {"Smiles"}}); }).says("both SMILES and label"));
  CHECK(refusal([] { read("smiles,a\nCC,x\n", {.targets = {"all"}}); }).says("no column holds"));
}

TEST_CASE("files of molecules that cannot be read", "[molecules]") {
  const Refusal column = refusal([] { read("a,b\n1,2\n"); });
  CHECK(column.code == ErrorCode::not_found);
  CHECK(column.says("no column \"smiles\"; there are: a, b"));
  CHECK(refusal([] { read("a,b\n1,2\n", {.smiles_column = "c"}); }).says("no column \"c\""));
  CHECK(refusal([] { read("smiles\n"); }).says("there is no row under the header"));
  const Refusal none = refusal([] { read("smiles\nC1\nC2\n"); });
  CHECK(none.code == ErrorCode::value);
  CHECK(none.says("none of the 2 rows holds a molecule; line 2: SMILES \"C1\": ring bond 1"));
  CHECK(refusal([] { read_smiles_table("nowhere.csv"); }).code == ErrorCode::not_found);
  const Refusal stopped = refusal([] {
    read("smiles\nC\n", {.progress = [](Index, Index) { fail(ErrorCode::interrupted, "stop"); }});
  });
  CHECK(stopped.code == ErrorCode::interrupted);
}

TEST_CASE("a .smi file has no header, and names behind the SMILES", "[molecules]") {
  TemporaryFolder folder;
  const SmilesTable table = read_smiles_table(
      folder.file("a.smi", "CCO ethyl alcohol\r\n\nC1CC\n\tCC\t \nc1ccccc1\tb\n"));
  CHECK(table.dataset.graph_ids == std::vector<std::string>{"ethyl alcohol", "CC", "b"});
  CHECK(table.rejected.size() == 1);
  CHECK(table.rejected[0].line == 3);
  CHECK(read_smiles_table(folder.file("b.smiles", "SMILES name\nCC x\n")).smiles.size() == 1);
  CHECK(refusal([&] { read_smiles_table(folder.file("c.smi", "\n")); }).says("c.smi: is empty"));
  const std::string packed = folder.path("d.smi.gz");
  const gzFile file = gzopen(packed.c_str(), "wb");
  gzputs(file, "CC x\n");
  gzclose(file);
  CHECK(read_smiles_table(packed).dataset.graph_ids[0] == "x");
  CHECK(read_smiles_table(packed).dataset.name == "d");
}

TEST_CASE("SMILES at hand, with their fingerprints", "[molecules]") {
  const std::vector<std::string> smiles{"CCO", "C1CC", "c1ccccc1"};
  const SmilesTable table = smiles_table(smiles, {.fingerprints = FingerprintOptions{}});
  CHECK(table.smiles == std::vector<std::string>{"CCO", "c1ccccc1"});
  CHECK(table.dataset.num_nodes() == 9);
  CHECK(table.dataset.classes.empty());
  REQUIRE(table.rejected.size() == 1);
  CHECK(table.rejected[0].row == 1);
  REQUIRE(table.fingerprints.size() == 2);
  CHECK(table.fingerprints[1] == morgan_fingerprint(parse_smiles("c1ccccc1")));
  CHECK_THROWS_WITH(smiles_table(smiles, {.invalid = InvalidRows::refuse}),
                    Catch::Contains("SMILES:2"));
  CHECK_THROWS_AS(smiles_table({}), Error);
}

TEST_CASE("Tox21 is the same read by any number of threads", "[molecules]") {
  const char* folder = data_folder();
  if (!folder) return;
  const std::string path = std::string(folder) + "/molecules/tox21.csv.gz";
  const auto read_by = [&](int threads) {
    Index last = 0;
    SmilesTable table = read_smiles_table(
        path, {.targets = {"all"}, .threads = threads, .progress = [&](Index done, Index total) {
                 CHECK((done > last && total == 7831));
                 last = done;
               }});
    CHECK(last == 7831);
    return table;
  };
  const SmilesTable one = read_by(1);
  const data::Dataset& d = one.dataset;
  CHECK(d.num_graphs() == 7831);
  CHECK(d.num_nodes() == 145459);
  CHECK(d.graph.num_edges() == 302190);
  CHECK(d.targets.cols() == 12);
  CHECK(d.rows.empty());
  const auto& x = std::get<SparseMatrix>(d.x);
  for (const int threads : {2, 3}) {
    const SmilesTable other = read_by(threads);
    const auto& y = std::get<SparseMatrix>(other.dataset.x);
    CHECK(to_vector(x.columns()) == to_vector(y.columns()));
    CHECK(to_vector(d.graph.edge_ids()) == to_vector(other.dataset.graph.edge_ids()));
    CHECK(to_vector(d.graph.sources()) == to_vector(other.dataset.graph.sources()));
    CHECK(std::equal(d.edge_attr.values().begin(), d.edge_attr.values().end(),
                     other.dataset.edge_attr.values().begin()));
    CHECK(other.edge_offsets == one.edge_offsets);
  }
}
