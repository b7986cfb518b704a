#include <agate/core/error.hpp>
#include <agate/data/sequence_tasks.hpp>
#include <agate/models/sequence_file.hpp>
#include <agate/models/sequence_model.hpp>
#include <agate/tensor/rows.hpp>
#include <algorithm>
#include <cmath>
#include <cstring>

#include "catch.hpp"
#include "temporary_folder.hpp"
#include "tensors.hpp"

using namespace agate;
using namespace agate::data;
using namespace agate::models;

namespace {

SequenceConfig small(const std::string& model, const SequenceTask& task) {
  SequenceConfig c{.model = model, .source = task.source, .target = task.target};
  c.hidden = 16;
  c.layers = 2;
  c.heads = 2;
  c.dim_feedforward = 24;
  c.num_features = 8;
  c.memory_rows = 10;
  c.memory_columns = 5;
  return c;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& info : sequence_models()) all.push_back(info.name);
  return all;
}

Tensor logits_of(const SequenceModel& model, const SequencePairs& pairs, int threads = 1) {
  Tape tape({.record = false, .threads = threads});
  return model.forward(tape, pairs).value();
}

// Element t of each of the targets.
Sequences elements(const Sequences& targets, const std::vector<Index>& which, Index t) {
  std::vector<Index> rows;
  Sequences last;
  for (const Index b : which) {
    rows.push_back(targets.offsets[b] + t);
    last.offsets.push_back(std::ssize(rows));
    if (targets.vectors.empty()) last.symbols.push_back(targets.symbols[rows.back()]);
  }
  if (!targets.vectors.empty()) last.vectors = select_rows(targets.vectors, rows);
  return last;
}

const std::vector<std::string> tasks{"copy", "reverse"};

}  // namespace

TEST_CASE("saying element by element gives the logits of all at once") {
  for (const std::string& task_name : tasks)
    for (const std::string& name : names()) {
      INFO(name << " on " << task_name);
      const auto& task = sequence_task(task_name);
      auto config = small(name, task);
      config.gated = task_name == "reverse";
      const auto model = make_sequence_model(config, 3);
      const auto pairs = make_pairs(task, 3, 24, 5, 1);
      const Tensor all = logits_of(*model, pairs);
      const Index more = task.target.has_symbols();  // the end of a sequence is said too
      Tape tape({.record = false});
      const auto decoding = model->decode(tape, pairs.source, pairs.target.longest() + more);
      std::vector<Index> running{0, 1, 2, 3, 4};
      double most = 0;
      for (Index t = 0; !running.empty(); ++t) {
        if (t > 0) {
          // Those that have ended leave.
          std::vector<Index> kept, going;
          for (std::size_t r = 0; r < running.size(); ++r)
            if (t < pairs.target.length(running[r]) + more) {
              kept.push_back(static_cast<Index>(r));
              going.push_back(running[r]);
            }
          if (going.empty()) break;
          if (kept.size() < running.size()) decoding->select(kept);
          running = going;
        }
        const Tensor step =
            decoding->step(t == 0 ? Sequences() : elements(pairs.target, running, t - 1));
        REQUIRE(step.rows() == std::ssize(running));
        for (std::size_t r = 0; r < running.size(); ++r) {
          const Index at = pairs.target.offsets[running[r]] + more * running[r] + t;
          most = std::max(most, difference(part(step, r, r + 1), part(all, at, at + 1)));
        }
      }
      CHECK(most < 1e-5);
    }
}

TEST_CASE("a batch of pairs gives what each of them alone gives") {
  for (const std::string& name : names()) {
    INFO(name);
    const auto& task = sequence_task("reverse");
    const auto model = make_sequence_model(small(name, task), 3);
    const auto pairs = make_pairs(task, 1, 9, 6, 2);
    const Tensor all = logits_of(*model, pairs);
    Index at = 0;
    for (Index b = 0; b < pairs.size(); ++b) {
      const Index length = pairs.target.length(b) + 1;
      const Tensor alone = logits_of(*model, select(pairs, std::vector<Index>{b}));
      CHECK(difference(alone, part(all, at, at + length)) < 1e-5);
      at += length;
    }
    CHECK(at == all.rows());
  }
}

TEST_CASE("models of sequences give the same bits with any number of threads") {
  for (const std::string& name : names()) {
    INFO(name);
    const auto& task = sequence_task("sort");
    const auto model = make_sequence_model(small(name, task), 3);
    const auto pairs = make_pairs(task, 1, 20, 40, 2);
    const auto run = [&](int threads) {
      Tape tape({.training = true, .seed = 5, .threads = threads});
      const Var loss = model->loss(model->forward(tape, pairs), pairs.target, 0.1);
      tape.backward(loss);
      std::vector<Real> numbers{loss.value().item()};
      for (const auto& [key, parameter] : std::as_const(*model).parameters())
        if (const Tensor* gradient = tape.gradient(*parameter))
          numbers.insert(numbers.end(), gradient->values().begin(), gradient->values().end());
      return numbers;
    };
    const auto one = run(1);
    CHECK(one.size() > 100);
    for (const int threads : {2, 3}) {
      const auto several = run(threads);
      CHECK(std::memcmp(one.data(), several.data(), one.size() * sizeof(Real)) == 0);
    }
  }
}

TEST_CASE("what models say, greedily and with a beam") {
  const auto& task = sequence_task("reverse");
  const auto pairs = make_pairs(task, 1, 6, 12, 9);
  for (const std::string& name : names()) {
    INFO(name);
    const auto model = make_sequence_model(small(name, task), 8);
    const auto greedy = say(*model, pairs.source, {.max_length = 9});
    CHECK(greedy.size() == pairs.size());
    CHECK(greedy.longest() <= 9);
    // Each symbol, and the end, is the likeliest of the pass over all at once.
    const Tensor all = logits_of(*model, {pairs.source, greedy});
    for (Index b = 0; b < greedy.size(); ++b) {
      const Index length = greedy.length(b);
      for (Index t = 0; t < length + (length < 9); ++t) {
        const Real* row = all.row(greedy.offsets[b] + b + t);
        const auto said = std::max_element(row, row + all.cols()) - row;
        CHECK(said == (t < length ? greedy.symbols[greedy.offsets[b] + t] : all.cols() - 1));
      }
    }
    // In batches of other sizes the same is said.
    const auto single = say(*model, pairs.source, {.max_length = 9, .batch_size = 1});
    CHECK(single.symbols == greedy.symbols);
    CHECK(say(*model, pairs.source, {.beam = 1, .max_length = 9}).offsets == greedy.offsets);
    // What a wide beam without a preference for length finds is at least as likely.
    const auto beam = say(*model, pairs.source, {.beam = 8, .max_length = 9, .length_power = 0});
    const auto log_probability = [&](const Sequences& said, Index b) {
      const std::vector<Index> one{b};
      const SequencePairs pair{select(pairs.source, one), select(said, one)};
      Tape tape({.record = false});
      const Var loss = model->loss(model->forward(tape, pair), pair.target);
      return -loss.value().item() * (static_cast<double>(said.length(b)) + 1);
    };
    for (Index b = 0; b < pairs.size(); ++b)
      // One that was cut has said no end: its probability is of another kind.
      if (greedy.length(b) < 9 && beam.length(b) < 9)
        CHECK(log_probability(beam, b) >= log_probability(greedy, b) - 1e-4);
  }
}

TEST_CASE("vectors are said as many as asked for") {
  const auto& task = sequence_task("copy");
  const auto pairs = make_pairs(task, 1, 6, 7, 9);
  std::vector<Index> lengths;
  for (Index b = 0; b < pairs.size(); ++b) lengths.push_back(pairs.target.length(b));
  for (const std::string& name : names()) {
    INFO(name);
    const auto model = make_sequence_model(small(name, task), 8);
    const auto said = say(*model, pairs.source, {.batch_size = 3}, lengths);
    CHECK(said.offsets == pairs.target.offsets);
    CHECK(said.vectors.shape() == pairs.target.vectors.shape());
    for (const Real v : said.vectors.values()) CHECK((v == 0 || v == 1));
    CHECK_THROWS_AS(say(*model, pairs.source, {.beam = 2}, lengths), Error);
    CHECK_THROWS_AS(say(*model, pairs.source), Error);
  }
}

TEST_CASE("what a model attends to is a distribution for each element said") {
  const auto& task = sequence_task("reverse");
  const auto pair = make_pairs(task, 5, 5, 1, 9);
  for (const auto& info : sequence_models()) {
    INFO(info.name);
    const auto model = make_sequence_model(small(info.name, task), 8);
    std::vector<Alignment> alignments;
    Tape tape({.record = false});
    const Tensor with = model->forward(tape, pair, &alignments).value();
    CHECK(difference(with, logits_of(*model, pair)) < 1e-6);
    CHECK(alignments.empty() == !info.aligns);
    for (const Alignment& a : alignments) {
      // 5 symbols and their end; the steps of a memory are those that read the source too.
      CHECK(a.weights.rows() == (a.to_source ? 6 : 12));
      CHECK(a.weights.cols() == (a.to_source ? 6 : 10));
      for (Index i = 0; i < a.weights.rows(); ++i) {
        double sum = 0;
        for (Index c = 0; c < a.weights.cols(); ++c) sum += a.weights.row(i)[c];
        CHECK(sum == Approx(1).margin(1e-5));
      }
    }
  }
}

TEST_CASE("models of sequences are saved whole, and damaged files are refused") {
  const TemporaryFolder folder;
  for (const std::string& task_name : tasks)
    for (const std::string& name : names()) {
      INFO(name);
      const auto& task = sequence_task(task_name);
      auto config = small(name, task);
      if (name == "transformer") config.positions = "learned";
      const std::shared_ptr<SequenceModel> model = make_sequence_model(config, 3);
      const std::string path = folder.path("model.safetensors");
      save_sequence_model(path, {.model = model, .data = "here", .training = "{}"});
      CHECK(holds_sequence_model(path));
      const auto loaded = load_sequence_model(path);
      CHECK(loaded.model->config() == config);
      CHECK(loaded.data == "here");
      const auto pairs = make_pairs(task, 1, 5, 4, 1);
      CHECK(difference(logits_of(*model, pairs), logits_of(*loaded.model, pairs)) == 0);
    }
  const std::string path = folder.path("model.safetensors");
  const std::string whole = slurp(path);
  for (std::size_t bytes = 0; bytes < whole.size(); bytes += 97)
    CHECK_THROWS_AS(load_sequence_model(folder.file("cut.safetensors", whole.substr(0, bytes))),
                    Error);
}

TEST_CASE("sequences that a model cannot take are named") {
  const auto message = [](const std::function<void()>& call) -> std::string {
    try {
      call();
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  };
  const auto& task = sequence_task("reverse");
  auto config = small("transformer", task);
  config.positions = "learned";
  config.max_length = 5;
  const auto model = make_sequence_model(config, 1);
  const auto pairs = make_pairs(task, 5, 5, 2, 1);
  CHECK(message([&] { logits_of(*model, pairs); }) ==
        "transformer: a sequence of more than 5 elements, as many positions as were learned "
        "(max_length)");
  auto wrong = make_pairs(task, 2, 2, 1, 1);
  wrong.source.symbols[1] = 26;
  CHECK(message([&] { logits_of(*model, wrong); }) == "source: symbol 26 of 26");
  const auto bits = make_pairs(sequence_task("copy"), 2, 2, 1, 1);
  CHECK(message([&] { logits_of(*model, bits); }) == "source: 0 symbols for 2 elements");
  CHECK(message([&] {
          make_sequence_model({.model = "luogn", .source = task.source, .target = task.target}, 0);
        }) == "there is no model of sequences \"luogn\"; did you mean \"luong\"?");
  config = small("transformer", task);
  config.heads = 3;
  CHECK(message([&] { make_sequence_model(config, 0); }) ==
        "transformer: hidden = 16 cannot be shared among heads = 3");
  config = small("bahdanau", task);
  config.hidden = 15;
  CHECK(message([&] { make_sequence_model(config, 0); }) ==
        "bahdanau: hidden = 15, expected an even number: the encoder reads in two directions");
}
