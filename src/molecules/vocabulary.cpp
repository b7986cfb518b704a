#include "molecules/vocabulary.hpp"

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>

#include <agate/core/error.hpp>
#include <string>

namespace AGATE_NAMESPACE::molecules {
namespace {

using RDKit::Atom;
using RDKit::Bond;

struct Word {
  const char* name;
  int number;
};
/// The categories of one property.
struct List {
  std::vector<std::string> names;
  std::vector<int> numbers;
};

List named(std::initializer_list<Word> words) {
  List list;
  for (const Word& word : words) {
    list.names.emplace_back(word.name);
    list.numbers.push_back(word.number);
  }
  return list;
}
List range(int first, int last) {
  List list;
  for (int number = first; number <= last; ++number) {
    list.names.push_back(std::to_string(number));
    list.numbers.push_back(number);
  }
  return list;
}
List or_misc(List list) {
  list.names.emplace_back("misc");
  return list;
}
List no_yes() { return named({{"False", 0}, {"True", 1}}); }

Words assemble(std::array<List, 9> atoms, std::array<List, 3> bonds) {
  constexpr std::array atom_names{"atomic_num",    "chirality",   "degree",
                                  "formal_charge", "num_hs",      "num_radical_electrons",
                                  "hybridization", "is_aromatic", "is_in_ring"};
  constexpr std::array bond_names{"bond_type", "stereo", "is_conjugated"};
  Words words;
  for (std::size_t p = 0; p < atoms.size(); ++p) {
    words.atoms[p] = {atom_names[p], std::move(atoms[p].names)};
    words.atom_numbers[p] = std::move(atoms[p].numbers);
  }
  for (std::size_t p = 0; p < bonds.size(); ++p) {
    words.bonds[p] = {bond_names[p], std::move(bonds[p].names)};
    words.bond_numbers[p] = std::move(bonds[p].numbers);
  }
  return words;
}

Words ogb_words() {
  const List chirality = named({{"CHI_UNSPECIFIED", Atom::CHI_UNSPECIFIED},
                                {"CHI_TETRAHEDRAL_CW", Atom::CHI_TETRAHEDRAL_CW},
                                {"CHI_TETRAHEDRAL_CCW", Atom::CHI_TETRAHEDRAL_CCW},
                                {"CHI_OTHER", Atom::CHI_OTHER}});
  const List hybridization = named({{"SP", Atom::SP},
                                    {"SP2", Atom::SP2},
                                    {"SP3", Atom::SP3},
                                    {"SP3D", Atom::SP3D},
                                    {"SP3D2", Atom::SP3D2}});
  const List bond_type = named({{"SINGLE", Bond::SINGLE},
                                {"DOUBLE", Bond::DOUBLE},
                                {"TRIPLE", Bond::TRIPLE},
                                {"AROMATIC", Bond::AROMATIC}});
  const List stereo = named({{"STEREONONE", Bond::STEREONONE},
                             {"STEREOZ", Bond::STEREOZ},
                             {"STEREOE", Bond::STEREOE},
                             {"STEREOCIS", Bond::STEREOCIS},
                             {"STEREOTRANS", Bond::STEREOTRANS},
                             {"STEREOANY", Bond::STEREOANY}});
  return assemble(
      {or_misc(range(1, 118)), or_misc(chirality), or_misc(range(0, 10)), or_misc(range(-5, 5)),
       or_misc(range(0, 8)), or_misc(range(0, 4)), or_misc(hybridization), no_yes(), no_yes()},
      {or_misc(bond_type), stereo, no_yes()});
}

List pyg_bond_type() {
  return named({{"UNSPECIFIED", Bond::UNSPECIFIED},
                {"SINGLE", Bond::SINGLE},
                {"DOUBLE", Bond::DOUBLE},
                {"TRIPLE", Bond::TRIPLE},
                {"QUADRUPLE", Bond::QUADRUPLE},
                {"QUINTUPLE", Bond::QUINTUPLE},
                {"HEXTUPLE", Bond::HEXTUPLE},
                {"ONEANDAHALF", Bond::ONEANDAHALF},
                {"TWOANDAHALF", Bond::TWOANDAHALF},
                {"THREEANDAHALF", Bond::THREEANDAHALF},
                {"FOURANDAHALF", Bond::FOURANDAHALF},
                {"FIVEANDAHALF", Bond::FIVEANDAHALF},
                {"AROMATIC", Bond::AROMATIC},
                {"IONIC", Bond::IONIC},
                {"HYDROGEN", Bond::HYDROGEN},
                {"THREECENTER", Bond::THREECENTER},
                {"DATIVEONE", Bond::DATIVEONE},
                {"DATIVE", Bond::DATIVE},
                {"DATIVEL", Bond::DATIVEL},
                {"DATIVER", Bond::DATIVER},
                {"OTHER", Bond::OTHER},
                {"ZERO", Bond::ZERO}});
}

Words pyg_words() {
  const List chirality = named({{"CHI_UNSPECIFIED", Atom::CHI_UNSPECIFIED},
                                {"CHI_TETRAHEDRAL_CW", Atom::CHI_TETRAHEDRAL_CW},
                                {"CHI_TETRAHEDRAL_CCW", Atom::CHI_TETRAHEDRAL_CCW},
                                {"CHI_OTHER", Atom::CHI_OTHER},
                                {"CHI_TETRAHEDRAL", Atom::CHI_TETRAHEDRAL},
                                {"CHI_ALLENE", Atom::CHI_ALLENE},
                                {"CHI_SQUAREPLANAR", Atom::CHI_SQUAREPLANAR},
                                {"CHI_TRIGONALBIPYRAMIDAL", Atom::CHI_TRIGONALBIPYRAMIDAL},
                                {"CHI_OCTAHEDRAL", Atom::CHI_OCTAHEDRAL}});
  const List hybridization = named({{"UNSPECIFIED", Atom::UNSPECIFIED},
                                    {"S", Atom::S},
                                    {"SP", Atom::SP},
                                    {"SP2", Atom::SP2},
                                    {"SP3", Atom::SP3},
                                    {"SP3D", Atom::SP3D},
                                    {"SP3D2", Atom::SP3D2},
                                    {"OTHER", Atom::OTHER}});
  const List stereo = named({{"STEREONONE", Bond::STEREONONE},
                             {"STEREOANY", Bond::STEREOANY},
                             {"STEREOZ", Bond::STEREOZ},
                             {"STEREOE", Bond::STEREOE},
                             {"STEREOCIS", Bond::STEREOCIS},
                             {"STEREOTRANS", Bond::STEREOTRANS}});
  return assemble({range(0, 118), chirality, range(0, 10), range(-5, 6), range(0, 8), range(0, 4),
                   hybridization, no_yes(), no_yes()},
                  {pyg_bond_type(), stereo, no_yes()});
}

template <std::size_t n>
std::vector<std::string> columns_of(const std::array<Property, n>& properties) {
  std::vector<std::string> columns;
  for (const Property& property : properties)
    for (const std::string& category : property.categories)
      columns.push_back(property.name + "=" + category);
  return columns;
}

}  // namespace

const Words& words_of(Vocabulary vocabulary) {
  static const Words ogb = ogb_words(), pyg = pyg_words();
  return vocabulary == Vocabulary::ogb ? ogb : pyg;
}

std::string to_string(Vocabulary vocabulary) {
  return vocabulary == Vocabulary::ogb ? "ogb" : "pyg";
}

Vocabulary parse_vocabulary(const std::string& text) {
  for (const Vocabulary vocabulary : {Vocabulary::ogb, Vocabulary::pyg})
    if (to_string(vocabulary) == text) return vocabulary;
  fail(ErrorCode::usage, "vocabulary of molecules: \"", text, "\" is not one of ogb, pyg");
}

const std::array<Property, 9>& atom_properties(Vocabulary vocabulary) {
  return words_of(vocabulary).atoms;
}
const std::array<Property, 3>& bond_properties(Vocabulary vocabulary) {
  return words_of(vocabulary).bonds;
}
std::vector<std::string> atom_columns(Vocabulary vocabulary) {
  return columns_of(atom_properties(vocabulary));
}
std::vector<std::string> bond_columns(Vocabulary vocabulary) {
  return columns_of(bond_properties(vocabulary));
}

}  // namespace AGATE_NAMESPACE::molecules
