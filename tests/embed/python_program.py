# python_program.py LIBRARY FOLDER: agate from Python by ctypes, with what fixture.cpp wrote.
import array
import ctypes
import sys

agate = ctypes.CDLL(sys.argv[1])
folder = sys.argv[2].encode()
c_int64, c_void_p = ctypes.c_int64, ctypes.c_void_p


class Input(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("graph", c_void_p), ("x", c_void_p),
                ("num_features", c_int64), ("x_offsets", c_void_p), ("x_columns", c_void_p),
                ("edge_attr", c_void_p), ("num_edge_features", c_int64), ("offsets", c_void_p),
                ("num_graphs", c_int64), ("pairs", c_void_p), ("num_pairs", c_int64),
                ("threads", ctypes.c_int)]


agate.agate_error.restype = ctypes.c_char_p
agate.agate_version.restype = ctypes.c_char_p
agate.agate_model_label.restype = ctypes.c_char_p
agate.agate_model_label.argtypes = [c_void_p, c_int64]
agate.agate_graph_create.argtypes = [c_int64, c_int64, c_void_p, c_void_p, ctypes.c_int, c_void_p]
agate.agate_predict.argtypes = [c_void_p, c_void_p, c_void_p, c_int64]
for free in (agate.agate_model_free, agate.agate_graph_free):
    free.restype, free.argtypes = None, [c_void_p]


def check(status):
    if status:
        sys.exit(f"status {status}: {agate.agate_error().decode()}")


def address(values):
    return values.buffer_info()[0]


with open(folder + b"/question", "rb") as file:
    def take(kind, count):
        values = array.array(kind)
        values.fromfile(file, count)
        return values

    nodes, edges = take("i", 2)
    sources, targets = take("i", edges), take("i", edges)
    x, expected = take("f", 4 * nodes), take("f", 2 * nodes)

model, graph = c_void_p(), c_void_p()
assert agate.agate_model_load(folder + b"/none.safetensors", ctypes.byref(model)) == 4
assert b"none.safetensors" in agate.agate_error()
check(agate.agate_model_load(folder + b"/nodes.safetensors", ctypes.byref(model)))
check(agate.agate_graph_create(nodes, edges, address(sources), address(targets), 1,
                               ctypes.byref(graph)))
question = Input(size=ctypes.sizeof(Input), graph=graph, x=address(x), num_features=4)
said = array.array("f", bytes(8 * nodes))
check(agate.agate_predict(model, ctypes.byref(question), address(said), len(said)))
assert said.tobytes() == expected.tobytes(), "not the bits that the library says from C++"
assert agate.agate_model_label(model, 1) == b"odd"
agate.agate_model_free(model)
agate.agate_graph_free(graph)
print(f"agate {agate.agate_version().decode()} from Python: {nodes} nodes")
