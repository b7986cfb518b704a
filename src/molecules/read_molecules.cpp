#include "molecules/read_molecules.hpp"

#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <agate/molecules/scaffold.hpp>
#include <limits>
#include <mutex>

namespace AGATE_NAMESPACE::molecules {
namespace {

constexpr Index molecules_per_chunk = 32;  // some 5 milliseconds

ReadMolecule read_one(const std::string& smiles, const SmilesTableOptions& options) try {
  const Molecule molecule = parse_smiles(smiles, options.max_length);
  ReadMolecule read{.features = features(molecule, options.vocabulary),
                    .bonds = molecule.bonds(),
                    .scaffold = options.scaffolds ? murcko_scaffold(molecule) : ""};
  if (options.fingerprints) read.fingerprint = morgan_fingerprint(molecule, *options.fingerprints);
  return read;
} catch (const Error& error) {
  return {.reason = error.what()};
}

/// Where the one-hot of each property begins.
template <std::size_t n>
std::array<NodeId, n + 1> begins_of(const std::array<Property, n>& properties) {
  std::array<NodeId, n + 1> begins{};
  for (std::size_t p = 0; p < n; ++p)
    begins[p + 1] = begins[p] + static_cast<NodeId>(properties[p].categories.size());
  return begins;
}

/// The atoms of one molecule after the other.
class Packer {
 public:
  explicit Packer(Vocabulary vocabulary)
      : atom_begins_(begins_of(atom_properties(vocabulary))),
        bond_begins_(begins_of(bond_properties(vocabulary))) {}

  void add(const ReadMolecule& molecule) {
    const Index first = nodes_;
    nodes_ += std::ssize(molecule.features.atoms);
    check(nodes_ <= std::numeric_limits<NodeId>::max(), ErrorCode::limit,
          "molecules: more than 2^31 - 1 atoms");
    for (const AtomCategories& atom : molecule.features.atoms) {
      for (std::size_t p = 0; p < atom.size(); ++p) x_.columns.push_back(atom_begins_[p] + atom[p]);
      x_.offsets.push_back(std::ssize(x_.columns));
    }
    for (const auto& [a, b] : molecule.bonds) {
      const auto source = static_cast<NodeId>(first + a), target = static_cast<NodeId>(first + b);
      edges_.push_back({source, target});
      edges_.push_back({target, source});
    }
    bonds_.insert(bonds_.end(), molecule.features.bonds.begin(), molecule.features.bonds.end());
    node_offsets_.push_back(nodes_);
    edge_offsets_.push_back(std::ssize(edges_));
  }

  void finish(SmilesTable& table) && {
    data::Dataset& d = table.dataset;
    d.graph = Graph::from_edges(nodes_, edges_);
    x_.values.assign(x_.columns.size(), Real(1));
    d.x = SparseMatrix(nodes_, atom_begins_.back(), std::move(x_));
    d.edge_attr = Tensor::zeros({std::ssize(edges_), Index{bond_begins_.back()}});
    for (Index e = 0; e < std::ssize(edges_); ++e)
      for (std::size_t p = 0; p < 3; ++p)
        d.edge_attr.row(e)[bond_begins_[p] + bonds_[e / 2][p]] = 1;
    d.graph_offsets = std::move(node_offsets_);
    table.edge_offsets = std::move(edge_offsets_);
  }

 private:
  const std::array<NodeId, 10> atom_begins_;
  const std::array<NodeId, 4> bond_begins_;
  Index nodes_ = 0;
  CsrArrays x_{.offsets = {0}, .columns = {}, .values = {}};
  std::vector<Edge> edges_;
  std::vector<BondCategories> bonds_;
  std::vector<Index> node_offsets_{0}, edge_offsets_{0};
};

}  // namespace

std::vector<ReadMolecule> read_molecules(std::span<const std::string> smiles,
                                         const SmilesTableOptions& options) {
  const Index total = std::ssize(smiles);
  std::vector<ReadMolecule> read(smiles.size());
  std::mutex mutex;
  Index done = 0;
  parallel_for(options.threads, total, molecules_per_chunk, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) read[i] = read_one(smiles[i], options);
    if (!options.progress) return;
    const std::lock_guard lock(mutex);
    options.progress(done += end - begin, total);
  });
  return read;
}

void pack(std::vector<ReadMolecule> read, Vocabulary vocabulary, SmilesTable& table) {
  Packer packer(vocabulary);
  for (ReadMolecule& molecule : read) {
    if (!molecule.reason.empty()) continue;
    packer.add(molecule);
    molecule = {};
  }
  std::move(packer).finish(table);
}

}  // namespace AGATE_NAMESPACE::molecules
