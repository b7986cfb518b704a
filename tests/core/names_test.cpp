#include <agate/core/names.hpp>

#include "catch.hpp"

using namespace agate;

namespace {
using Names = std::vector<std::string>;
const Names layer_names{"gcn", "gat", "gatv2", "sage", "transformer"};
}  // namespace

TEST_CASE("names come nearest first, without regard to case") {
  CHECK(nearest_names("gatv3", layer_names)[0] == "gatv2");
  CHECK(nearest_names("GAT", layer_names)[0] == "gat");
  CHECK(nearest_names("transfomer", layer_names)[0] == "transformer");
  CHECK(nearest_names("gat", layer_names).size() == layer_names.size());
  CHECK(nearest_names("gat", {}).empty());
  // Equally near ones keep their order.
  CHECK(nearest_names("", Names{"bb", "aa", "c"}) == Names{"c", "bb", "aa"});
}

TEST_CASE("a near name is proposed, otherwise the known ones are listed") {
  CHECK(suggestion("gta", Names{"sage", "gcn"}) == "; known: gcn, sage");
  CHECK(suggestion("GatV", layer_names) == "; did you mean \"gat\"?");
  CHECK(suggestion("transfomer", layer_names) == "; did you mean \"transformer\"?");
  CHECK(suggestion("perceptron", Names{"x", "y"}) == "; known: x, y");
  CHECK(suggestion("perceptron", Names{"x", "y", "z"}, 2) == "; known: x, y, ...");
  CHECK(suggestion("x", {}).empty());
}

TEST_CASE("lists of names") {
  CHECK(split_names("gat,gcn") == Names{"gat", "gcn"});
  CHECK(split_names("a b,,c,") == Names{"a b", "", "c"});
  CHECK(split_names("").empty());
}
