#include "catch.hpp"
#include "gradient_check.hpp"
#include "operation_table.hpp"

using namespace agate;

TEST_CASE("gradients of every operation agree with central differences") {
  for (const auto& row : table::operations()) {
    std::vector<Tensor> inputs;
    for (std::size_t i = 0; i < row.inputs.size(); ++i)
      inputs.push_back(table::example(row.inputs[i], static_cast<std::uint32_t>(i)));
    Tensor cotangent;
    auto evaluate = [&] {
      Tape tape({.training = true, .record = false, .seed = 3, .threads = 1});
      std::vector<Var> vars;
      for (const Tensor& t : inputs) vars.push_back(tape.constant(t));
      const Var y = row.run(vars);
      if (cotangent.shape() != y.shape()) cotangent = table::example(y.shape(), 99);
      double sum = 0;
      for (Index i = 0; i < y.value().size(); ++i) sum += y.value().data()[i] * cotangent.data()[i];
      return sum;
    };
    evaluate();
    Tape tape({.training = true, .seed = 3, .threads = 1});
    std::vector<Var> vars;
    for (const Tensor& t : inputs) vars.push_back(tape.variable(t));
    tape.backward(row.run(vars), cotangent);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      INFO(row.name << ", input " << i);
      CHECK(gradient_error(inputs[i], tape.gradient(vars[i]), evaluate) <= 1e-7);
    }
  }
}
