#include <agate/molecules/draw.hpp>
#include <cmath>
#include <thread>

#include "catch.hpp"
#include "explain/svg_check.hpp"

using namespace agate;
using namespace agate::molecules;

TEST_CASE("drawings are well-formed SVG of the size asked for", "[molecules]") {
  std::string peptide;
  for (int i = 0; i < 40; ++i) peptide += "NCC(=O)C";
  for (const std::string& smiles :
       {std::string("CC(=O)Nc1ccc(O)cc1"), std::string("[Na+].[Cl-]"), std::string("[13CH4]"),
        std::string("Cl[C@H](/C=C/C)Br"), std::string("*C"), std::string("[OH-]"), peptide}) {
    const std::string svg = draw_svg(parse_smiles(smiles), {.width = 500, .height = 200});
    INFO(smiles);
    CHECK(xml_fault(svg) == "");
    CHECK(svg.starts_with("<svg xmlns="));
    CHECK(attributes_of(svg, "<svg", "width") == std::vector<double>{500});
    CHECK(attributes_of(svg, "<svg", "height") == std::vector<double>{200});
    CHECK(count(svg, "<path") + count(svg, "<text") > 0);
  }
}

TEST_CASE("weights colour atoms and bonds", "[molecules]") {
  const Molecule propane = parse_smiles("CCC");
  const auto is_drawn = [](const std::string& svg, const std::string& colour) {
    return count(svg, "fill:" + colour) > 0;
  };
  const std::string plain = draw_svg(propane);
  CHECK(count(plain, "<ellipse") == 0);
  const std::string atoms = draw_svg(propane, {.atom_weights = {-1, 0, 1}});
  CHECK(xml_fault(atoms) == "");
  CHECK(count(atoms, "<ellipse") == 2);
  CHECK(is_drawn(atoms, "#56B4E9"));
  CHECK(is_drawn(atoms, "#E69F00"));
  const std::string bonds = draw_svg(propane, {.bond_weights = {0.5, 0}});
  CHECK(count(bonds, "<ellipse") == 0);
  CHECK(is_drawn(bonds, "#F2CF7F"));
  // The symbols on them are black.
  CHECK(count(draw_svg(parse_smiles("CO")), "#FF0000") > 0);
  CHECK(count(draw_svg(parse_smiles("CO"), {.atom_weights = {0, 1}}), "#FF0000") == 0);
}

TEST_CASE("the legend is text, escaped, a line for each line and cut to the width", "[molecules]") {
  const std::string svg =
      draw_svg(parse_smiles("CCO"), {.legend = "p < 0.5 & \"q\"\n\xC3\xA9thanol\x01"});
  CHECK(xml_fault(svg) == "");
  CHECK(count(svg, "<text") == 2);
  CHECK(count(svg, ">p &lt; 0.5 &amp; &quot;q&quot;</text>") == 1);
  CHECK(count(svg, ">\xC3\xA9thanol </text>") == 1);
  const std::string cut = draw_svg(parse_smiles("CCO"), {.legend = std::string(300, 'x')});
  CHECK(count(cut, "\xE2\x80\xA6</text>") == 1);
  CHECK(count(cut, std::string(60, 'x')) == 0);
  CHECK(count(draw_svg(parse_smiles("CCO"), {.atom_numbers = true}), "<path") >
        count(draw_svg(parse_smiles("CCO")), "<path"));
}

TEST_CASE("drawings that cannot be made are refused", "[molecules]") {
  const Molecule ethanol = parse_smiles("CCO");
  const auto refused = [&](const DrawOptions& options) {
    return refusal([&] { draw_svg(ethanol, options); });
  };
  CHECK(refused({.atom_weights = {1}}).says("1 weights of atoms, the molecule has 3"));
  CHECK(refused({.bond_weights = {1, 0, 0}}).says("3 weights of bonds, the molecule has 2"));
  CHECK(refused({.atom_weights = {0, 1.5, 0}}).says("weight 1 of the atoms is 1.5, expected -1"));
  CHECK(refused({.atom_weights = {0, NAN, 0}}).code == ErrorCode::value);
  CHECK(refused({.width = 10}).says("a size of 10 pixels, expected 50 to 10000"));
  CHECK(refused({.height = 100, .legend = "a\nb\nc\nd"}).says("leaves no room in 100 pixels"));
}

TEST_CASE("many threads draw the same", "[molecules]") {
  const Molecule shared = parse_smiles("CC(=O)Oc1ccccc1C(=O)O");
  const std::string expected = draw_svg(shared);
  std::vector<std::string> drawn(6);
  std::vector<std::thread> threads;
  for (std::string& svg : drawn) threads.emplace_back([&] { svg = draw_svg(shared); });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& svg : drawn) CHECK(svg == expected);
}
