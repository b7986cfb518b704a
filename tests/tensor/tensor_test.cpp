#include <agate/tensor/tensor.hpp>
#include <cstdint>
#include <vector>

#include "catch.hpp"

using namespace agate;

TEST_CASE("a shape knows its extents, size and name") {
  CHECK(Shape{}.rank() == 0);
  CHECK(Shape{}.size() == 1);
  CHECK(Shape{}.to_string() == "scalar");
  const Shape shape{2, 3, 4};
  CHECK(shape.rank() == 3);
  CHECK(shape[2] == 4);
  CHECK(shape.size() == 24);
  CHECK(shape.to_string() == "2 x 3 x 4");
  CHECK(shape == Shape(std::vector<Index>{2, 3, 4}));
  CHECK_FALSE(shape == Shape{2, 3});
  CHECK_FALSE(Shape{} == Shape{0});
  CHECK(Shape{5, 0, 3}.size() == 0);
}

TEST_CASE("impossible shapes are refused") {
  CHECK(refusal([] { Shape{1, 2, 3, 4, 5}; }).says("5 dimensions, at most 4"));
  CHECK(refusal([] { Shape{2, -3}; }).says("extent -3 is negative"));
  const Index big = Index{1} << 40;
  CHECK(refusal([&] { Shape{big, big}.size(); }).code == ErrorCode::limit);
  CHECK(refusal([&] { Tensor::zeros({big, big}); }).code == ErrorCode::limit);
  CHECK(refusal([&] { Tensor::uninitialized({Index{1} << 62}); }).code == ErrorCode::limit);
}

TEST_CASE("a tensor is a matrix whose last axis are the columns") {
  CHECK(Tensor().size() == 0);
  CHECK(Tensor().empty());
  CHECK(Tensor().shape() == Shape{0});
  const Tensor scalar = Tensor::scalar(4);
  CHECK(scalar.rows() == 1);
  CHECK(scalar.cols() == 1);
  CHECK(scalar.item() == 4);
  const Tensor vector = Tensor::zeros({7});
  CHECK(vector.rows() == 1);
  CHECK(vector.cols() == 7);
  const Tensor t = Tensor::from({2, 2, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK(t.rows() == 4);
  CHECK(t.cols() == 3);
  CHECK(t.row(2)[1] == 7);
  const Tensor flat = Tensor::zeros({5, 0});
  CHECK(flat.rows() == 5);
  CHECK(flat.cols() == 0);
  CHECK(flat.empty());
}

TEST_CASE("elements start on a 64-byte boundary and have the value asked for") {
  MemoryPool pool;
  for (MemoryPool* from : {static_cast<MemoryPool*>(nullptr), &pool})
    for (Index n : {1, 3, 1000, 3000000}) {
      const Tensor t = Tensor::full({n}, Real(2.5), from);
      CHECK(reinterpret_cast<std::uintptr_t>(t.data()) % 64 == 0);
      CHECK(t.values().front() == Real(2.5));
      CHECK(t.values().back() == Real(2.5));
    }
  // A recycled block is not trusted to be zero.
  { Tensor dirty = Tensor::full({1000}, 9, &pool); }
  const Tensor zeros = Tensor::zeros({1000}, &pool);
  for (Real v : zeros.values()) REQUIRE(v == 0);
}

TEST_CASE("a copy shares its elements, a clone does not") {
  Tensor a = Tensor::from({3}, {1, 2, 3});
  CHECK_FALSE(a.is_shared());
  const Tensor shared = a;
  CHECK(a.is_shared());
  const Tensor cloned = a.clone();
  a.data()[1] = 20;
  CHECK(shared.values()[1] == 20);
  CHECK(cloned.values()[1] == 2);
  CHECK(cloned.shape() == a.shape());
  CHECK(Tensor().clone().empty());
}

TEST_CASE("reshape keeps the elements under another shape") {
  Tensor a = Tensor::from({2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor b = a.reshape({3, 2});
  CHECK(b.row(1)[0] == 3);
  CHECK(b.data() == a.data());
  CHECK(a.shape() == Shape{2, 3});
  CHECK(refusal([&] { a.reshape({4}); }).says("shape 2 x 3 cannot become 4"));
}

TEST_CASE("fill and copy_from write, and item reads, what fits") {
  Tensor a = Tensor::zeros({2, 2});
  a.fill(3);
  CHECK(a.row(1)[1] == 3);
  a.copy_from(Tensor::from({2, 2}, {1, 2, 3, 4}));
  CHECK(a.row(1)[0] == 3);
  CHECK(refusal([&] { a.copy_from(Tensor::zeros({4})); }).says("cannot copy 4 into 2 x 2"));
  CHECK(refusal([&] { a.item(); }).says("item() of a tensor of shape 2 x 2"));
  CHECK(refusal([&] { Tensor().item(); }).code == ErrorCode::shape);
  CHECK(refusal([] { Tensor::from({2, 2}, {1, 2, 3}); }).says("3 values for the shape 2 x 2"));
}
