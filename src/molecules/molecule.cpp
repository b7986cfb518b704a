#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <algorithm>
#include <string_view>

#include "molecules/molecule_data.hpp"
#include "molecules/smiles_fault.hpp"

namespace AGATE_NAMESPACE::molecules {
namespace {

bool is_plain(char c) { return c > 0x20 && c < 0x7F; }

std::string shown(const std::string& smiles) {
  constexpr std::size_t most = 80;
  std::string text = smiles.size() > most ? smiles.substr(0, most - 3) + "..." : smiles;
  std::ranges::replace_if(
      text, [](char c) { return !is_plain(c) && c != ' '; }, '?');
  return text;
}

/// What stands before a name, without the blanks around it.
std::string_view word_of(std::string_view smiles) {
  constexpr std::string_view blanks = " \t\r\n";
  smiles.remove_prefix(std::min(smiles.find_first_not_of(blanks), smiles.size()));
  return smiles.substr(0, smiles.find_first_of(blanks));
}

/// What RDKit::SmilesToMol does, but for one thing: the atoms that might be centres of stereo and
/// are not said to be are not looked for. Nothing here asks for them, and ranking the atoms of a
/// chain of 2,000 takes most of a minute.
std::unique_ptr<RDKit::RWMol> parse(const std::string& smiles) {
  RDKit::SmilesParserParams as_written;
  as_written.sanitize = false;
  as_written.removeHs = false;
  std::unique_ptr<RDKit::RWMol> mol(RDKit::SmilesToMol(smiles, as_written));
  if (!mol) return mol;
  const bool implicit_only = false, update_count = true, sanitize = true;
  RDKit::MolOps::removeHs(*mol, implicit_only, update_count, sanitize);
  const bool clean = true, force = true, flag_possible = false;
  RDKit::MolOps::assignStereochemistry(*mol, clean, force, flag_possible);
  return mol;
}

}  // namespace

Molecule parse_smiles(const std::string& smiles, Index max_length) {
  check(std::ssize(smiles) <= max_length, ErrorCode::limit, "SMILES \"", shown(smiles), "\" has ",
        smiles.size(), " characters, at most ", max_length, " are read");
  const auto refuse = [&](std::string_view reason) {
    fail(ErrorCode::format, "SMILES \"", shown(smiles), "\": ", reason);
  };
  const std::string_view word = word_of(smiles);
  if (word.empty()) refuse("it is empty");
  // RDKit reads on or stops at them as it comes.
  if (!std::ranges::all_of(word, is_plain)) refuse("a character that is not ASCII stands in it");
  std::unique_ptr<RDKit::RWMol> mol;
  try {
    mol = parse(smiles);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    refuse(error.what());
  }
  if (!mol) refuse(smiles_fault(word));
  if (mol->getNumAtoms() == 0) refuse("it has no atoms");
  return Molecule(std::make_shared<const Molecule::Data>(Molecule::Data{std::move(mol)}));
}

Index Molecule::num_atoms() const { return data_->mol->getNumAtoms(); }
Index Molecule::num_bonds() const { return data_->mol->getNumBonds(); }

std::vector<Edge> Molecule::bonds() const {
  std::vector<Edge> bonds;
  for (const RDKit::Bond* bond : data_->mol->bonds())
    bonds.push_back(
        {static_cast<NodeId>(bond->getBeginAtomIdx()), static_cast<NodeId>(bond->getEndAtomIdx())});
  return bonds;
}

std::vector<std::string> Molecule::symbols() const {
  std::vector<std::string> symbols;
  for (const RDKit::Atom* atom : data_->mol->atoms()) symbols.push_back(atom->getSymbol());
  return symbols;
}

std::string Molecule::canonical_smiles() const {
  return translated("canonical SMILES", [&] { return RDKit::MolToSmiles(copy_of(*this)); });
}

}  // namespace AGATE_NAMESPACE::molecules
