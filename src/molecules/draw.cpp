#include <GraphMol/MolDraw2D/MolDraw2DSVG.h>
#include <GraphMol/MolDraw2D/MolDraw2DUtils.h>

#include <agate/molecules/draw.hpp>
#include <cmath>
#include <map>

#include "molecules/molecule_data.hpp"
#include "molecules/tidy_svg.hpp"

namespace AGATE_NAMESPACE::molecules {
namespace {

using Colours = std::map<int, RDKit::DrawColour>;

constexpr int least_size = 50, largest_size = 10000;
constexpr double faintest = 0.02;  // what is nearly white is not painted

void check_weights(const std::vector<double>& weights, Index count, const char* what) {
  check(weights.empty() || std::ssize(weights) == count, ErrorCode::shape,
        "drawing: ", weights.size(), " weights of ", what, ", the molecule has ", count);
  for (std::size_t k = 0; k < weights.size(); ++k)
    check(std::abs(weights[k]) <= 1, ErrorCode::value, "drawing: weight ", k, " of the ", what,
          " is ", weights[k], ", expected -1 to 1");
}

/// Height that the legend leaves.
int check_size(const DrawOptions& options) {
  for (const int size : {options.width, options.height})
    check(size >= least_size && size <= largest_size, ErrorCode::value, "drawing: a size of ", size,
          " pixels, expected ", least_size, " to ", largest_size);
  const int lines = svg_line_count(options.legend);
  check(lines <= (options.height - least_size) / svg_line_height, ErrorCode::value,
        "drawing: a legend of ", lines, " lines leaves no room in ", options.height, " pixels");
  return options.height - lines * svg_line_height - (lines > 0 ? svg_line_height / 3 : 0);
}

/// Sky blue, white and orange at -1, 0 and 1.
RDKit::DrawColour heat(double weight) {
  const double end[2][3] = {{0x56, 0xB4, 0xE9}, {0xE6, 0x9F, 0x00}};
  const auto mixed = [&](int channel) {
    return 1 + std::abs(weight) * (end[weight > 0][channel] / 255 - 1);
  };
  return {mixed(0), mixed(1), mixed(2)};
}

Colours heats(const std::vector<double>& weights) {
  Colours colours;
  for (std::size_t k = 0; k < weights.size(); ++k)
    if (std::abs(weights[k]) >= faintest) colours[static_cast<int>(k)] = heat(weights[k]);
  return colours;
}

std::vector<int> keys_of(const Colours& colours) {
  std::vector<int> keys;
  for (const auto& [key, colour] : colours) keys.push_back(key);
  return keys;
}

std::string draw(const Molecule& molecule, const DrawOptions& options, int height) {
  RDKit::RWMol mol = copy_of(molecule);
  // Hydrogens drawn at centres of stereo would have numbers too, which no atom of ours has.
  const bool kekulize = true, stereo_hydrogens = !options.atom_numbers;
  RDKit::MolDraw2DUtils::prepareMolForDrawing(mol, kekulize, stereo_hydrogens);
  RDKit::MolDraw2DSVG drawer(options.width, height);
  RDKit::MolDrawOptions& drawn = drawer.drawOptions();
  drawn.prepareMolsBeforeDrawing = false;
  drawn.includeMetadata = false;
  drawn.addAtomIndices = options.atom_numbers;
  drawn.atomHighlightsAreCircles = true;
  drawn.fixedBondLength = 45;  // of a small molecule; a larger one is fitted into the picture
  const Colours atoms = heats(options.atom_weights), bonds = heats(options.bond_weights);
  // A red O on orange and a blue N on blue cannot be read.
  if (!options.atom_weights.empty() || !options.bond_weights.empty())
    RDKit::assignBWPalette(drawn.atomColourPalette);
  std::map<int, double> radii;
  for (const auto& [atom, colour] : atoms)
    radii[atom] = 0.2 + 0.2 * std::abs(options.atom_weights[static_cast<std::size_t>(atom)]);
  const std::vector<int> atom_keys = keys_of(atoms), bond_keys = keys_of(bonds);
  drawer.drawMolecule(mol, "", &atom_keys, &bond_keys, &atoms, &bonds, &radii);
  drawer.finishDrawing();
  return svg_body(drawer.getDrawingText());
}

}  // namespace

std::string draw_svg(const Molecule& molecule, const DrawOptions& options) {
  check_weights(options.atom_weights, molecule.num_atoms(), "atoms");
  check_weights(options.bond_weights, molecule.num_bonds(), "bonds");
  const int height = check_size(options);
  const std::string body = translated("drawing", [&] { return draw(molecule, options, height); });
  const std::string w = std::to_string(options.width), h = std::to_string(options.height);
  const std::string head = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w +
                           "\" height=\"" + h + "\" viewBox=\"0 0 " + w + " " + h + "\">\n";
  const std::string paper = "<rect width=\"" + w + "\" height=\"" + h + "\" fill=\"#ffffff\"/>\n";
  return head + paper + body + svg_lines(options.legend, options.width, height) + "</svg>\n";
}

}  // namespace AGATE_NAMESPACE::molecules
