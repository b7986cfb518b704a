// What `agate info` says of weights that another library left.
#include <agate/io/safetensors.hpp>

#include "cli/program.hpp"
#include "temporary_folder.hpp"

using namespace agate;

TEST_CASE("info lists the tensors of a state_dict and says which model they fit") {
  const TemporaryFolder folder;
  io::SafeTensors file;
  auto add = [&](const std::string& name, const Shape& shape) {
    file.arrays.emplace_back(name, io::Array::from(Tensor::zeros(shape)));
  };
  add("conv1.att_src", {1, 4, 8});
  add("conv1.att_dst", {1, 4, 8});
  add("conv1.lin.weight", {32, 5});
  add("conv1.bias", {32});
  add("conv2.att_src", {1, 1, 3});
  add("conv2.att_dst", {1, 1, 3});
  add("conv2.lin.weight", {3, 32});
  add("conv2.bias", {3});
  const std::string path = folder.path("w.safetensors");
  io::write_safetensors(path, file);
  const Ran ran = shell("agate info --model " + path);
  CHECK(ran.code == 0);
  CHECK(ran.out.find("conv1.att_src") != std::string::npos);
  CHECK(ran.out.find("32 x 5") != std::string::npos);
  CHECK(ran.out.find("fits      gat,") != std::string::npos);
  CHECK(ran.out.find("\"heads\":4") != std::string::npos);

  file.arrays.pop_back();
  io::write_safetensors(path, file);
  const Ran without = shell("agate info --model " + path);
  CHECK(without.code == 0);
  CHECK(without.out.find("fits      no model: " + path +
                         ": the tensor \"conv2.bias\" is missing") != std::string::npos);
}
