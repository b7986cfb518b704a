#include <agate/attention/linear_attention.hpp>
#include <agate/core/error.hpp>
#include <agate/core/parallel.hpp>
#include <algorithm>
#include <utility>

#include "attention/linear_chunk.hpp"

namespace AGATE_NAMESPACE {
namespace {

constexpr Index causal_rows = 128, dense_rows = 1024;  // of a chunk
constexpr Index work_per_thread = 1 << 20;             // multiplications worth waking one

// How many tasks of `work` multiplications make a share for a thread.
Index grain_of(Index work) {
  return std::max<Index>(1, work_per_thread / std::max<Index>(1, work));
}

// The chunks of all blocks, block after block.
struct Chunks {
  struct Block {
    Index begin, end;
    bool causal;
  };
  std::vector<LinearChunk::Rows> rows;
  std::vector<Block> blocks;
  std::vector<Index> block_of;

  Index count() const { return std::ssize(rows); }
};

Chunks chunks_of(const Support& support) {
  Chunks chunks;
  for (const Support::Block& b : support.blocks()) {
    const Index step = b.causal ? causal_rows : dense_rows, begin = chunks.count();
    const Index length = std::max(b.query_end - b.query_begin, b.key_end - b.key_begin);
    for (Index at = 0; at < length; at += step) {
      auto query = [&](Index position) { return std::min(b.query_end, b.query_begin + position); };
      auto key = [&](Index position) { return std::min(b.key_end, b.key_begin + position); };
      chunks.rows.push_back({query(at), query(at + step), key(at), key(at + step), b.causal});
      chunks.block_of.push_back(std::ssize(chunks.blocks));
    }
    chunks.blocks.push_back({begin, chunks.count(), b.causal});
  }
  return chunks;
}

enum class Order { forwards, backwards };

// What the passes share.
struct Plan {
  Tape& tape;
  Support support;
  LinearInputs in;
  Chunks chunks = chunks_of(support);

  // Calls body(chunk, head, LinearChunk) for all of them.
  template <class Body>
  void for_chunks(Body&& body) const {
    const Index tasks = chunks.count() * in.heads;
    const Index rows = std::max(support.num_queries(), support.num_keys()) * in.heads;
    const Index grain = grain_of(rows * in.state_size() / std::max<Index>(1, tasks));
    parallel_for(tape.threads(), tasks, grain, [&](Index begin, Index end) {
      for (Index task = begin; task < end; ++task) {
        const Index c = task / in.heads, head = task % in.heads;
        body(c, head, LinearChunk(in, chunks.rows[c], head));
      }
    });
  }

  // The states from what each chunk adds to them: add(chunk, to).
  template <class Add>
  Tensor states(Order order, Add&& add) const {
    Tensor states = tape.make({chunks.count() * in.heads, in.state_size()});
    std::vector<Real> passing(static_cast<std::size_t>(chunks.count() * in.heads));
    for_chunks([&](Index c, Index head, const LinearChunk& chunk) {
      add(chunk, states.row(c * in.heads + head));
      passing[c * in.heads + head] = chunk.passing();
    });
    const Index sums = std::ssize(chunks.blocks) * in.heads;
    const Index grain = grain_of(states.size() / std::max<Index>(1, sums));
    parallel_for(tape.threads(), sums, grain, [&](Index begin, Index end) {
      for (Index task = begin; task < end; ++task)
        accumulate(chunks.blocks[task / in.heads], task % in.heads, order, passing, states);
    });
    return states;
  }

  // From what each chunk adds to what it finds: causal, the sum over the chunks passed so far;
  // otherwise the first finds the sum over all, for all.
  void accumulate(const Chunks::Block& block, Index head, Order order,
                  const std::vector<Real>& passing, Tensor& states) const {
    const Index size = in.state_size(), count = block.end - block.begin;
    if (count == 0) return;
    std::vector<Real> sum(static_cast<std::size_t>(size));
    for (Index k = 0; k < count; ++k) {
      const Index c = order == Order::forwards ? block.begin + k : block.end - 1 - k;
      const Real passes = passing[c * in.heads + head];
      Real* state = states.row(c * in.heads + head);
      for (Index i = 0; i < size; ++i) sum[i] = passes * sum[i] + std::exchange(state[i], sum[i]);
    }
    if (!block.causal) std::ranges::copy(sum, states.row(block.begin * in.heads + head));
  }

  const Real* state(const Tensor& states, Index c, Index head) const {
    const Chunks::Block& block = chunks.blocks[chunks.block_of[c]];
    return states.row((block.causal ? c : block.begin) * in.heads + head);
  }

  Tensor key_states() const {
    return states(Order::forwards, [](const LinearChunk& chunk, Real* to) { chunk.key_state(to); });
  }
};

// Padding behind the keys of a block belongs to none, and its gradient to nobody.
bool has_all(const Support& support) {
  Index queries = 0, keys = 0;
  for (const Support::Block& b : support.blocks()) {
    queries += b.query_end - b.query_begin;
    keys += b.key_end - b.key_begin;
  }
  return queries == support.num_queries() && keys == support.num_keys();
}

LinearOutput run_forward(const Plan& plan) {
  const LinearInputs& in = plan.in;
  const Index queries = plan.support.num_queries();
  auto make = [&, all = has_all(plan.support)](Shape shape) {
    return all ? plan.tape.make(shape) : plan.tape.make_zeros(shape);
  };
  LinearOutput to{make({queries, in.values.cols()}), make({queries, in.heads})};
  const Tensor states = plan.key_states();
  plan.for_chunks([&](Index c, Index head, const LinearChunk& chunk) {
    chunk.forward(plan.state(states, c, head), to);
  });
  return to;
}

LinearGradients run_backward(const Plan& plan, const LinearOutput& forward, const Tensor& d_out) {
  const LinearInputs& in = plan.in;
  auto make = [&, all = has_all(plan.support)](const Tensor& x) {
    return all ? plan.tape.make(x.shape()) : plan.tape.make_zeros(x.shape());
  };
  LinearGradients to{make(in.queries), make(in.keys), make(in.values), make(in.gate)};
  // Made anew: kept from the forward pass they would take as much memory as the values.
  const Tensor key_states = plan.key_states();
  const Tensor query_states = plan.states(
      Order::backwards,
      [&](const LinearChunk& chunk, Real* add) { chunk.query_state(forward, d_out, add); });
  plan.for_chunks([&](Index c, Index head, const LinearChunk& chunk) {
    const bool last = c + 1 == plan.chunks.blocks[plan.chunks.block_of[c]].end;
    chunk.backward(forward, d_out, plan.state(key_states, c, head),
                   last ? nullptr : plan.state(key_states, c + 1, head),
                   plan.state(query_states, c, head), to);
  });
  return to;
}

void check_rows(const char* what, const Var& x, Index expected, const char* of) {
  check(x.rows() == expected, ErrorCode::shape, "linear_attention: ", x.rows(), " rows of ", what,
        " for ", expected, " ", of, " of the support");
}

void check_inputs(const Var& phi_q, const Var& phi_k, const Var& values, Index heads,
                  const Support& support, const LinearAttentionOptions& options) {
  check(!support.is_graph(), ErrorCode::unsupported,
        "linear_attention: a graph has no blocks of keys to sum over, expected a dense support");
  check_rows("phi_q", phi_q, support.num_queries(), "queries");
  check_rows("phi_k", phi_k, support.num_keys(), "keys");
  check_rows("values", values, support.num_keys(), "keys");
  check(phi_q.cols() == phi_k.cols(), ErrorCode::shape, "linear_attention: ", phi_q.cols(),
        " columns of phi_q, ", phi_k.cols(), " of phi_k");
  for (const Var* x : {&phi_q, &values})
    check(heads >= 1 && x->cols() % heads == 0 && x->cols() >= heads, ErrorCode::shape,
          "linear_attention: ", x->cols(), " columns of ", x == &values ? "values" : "phi_q",
          " cannot be shared among ", heads, " heads");
  check(options.eps > 0, ErrorCode::value, "linear_attention: eps = ", options.eps,
        ", expected more than 0");
  if (!options.gate) return;
  check_rows("gates", *options.gate, support.num_keys(), "keys");
  check(options.gate->cols() == heads, ErrorCode::shape, "linear_attention: ", options.gate->cols(),
        " columns of gates for ", heads, " heads");
  for (const Support::Block& b : support.blocks())
    check(b.causal, ErrorCode::unsupported,
          "linear_attention: a gate fades what came before, but queries of this support see later "
          "keys too; expected a causal support");
}

}  // namespace

Var linear_attention(const Var& phi_q, const Var& phi_k, const Var& values, Index heads,
                     const Support& support, const LinearAttentionOptions& options) {
  check_inputs(phi_q, phi_k, values, heads, support, options);
  Tape& tape = values.tape();
  const auto& gate = options.gate;
  Plan plan{tape,
            support,
            {.pool = &tape.pool(),
             .queries = phi_q.value(),
             .keys = phi_k.value(),
             .values = values.value(),
             .gate = gate ? gate->value() : Tensor(),
             .padding = support.padding(),
             .heads = heads,
             .eps = options.eps}};
  const LinearOutput forward = run_forward(plan);
  std::vector<const Var*> inputs{&phi_q, &phi_k, &values};
  if (gate) inputs.push_back(&*gate);
  return tape.record(forward.out, inputs, [&] {
    return [plan = std::move(plan), forward, q = phi_q.gradient(), k = phi_k.gradient(),
            v = values.gradient(), g = gate ? gate->gradient() : GradientSlot()](const Tensor& dy) {
      LinearGradients d = run_backward(plan, forward, dy);
      q.add(std::move(d.queries));
      k.add(std::move(d.keys));
      v.add(std::move(d.values));
      g.add(std::move(d.gate));
    };
  });
}

}  // namespace AGATE_NAMESPACE
