/* c_program FOLDER: agate from plain C, with what fixture.cpp wrote into the folder. */
#include <agate/agate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                  \
  do {                                                                                    \
    if (!(condition)) {                                                                   \
      fprintf(stderr, "%s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, agate_error()); \
      exit(1);                                                                            \
    }                                                                                     \
  } while (0)

static void* take(FILE* file, size_t size, size_t count) {
  void* data = malloc(size * count);
  CHECK(data != NULL && fread(data, size, count, file) == count);
  return data;
}

static agate_model* load(const char* folder, const char* name) {
  char path[1024];
  agate_model* model = NULL;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  CHECK(agate_model_load(path, &model) == AGATE_OK);
  return model;
}

int main(int argc, char** argv) {
  char path[1024];
  if (argc != 2) return 2;
  snprintf(path, sizeof path, "%s/question", argv[1]);
  FILE* file = fopen(path, "rb");
  CHECK(file != NULL);
  int32_t* counts = take(file, sizeof(int32_t), 2);
  const size_t nodes = (size_t)counts[0], edges = (size_t)counts[1];
  int32_t* sources = take(file, sizeof(int32_t), edges);
  int32_t* targets = take(file, sizeof(int32_t), edges);
  float* x = take(file, sizeof(float), 4 * nodes);
  float* expected = take(file, sizeof(float), 2 * nodes);
  float* of_graph = take(file, sizeof(float), 2);
  fclose(file);

  agate_graph* graph = NULL;
  CHECK(agate_graph_create(counts[0], counts[1], sources, targets, 1, &graph) == AGATE_OK);
  agate_input input = AGATE_INPUT;
  input.graph = graph;
  input.x = x;
  input.num_features = 4;

  agate_model* model = load(argv[1], "nodes.safetensors");
  CHECK(strcmp(agate_model_label(model, 0), "even") == 0);
  int64_t items = 0;
  CHECK(agate_num_items(model, &input, &items) == AGATE_OK && items == counts[0]);
  float* said = malloc(2 * nodes * sizeof(float));
  CHECK(said != NULL);
  CHECK(agate_predict(model, &input, said, 2 * items) == AGATE_OK);
  CHECK(memcmp(said, expected, 2 * nodes * sizeof(float)) == 0);

  agate_attention* attention = NULL;
  CHECK(agate_attend(model, &input, &attention) == AGATE_OK);
  CHECK(agate_attention_num_layers(attention) == 2);
  agate_attention_layer layer;
  CHECK(agate_attention_get(attention, 1, &layer) == AGATE_OK);
  double sum = 0;
  for (int64_t m = 0; m < layer.num_messages; ++m)
    if (layer.targets[m] == 0) sum += layer.weights[m * layer.num_heads];
  CHECK(sum > 0.9999 && sum < 1.0001);
  agate_attention_free(attention);
  agate_model_free(model);

  model = load(argv[1], "graphs.safetensors");
  CHECK(agate_predict(model, &input, said, 2) == AGATE_OK);
  CHECK(memcmp(said, of_graph, 2 * sizeof(float)) == 0);
  double* shares = malloc((nodes + edges) * sizeof(double));
  CHECK(shares != NULL);
  CHECK(agate_attribute(model, &input, "occlusion", 1, shares, counts[0], shares + nodes,
                        counts[1]) == AGATE_OK);
  double total = 0;
  for (size_t k = 0; k < nodes; ++k) total += shares[k] * shares[k];
  CHECK(total > 0);
  input.num_features = 3;
  CHECK(agate_predict(model, &input, said, 2) == AGATE_SHAPE);
  CHECK(strstr(agate_error(), "expected in = 4") != NULL);
  agate_model_free(model);

  agate_graph_free(graph);
  free(counts), free(sources), free(targets), free(x), free(expected), free(of_graph), free(said),
      free(shares);
  printf("agate %s from C: %zu nodes\n", agate_version(), nodes);
  return 0;
}
