#include <agate/agate.h>
#include <agate/core/error.hpp>
#include <agate/explain/attribution.hpp>
#include <agate/model.hpp>
#include <algorithm>
#include <new>

struct agate_model {
  agate::Model model;
};

struct agate_graph {
  agate::Graph graph;
};

struct agate_attention {
  struct Layer {
    agate::models::LayerAttention paid;
    std::vector<std::int32_t> targets;
  };
  std::vector<Layer> layers;
};

namespace {

using agate::check;
using agate::ErrorCode;
using agate::Index;
using agate::Model;
using agate::Real;
using agate::Tensor;

thread_local std::string last_error;

agate_status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return AGATE_USAGE;
    case ErrorCode::shape:
      return AGATE_SHAPE;
    case ErrorCode::value:
      return AGATE_VALUE;
    case ErrorCode::not_found:
      return AGATE_NOT_FOUND;
    case ErrorCode::format:
      return AGATE_FORMAT;
    case ErrorCode::io:
      return AGATE_IO;
    case ErrorCode::limit:
      return AGATE_LIMIT;
    case ErrorCode::unsupported:
      return AGATE_UNSUPPORTED;
    case ErrorCode::diverged:
    case ErrorCode::interrupted:
      break;
  }
  return AGATE_INTERNAL;
}

// Keeps the sentence for agate_error(), or its beginning, which needs no memory.
agate_status failed(agate_status status, const char* sentence) noexcept {
  try {
    last_error = sentence;
  } catch (...) {
    last_error.clear();
  }
  return status;
}

// Nothing that is thrown gets past here.
template <class Body>
agate_status guarded(Body&& body) noexcept {
  try {
    body();
    return AGATE_OK;
  } catch (const agate::Error& error) {
    return failed(status_of(error.code()), error.what());
  } catch (const std::bad_alloc&) {
    return failed(AGATE_LIMIT, "out of memory");
  } catch (const std::exception& error) {
    return failed(AGATE_INTERNAL, error.what());
  } catch (...) {
    return failed(AGATE_INTERNAL, "a fault that says nothing of itself");
  }
}

void need(const void* pointer, const char* function, const char* name) {
  check(pointer != nullptr, ErrorCode::usage, function, ": ", name, " is NULL");
}

// What a caller from before a member was added has not set is nothing.
agate_input whole(const agate_input* input, const char* function) {
  need(input, function, "input");
  check(input->size >= offsetof(agate_input, x_offsets) && input->size <= sizeof(agate_input),
        ErrorCode::usage, function, ": input.size is ", input->size, ", expected up to ",
        sizeof(agate_input), "; begin with AGATE_INPUT");
  agate_input all = AGATE_INPUT;
  std::copy_n(reinterpret_cast<const char*>(input), input->size, reinterpret_cast<char*>(&all));
  need(all.graph, function, "input.graph");
  return all;
}

template <class T>
std::span<const T> list(const T* data, Index size, const char* function, const char* name) {
  check(size >= 0, ErrorCode::shape, function, ": ", name, " has ", size, " entries");
  if (size > 0) need(data, function, name);
  return {data, static_cast<std::size_t>(size)};
}

Tensor matrix(const float* data, Index rows, Index cols, const char* function, const char* name) {
  const Index size = agate::checked_product(rows, cols, name);
  return Tensor::from({rows, cols}, list(data, size, function, name));
}

agate::FeatureMatrix features(const agate_input& in, const char* function) {
  const Index nodes = in.graph->graph.num_nodes();
  if (!in.x_offsets) return matrix(in.x, nodes, in.num_features, function, "input.x");
  agate::CsrArrays a;
  const auto offsets = list(in.x_offsets, nodes + 1, function, "input.x_offsets");
  a.offsets.assign(offsets.begin(), offsets.end());
  const Index entries = a.offsets.back();
  check(a.offsets.front() == 0 && std::ranges::is_sorted(a.offsets), ErrorCode::shape, function,
        ": input.x_offsets do not ascend from 0");
  const auto columns = list(in.x_columns, entries, function, "input.x_columns");
  const auto values = list(in.x, entries, function, "input.x");
  a.columns.assign(columns.begin(), columns.end());
  a.values.assign(values.begin(), values.end());
  return agate::SparseMatrix(nodes, in.num_features, std::move(a));
}

struct Asked {
  agate::Graph graph;
  agate::FeatureMatrix x;
  std::vector<agate::Edge> pairs;
  agate::PredictOptions options;
};

Asked asked(const agate_input* input, const char* function) {
  const agate_input in = whole(input, function);
  Asked a{in.graph->graph, features(in, function), {}, {.threads = in.threads}};
  if (in.num_edge_features != 0)
    a.options.edge_attr = matrix(in.edge_attr, a.graph.num_edges(), in.num_edge_features, function,
                                 "input.edge_attr");
  if (in.num_graphs != 0)
    a.options.offsets = list(in.offsets, in.num_graphs + 1, function, "input.offsets");
  const auto ends =
      list(in.pairs, agate::checked_product(2, in.num_pairs, "pairs"), function, "input.pairs");
  for (std::size_t k = 0; k < ends.size(); k += 2) a.pairs.push_back({ends[k], ends[k + 1]});
  a.options.pairs = a.pairs;
  return a;
}

void say(const agate_model* model, const agate_input* input, float* outputs, Index capacity,
         bool probabilities, const char* function) {
  need(model, function, "model");
  const Asked a = asked(input, function);
  const Tensor y = model->model.predict(a.graph, a.x, a.options);
  check(y.size() <= capacity, ErrorCode::shape, function, ": outputs has room for ", capacity,
        " numbers, expected ", y.rows(), " x ", y.cols());
  if (y.size() > 0) need(outputs, function, "outputs");
  std::ranges::copy((probabilities ? model->model.probabilities(y) : y).values(), outputs);
}

// The target of each message.
std::vector<std::int32_t> targets_of(const agate::Graph& graph) {
  std::vector<std::int32_t> targets(static_cast<std::size_t>(graph.num_messages()));
  for (Index i = 0; i < graph.num_nodes(); ++i)
    std::fill(targets.begin() + graph.offsets()[i], targets.begin() + graph.offsets()[i + 1],
              static_cast<std::int32_t>(i));
  return targets;
}

const char* name_of(Model::Outputs outputs) {
  if (outputs == Model::Outputs::numbers) return "numbers";
  return outputs == Model::Outputs::labels ? "labels" : "classes";
}

template <class T, class Make>
agate_status make(T** out, const char* function, const char* name, Make&& body) {
  if (out) *out = nullptr;
  return guarded([&] {
    need(out, function, name);
    *out = new T{body()};
  });
}

}  // namespace

const char* agate_version(void) { return AGATE_VERSION; }
const char* agate_error(void) { return last_error.c_str(); }

agate_status agate_model_load(const char* path, agate_model** model) {
  return make(model, "agate_model_load", "model", [&] {
    need(path, "agate_model_load", "path");
    return Model::load(path);
  });
}

agate_status agate_model_parse(const void* bytes, size_t size, agate_model** model) {
  return make(model, "agate_model_parse", "model", [&] {
    need(bytes, "agate_model_parse", "bytes");
    return Model::parse({static_cast<const char*>(bytes), size}, "model");
  });
}

void agate_model_free(agate_model* model) { delete model; }

const char* agate_model_task(const agate_model* model) {
  return model ? model->model.config().task.c_str() : "";
}
const char* agate_model_outputs(const agate_model* model) {
  return model ? name_of(model->model.outputs()) : "";
}
int64_t agate_model_num_features(const agate_model* model) {
  return model ? model->model.num_features() : 0;
}
int64_t agate_model_num_edge_features(const agate_model* model) {
  return model ? model->model.num_edge_features() : 0;
}
int64_t agate_model_num_outputs(const agate_model* model) {
  return model ? std::ssize(model->model.labels()) : 0;
}
const char* agate_model_label(const agate_model* model, int64_t output) {
  if (output < 0 || output >= agate_model_num_outputs(model)) return nullptr;
  return model->model.labels()[static_cast<std::size_t>(output)].c_str();
}

agate_status agate_graph_create(int64_t num_nodes, int64_t num_edges, const int32_t* sources,
                                const int32_t* targets, int undirected, agate_graph** graph) {
  const char* function = "agate_graph_create";
  return make(graph, function, "graph", [&] {
    const auto from = list(sources, num_edges, function, "sources");
    const auto to = list(targets, num_edges, function, "targets");
    std::vector<agate::Edge> edges(from.size());
    for (std::size_t e = 0; e < edges.size(); ++e) edges[e] = {from[e], to[e]};
    return agate::Graph::from_edges(num_nodes, edges, {.undirected = undirected != 0});
  });
}

void agate_graph_free(agate_graph* graph) { delete graph; }

agate_status agate_num_items(const agate_model* model, const agate_input* input, int64_t* items) {
  const char* function = "agate_num_items";
  return guarded([&] {
    need(model, function, "model");
    need(items, function, "items");
    const agate_input in = whole(input, function);
    using agate::data::Task;
    const Task task = model->model.task();
    *items = task == Task::node   ? in.graph->graph.num_nodes()
             : task == Task::edge ? in.graph->graph.num_edges()
             : task == Task::link ? in.num_pairs
                                  : std::max<int64_t>(1, in.num_graphs);
  });
}

agate_status agate_predict(const agate_model* model, const agate_input* input, float* outputs,
                           int64_t capacity) {
  return guarded([&] { say(model, input, outputs, capacity, false, "agate_predict"); });
}

agate_status agate_predict_probabilities(const agate_model* model, const agate_input* input,
                                         float* outputs, int64_t capacity) {
  return guarded(
      [&] { say(model, input, outputs, capacity, true, "agate_predict_probabilities"); });
}

agate_status agate_attend(const agate_model* model, const agate_input* input,
                          agate_attention** attention) {
  return make(attention, "agate_attend", "attention", [&] {
    need(model, "agate_attend", "model");
    const Asked a = asked(input, "agate_attend");
    std::vector<agate_attention::Layer> layers;
    for (auto& paid : model->model.attention(a.graph, a.x, a.options)) {
      auto targets = targets_of(paid.graph);
      layers.push_back({std::move(paid), std::move(targets)});
    }
    return layers;
  });
}

void agate_attention_free(agate_attention* attention) { delete attention; }

int64_t agate_attention_num_layers(const agate_attention* attention) {
  return attention ? std::ssize(attention->layers) : 0;
}

agate_status agate_attention_get(const agate_attention* attention, int64_t layer,
                                 agate_attention_layer* out) {
  const char* function = "agate_attention_get";
  return guarded([&] {
    need(attention, function, "attention");
    need(out, function, "out");
    check(layer >= 0 && layer < std::ssize(attention->layers), ErrorCode::shape, function,
          ": layer ", layer, " of ", attention->layers.size());
    const auto& [paid, targets] = attention->layers[static_cast<std::size_t>(layer)];
    *out = {.num_messages = paid.graph.num_messages(),
            .num_heads = paid.weights.cols(),
            .sources = paid.graph.sources().data(),
            .targets = targets.data(),
            .edge_ids = paid.graph.edge_ids().data(),
            .weights = paid.weights.data()};
  });
}

agate_status agate_attribute(const agate_model* model, const agate_input* input, const char* method,
                             int64_t output, double* nodes, int64_t num_nodes, double* edges,
                             int64_t num_edges) {
  const char* function = "agate_attribute";
  return guarded([&] {
    need(model, function, "model");
    need(method, function, "method");
    const Asked a = asked(input, function);
    check(num_nodes == a.graph.num_nodes() && num_edges == a.graph.num_edges(), ErrorCode::shape,
          function, ": room for ", num_nodes, " nodes and ", num_edges, " edges, the graph has ",
          a.graph.num_nodes(), " and ", a.graph.num_edges());
    if (num_nodes > 0) need(nodes, function, "nodes");
    if (num_edges > 0) need(edges, function, "edges");
    const auto dataset = model->model.dataset(a.graph, a.x, a.options);
    const auto members = model->model.file().members();
    std::fill_n(nodes, num_nodes, 0.0);
    std::fill_n(edges, num_edges, 0.0);
    const double share = 1 / static_cast<double>(members.size());
    for (const auto& member : members) {
      const auto part =
          agate::explain::attribute(method, *member, dataset, output, a.options.threads);
      for (std::size_t i = 0; i < part.nodes.size(); ++i) nodes[i] += share * part.nodes[i];
      for (std::size_t e = 0; e < part.edges.size(); ++e) edges[e] += share * part.edges[e];
    }
  });
}
