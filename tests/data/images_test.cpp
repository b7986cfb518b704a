#include <agate/data/catalogue.hpp>
#include <agate/data/images.hpp>
#include <agate/data/split.hpp>
#include <algorithm>

#include "catch.hpp"
#include "temporary_folder.hpp"

using namespace agate;
using namespace agate::data;

namespace {

const std::string shipped_folder = AGATE_SOURCE_DIR "/datasets";

}  // namespace

TEST_CASE("images become graphs of pixels", "[data]") {
  TemporaryFolder folder;
  const std::string path = folder.file("tiny.csv", "0,1,2,8,0,4,7\r\n1,1,1,1,1,1,-3\r\n");
  const Dataset d = read_images(path, 2, 3);
  CHECK(d.name == "tiny");
  CHECK(d.task == Task::graph);
  CHECK(d.num_graphs() == 2);
  CHECK(d.num_nodes() == 12);
  CHECK(d.graph.is_undirected());
  CHECK(d.graph.num_edges() == 2 * 11);
  CHECK(d.classes == std::vector<std::string>{"-3", "7"});
  CHECK(d.y == std::vector<int>{1, 0});
  const Tensor& x = std::get<Tensor>(d.x);
  CHECK(x.shape() == Shape{12, 3});
  // Pixel 3 of the first image: row 1, column 0.
  CHECK(x.row(3)[0] == 1);
  CHECK(x.row(3)[1] == 1);
  CHECK(x.row(3)[2] == 0);
  CHECK(x.row(1)[0] == 0.125f);
  CHECK(x.row(1)[2] == 0.5f);
  const Dataset p = read_pixels(path, 2, 3);
  CHECK(p.num_graphs() == 2);
  CHECK(p.num_nodes() == 2);
  CHECK(p.y == d.y);
  CHECK(std::get<Tensor>(p.x).row(0)[5] == 0.5f);
}

TEST_CASE("images that are all black, or of one pixel", "[data]") {
  TemporaryFolder folder;
  const Dataset d = read_images(folder.file("dark.csv", "0,1\n0,2"), 1, 1);
  CHECK(d.num_nodes() == 2);
  CHECK(std::get<Tensor>(d.x).row(1)[0] == 0);
}

TEST_CASE("images that do not fit are refused", "[data]") {
  TemporaryFolder folder;
  const auto says = [&](const std::string& text, const std::string& part) {
    const std::string path = folder.file("i.csv", text);
    const Refusal r = refusal([&] { read_images(path, 1, 2); });
    INFO(r.sentence);
    CHECK(r.says(part));
  };
  says("", "i.csv: is empty");
  says("1,2\n", "i.csv:1: 2 numbers, expected the 1 x 2 pixels of an image and its class");
  says("1,2,0\n1,2\n", "i.csv:2: 2 numbers, expected 3 as in the first line");
  says("a,b,class\n1,2,0\n", "i.csv:1: \"a\" is not a finite number");
  says("1,2,0\n1,-2,0\n", "i.csv:2: the pixel -2 is negative");
  says("1,2,0.5\n", "i.csv:1: the class 0.5 is no integer");
  says("1,2,nan\n", "i.csv:1: \"nan\" is not a finite number");
  CHECK(refusal([&] { read_images(folder.path("i.csv"), 0, 2); }).code == ErrorCode::shape);
}

TEST_CASE("the digits ship, as graphs and as pixels", "[data]") {
  const auto [d, schema, split_text, metric] = load("digits", {shipped_folder, ""});
  CHECK(d.name == "digits");
  CHECK(metric == "accuracy");
  CHECK(d.num_graphs() == 1797);
  CHECK(d.num_nodes() == 1797 * 64);
  CHECK(d.graph.num_edges() == 1797 * 210);
  CHECK(d.num_features() == 3);
  CHECK(d.num_classes() == 10);
  CHECK(d.classes[9] == "9");
  const std::vector<Index> counts{178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
  for (int c = 0; c < 10; ++c) CHECK(std::ranges::count(d.y, c) == counts[c]);
  const auto pixels = load("digits_pixels", {shipped_folder, ""});
  CHECK(pixels.dataset.name == "digits_pixels");
  CHECK(pixels.dataset.num_graphs() == 1797);
  CHECK(pixels.dataset.num_features() == 64);
  CHECK(pixels.dataset.graph.num_edges() == 0);
  CHECK(pixels.dataset.y == d.y);
  CHECK(pixels.default_split == split_text);
  const Split a = make_split(d, parse_split(split_text), 4),
              b = make_split(pixels.dataset, parse_split(split_text), 4);
  CHECK(a.train == b.train);
  CHECK(a.test == b.test);
  for (Index i : {0, 1000})
    for (Index p = 0; p < 64; ++p)
      CHECK(std::get<Tensor>(d.x).row(64 * i + p)[0] ==
            std::get<Tensor>(pixels.dataset.x).row(i)[p]);
}
