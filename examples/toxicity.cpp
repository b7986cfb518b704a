// Molecules: is a little of a drug already too much, and which atoms say so?
//   toxicity fdamdd.csv "CC(=O)Oc1ccccc1C(=O)O"
#include <agate/data/split.hpp>
#include <agate/explain/attribution.hpp>
#include <agate/io/file.hpp>
#include <agate/models/predict.hpp>
#include <agate/molecules/draw.hpp>
#include <agate/molecules/smiles_table.hpp>
#include <agate/train/presets.hpp>
#include <agate/train/trainer.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>

int main(int argc, char** argv) {
  const std::string path = argc > 1 ? argv[1] : "datasets/fdamdd/fdamdd.csv";
  const std::string drug = argc > 2 ? argv[2] : "CC(=O)Oc1ccccc1C(=O)O";  // aspirin
  const auto table = agate::molecules::read_smiles_table(path, {.targets = {"low_dose"}});
  const auto& data = table.dataset;

  agate::models::ModelConfig config{.model = "attentive_fp"};
  agate::train::TrainOptions options;
  agate::train::apply_preset("molecule", config, options);
  config.task = "graph";
  config.in = data.num_features();
  config.edge_dim = data.num_edge_features();
  config.out = data.num_classes();
  config.hidden = 64;
  options.epochs = 30;
  const auto split = agate::data::make_split(data, agate::data::RandomSplit{0.8, 0.1, 0.1}, 0);
  const auto model = agate::models::make_model(config, 0);
  const auto result = agate::train::fit(*model, data, split, options, 0);
  std::printf("ROC-AUC of the test drugs %.3f\n", result.test.metric);

  const std::vector<std::string> one{drug};
  auto asked = agate::molecules::smiles_table(one).dataset;
  const double logit = agate::models::predict(*model, asked).item();
  std::printf("%s: probability of a low dose %.2f\n", drug.c_str(), 1 / (1 + std::exp(-logit)));
  asked.targets = agate::Tensor::full({1, 1}, std::nanf(""));  // a label is told, not a class
  auto atoms = agate::explain::attribute("occlusion", *model, asked, 0).nodes;
  const auto [least, most] = std::ranges::minmax(atoms);
  const double scale = std::max({std::abs(least), std::abs(most), 1e-9});
  for (double& share : atoms) share /= scale;
  agate::io::write_file("drug.svg",
                        agate::molecules::draw_svg(agate::molecules::parse_smiles(drug),
                                                   {.atom_weights = atoms, .legend = drug}));
}
