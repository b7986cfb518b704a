#ifndef AGATE_AGATE_H
#define AGATE_AGATE_H
/**
 * \file
 * agate from C and from whatever calls C: load a trained model, ask it, see where it looked.
 *
 *     agate_model* model;
 *     if (agate_model_load("club.safetensors", &model) != AGATE_OK) puts(agate_error());
 *     agate_graph* graph;
 *     agate_graph_create(4, 3, sources, targets, 1, &graph);
 *     agate_input input = AGATE_INPUT;
 *     input.graph = graph, input.x = x, input.num_features = 8;
 *     float logits[4 * 2];
 *     agate_predict(model, &input, logits, 4 * 2);
 *     agate_graph_free(graph), agate_model_free(model);
 *
 * Matrices are row-major. Every function that can fail returns an agate_status; what it would have
 * written is then not to be used, pointers it would have set are NULL, and agate_error() has a
 * sentence. No C++ exception leaves a function. Models and graphs do not change once they are
 * there: any number of threads may use one at once, and a prediction is the same bits in each. What
 * is named `const` stays the caller's and is read during the call alone.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a call. */
typedef enum agate_status {
  AGATE_OK = 0,          /**< done */
  AGATE_USAGE = 1,       /**< an argument that makes no sense: NULL, an unknown word */
  AGATE_SHAPE = 2,       /**< sizes do not fit each other */
  AGATE_VALUE = 3,       /**< a value out of its range, NaN or infinite */
  AGATE_NOT_FOUND = 4,   /**< a file or a name that does not exist */
  AGATE_FORMAT = 5,      /**< a file that is damaged or not what it says it is */
  AGATE_IO = 6,          /**< reading failed */
  AGATE_LIMIT = 7,       /**< larger than the library accepts, or out of memory */
  AGATE_UNSUPPORTED = 8, /**< a combination that has no meaning or is not there */
  AGATE_INTERNAL = 100   /**< a fault of the library itself */
} agate_status;

/** Of the library, such as "0.1.0". */
const char* agate_version(void);

/** What the last call of this thread that failed has to say; "" when none has. Valid until the next
 * call of this thread fails. */
const char* agate_error(void);

/* ---- Models --------------------------------------------------------------------------------- */

/** A trained model. */
typedef struct agate_model agate_model;

/** A file that `agate train --save` wrote. To be freed. */
agate_status agate_model_load(const char* path, agate_model** model);
/** The same of the bytes of such a file. */
agate_status agate_model_parse(const void* bytes, size_t size, agate_model** model);
void agate_model_free(agate_model* model); /**< NULL is fine */

const char* agate_model_task(const agate_model* model);    /**< "node", "edge", "link", "graph" */
const char* agate_model_outputs(const agate_model* model); /**< "classes", "labels", "numbers" */
/** How many numbers a node must bring. */
int64_t agate_model_num_features(const agate_model* model);
/** How many numbers an edge must bring; 0: none are looked at. */
int64_t agate_model_num_edge_features(const agate_model* model);
/** How many numbers are said of each item. */
int64_t agate_model_num_outputs(const agate_model* model);
/** The name of a class, a label or a number; NULL for one that does not exist. Lives as long as the
 * model. */
const char* agate_model_label(const agate_model* model, int64_t output);

/* ---- Graphs --------------------------------------------------------------------------------- */

/** Who is linked to whom. */
typedef struct agate_graph agate_graph;

/** Nodes 0 .. num_nodes - 1; edge e leads from sources[e] to targets[e], and back when `undirected`
 * is not 0. To be freed. */
agate_status agate_graph_create(int64_t num_nodes, int64_t num_edges, const int32_t* sources,
                                const int32_t* targets, int undirected, agate_graph** graph);
void agate_graph_free(agate_graph* graph); /**< NULL is fine */

/* ---- Asking --------------------------------------------------------------------------------- */

/** What is asked. Begin with AGATE_INPUT, which sets what you do not name to "nothing". */
typedef struct agate_input {
  size_t size; /**< of this struct: later versions of it may have more members behind the last */
  const agate_graph* graph;
  /** What is known of each node: nodes x num_features. Dense, or with x_offsets compressed sparse
   * rows: row i holds x[k] in column x_columns[k] for x_offsets[i] <= k < x_offsets[i + 1]. */
  const float* x;
  int64_t num_features;
  const int64_t* x_offsets; /**< nodes + 1 */
  const int32_t* x_columns;
  /** What is known of each edge: edges x num_edge_features. */
  const float* edge_attr;
  int64_t num_edge_features;
  /** Several graphs packed into one: graph g has the nodes offsets[g] .. offsets[g + 1] - 1. */
  const int64_t* offsets; /**< num_graphs + 1 */
  int64_t num_graphs;
  /** Models of links: the pairs asked about, source and target one behind the other. */
  const int32_t* pairs; /**< 2 x num_pairs */
  int64_t num_pairs;
  int threads; /**< 0: as many as there are processors */
} agate_input;

/** An agate_input in which nothing is given. */
#define AGATE_INPUT \
  { sizeof(agate_input), NULL, NULL, 0, NULL, NULL, NULL, 0, NULL, 0, NULL, 0, 0 }

/** How many items a model speaks of, which are the rows that agate_predict fills: nodes, edges of
 * the graph, pairs or graphs. */
agate_status agate_num_items(const agate_model* model, const agate_input* input, int64_t* items);

/** What the model says of each item, items x num_outputs: logits, or numbers. `capacity` is how
 * many floats `outputs` has room for; AGATE_SHAPE when it is fewer than are said. */
agate_status agate_predict(const agate_model* model, const agate_input* input, float* outputs,
                           int64_t capacity);
/** The same as probabilities; numbers stay numbers. */
agate_status agate_predict_probabilities(const agate_model* model, const agate_input* input,
                                         float* outputs, int64_t capacity);

/* ---- Explaining ----------------------------------------------------------------------------- */

/** Where the layers of a model looked. */
typedef struct agate_attention agate_attention;

/** The attention that each layer paid. No layers in models without attention. To be freed. */
agate_status agate_attend(const agate_model* model, const agate_input* input,
                          agate_attention** attention);
void agate_attention_free(agate_attention* attention); /**< NULL is fine */
/** How many layers of attention there are. */
int64_t agate_attention_num_layers(const agate_attention* attention);

/** Message m of a layer ran from sources[m] to targets[m] along the edge edge_ids[m] (-1: a loop
 * that the layer added); its target gave it the share weights[m * heads + h] of head h's attention.
 * Lives as long as the agate_attention. */
typedef struct agate_attention_layer {
  int64_t num_messages, num_heads;
  const int32_t *sources, *targets;
  const int64_t* edge_ids;
  const float* weights;
} agate_attention_layer;
/** Layer `layer`, counted from 0; AGATE_SHAPE when there is none of that number. */
agate_status agate_attention_get(const agate_attention* attention, int64_t layer,
                                 agate_attention_layer* out);

/** Models of graphs: what of the answer `output` about the one graph asked hangs on each node and
 * on each edge. `method` is "occlusion", "gradient" or "attention"; num_nodes and num_edges are the
 * lengths of `nodes` and `edges`, those of the graph. */
agate_status agate_attribute(const agate_model* model, const agate_input* input, const char* method,
                             int64_t output, double* nodes, int64_t num_nodes, double* edges,
                             int64_t num_edges);

#ifdef __cplusplus
}
#endif
#endif
