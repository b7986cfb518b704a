#include <agate/tensor/repeated_rows.hpp>
#include <agate/tensor/rows.hpp>

#include "catch.hpp"
#include "operation_table.hpp"

using namespace agate;

namespace {

using Places = std::vector<Index>;
const Places order{4, 0, 4, 1, 1, 0, 4, 2}, of{0, 1, 0, 2, 2, 1, 0, 3}, first{0, 1, 3, 7};

void check_classes(const std::optional<RowClasses>& found) {
  REQUIRE(found);
  CHECK(found->of == of);
  CHECK(found->first == first);
  CHECK(found->rows() == 8);
  CHECK(found->count() == 4);
}

}  // namespace

TEST_CASE("equal rows are found, dense and sparse, in the order in which they first appear") {
  const Tensor dense = table::example({5, 3}, 1);
  // The row 1 of the example is empty.
  const SparseMatrix sparse = table::example_sparse(5, 9);
  check_classes(equal_rows(select_rows(dense, order), 8));
  check_classes(equal_rows(select_rows(dense, order), 4));
  CHECK(!equal_rows(select_rows(dense, order), 3));
  check_classes(equal_rows(sparse.select_rows(order), 4));
  CHECK(!equal_rows(sparse.select_rows(order), 3));
  check_classes(equal_pairs(order, Places(8, 5), 4));
  check_classes(equal_pairs(Places(8, -1), order, 4));
  CHECK(!equal_pairs(order, Places(8, 5), 3));
  CHECK(equal_pairs(Places{1, 2, 1, 1}, Places{2, 1, 1, 2}, 4)->of == Places{0, 1, 2, 0});
  CHECK(equal_lists(Places{0, 2, 3, 5, 5, 5}, Places{1, 2, 1, 1, 2}, 3)->of ==
        Places{0, 1, 0, 2, 2});
  CHECK(!equal_lists(Places{0, 2, 3, 5, 5, 5}, Places{1, 2, 1, 1, 2}, 2));
  CHECK(refusal([] { equal_pairs(Places(2), Places(3), 9); }).says("2 and 3 halves"));
}

TEST_CASE("of nothing there are no classes, and many are told apart") {
  CHECK(equal_rows(Tensor::zeros({0, 3}), 0)->count() == 0);
  CHECK(equal_rows(Tensor::zeros({4, 0}), 2)->of == Places(4, 0));
  CHECK(!equal_rows(Tensor::zeros({4, 0}), 0));
  const SparseMatrix one(3, 9, {{0, 1, 2, 3}, {2, 2, 3}, {1, 2, 1}});
  CHECK(equal_rows(one, 3)->count() == 3);
  Tensor numbers = Tensor::zeros({5000, 1});
  for (Index i = 0; i < 5000; ++i) numbers.row(i)[0] = static_cast<Real>(i % 1250);
  const auto classes = equal_rows(numbers, 2500);
  REQUIRE(classes);
  REQUIRE(classes->count() == 1250);
  for (Index i = 0; i < 5000; ++i) CHECK(classes->of[static_cast<std::size_t>(i)] == i % 1250);
}

TEST_CASE("all rows are the distinct ones, each where it belongs") {
  Tape tape;
  const Tensor x = table::example({5, 3}, 1);
  const RepeatedRows rows{tape.constant(select_rows(x, Places{4, 0, 1, 2})),
                          std::make_shared<const RowClasses>(RowClasses{of, first})};
  CHECK(rows.rows() == 8);
  CHECK(rows.cols() == 3);
  const Tensor all = rows.all().value();
  for (Index i = 0; i < 8; ++i)
    for (Index c = 0; c < 3; ++c)
      CHECK(all.row(i)[c] == x.row(order[static_cast<std::size_t>(i)])[c]);
  CHECK(refusal([&] {
          RepeatedRows{tape.constant(x), rows.classes}.all();
        }).says("5 rows for 4 classes"));
  CHECK(refusal([&] {
          const GRUWeights weights{tape.constant(Tensor::zeros({9, 3})),
                                   tape.constant(Tensor::zeros({9, 3}))};
          gru_step(rows.all(), RepeatedRows{tape.constant(x), rows.classes}, weights);
        }).says("gru_step: 5 states for 4 classes of rows"));
}
