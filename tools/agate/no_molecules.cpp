// In place of molecules.cpp where agate was built without RDKit.

#include <agate/core/error.hpp>

#include "molecules.hpp"

namespace tool {
namespace {

[[noreturn]] void refuse() {
  agate::fail(agate::ErrorCode::unsupported,
              "molecules: this agate was built without RDKit; install librdkit-dev and build anew");
}

}  // namespace

agate::data::Dataset read_molecules(const RunOptions&, bool, std::shared_ptr<const Molecules>&) {
  refuse();
}

agate::data::Dataset fingerprint_dataset(const agate::data::Dataset&, const Molecules&) {
  refuse();
}

void keep_molecules(const Molecules&, const RunOptions&, const std::vector<agate::Index>&,
                    agate::models::ModelFile&) {
  refuse();
}

RunOptions as_trained(const agate::models::ModelFile&, RunOptions run) {
  if (holds_molecules(run)) refuse();
  return run;
}

std::vector<double> likeness_to_training(const agate::models::ModelFile&, const Molecules&, int) {
  refuse();
}

std::string molecule_svg(const std::string&, const std::vector<double>&, const std::vector<double>&,
                         const std::string&) {
  refuse();
}

std::vector<std::string> atom_symbols(const std::string&) { refuse(); }

}  // namespace tool
