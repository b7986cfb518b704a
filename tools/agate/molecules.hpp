#pragma once
// Molecules, as far as the program knows them. All of RDKit is behind agate::molecules; an agate
// built without it refuses them in one sentence (no_molecules.cpp).

#include <agate/data/split.hpp>
#include <agate/models/model_file.hpp>
#include <agate/molecules/fingerprint.hpp>
#include <string>
#include <vector>

#include "settings.hpp"

namespace tool {

struct Molecules {
  std::vector<std::string> smiles;         // of each graph
  std::vector<agate::Index> edge_offsets;  // as in agate::molecules::SmilesTable
  std::vector<agate::molecules::Fingerprint> fingerprints;
};

// Those of the file that run.smiles names, or the one that it spells, by the options about
// molecules; `may_miss`: targets without a column are not known. Rows without a molecule are listed
// on stderr unless --quiet.
agate::data::Dataset read_molecules(const RunOptions& run, bool may_miss,
                                    std::shared_ptr<const Molecules>& molecules);

// The same molecules, a point for each, with a feature for each bit of its fingerprint: for models
// that see no atoms.
agate::data::Dataset fingerprint_dataset(const agate::data::Dataset& dataset,
                                         const Molecules& molecules);

// Keeps with a model how the molecules became features, and the fingerprints of those it learned
// from.
void keep_molecules(const Molecules& molecules, const RunOptions& run,
                    const std::vector<agate::Index>& learned_from, agate::models::ModelFile& file);
// The run with which further molecules are read for it. Error(usage) where they are molecules and
// the model is one of something else, or the other way round.
RunOptions as_trained(const agate::models::ModelFile& file, RunOptions run);

// Of each molecule the likeness to the nearest one that the model learned from: Tanimoto similarity
// of fingerprints, 0 to 1.
std::vector<double> likeness_to_training(const agate::models::ModelFile& file,
                                         const Molecules& molecules, int threads);

// The molecule as an SVG element on which each atom and bond is coloured by its weight, -1 to 1;
// with a legend the atoms have their numbers.
std::string molecule_svg(const std::string& smiles, const std::vector<double>& atoms,
                         const std::vector<double>& bonds, const std::string& legend);
std::vector<std::string> atom_symbols(const std::string& smiles);

}  // namespace tool
