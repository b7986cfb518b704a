"""Golden values for explanations from torch and PyTorch Geometric, as safetensors files.

usage: make_explanations.py OUT_DIR SEED      (needs torch and torch_geometric on the Python path)

Weighted_LAYER: a layer with the weight of each message that torch_geometric.explain gives it (set_masks without sigmoid): as
make_golden.py's files, with `weights` and `grad.weights` beside them.
GNNExplainer_TASK: a GCN of two layers and what its GNNExplainer has learned from the masks `start_edges` and `start_features` for node
`args.node`: `edges` and `features`, after the sigmoid, 0 where no gradient came in the first epoch.
"""
import json, os, sys
import torch
import torch_geometric
import torch_geometric.nn as gnn
from torch_geometric.explain import Explainer, GNNExplainer
from torch_geometric.explain.algorithm.utils import clear_masks, set_masks

from make_golden import graph, save

VERSIONS = {"torch": torch.__version__, "torch_geometric": torch_geometric.__version__}


def weighted_layers(out, gen):
    n, m, fin, C, H, E = 12, 30, 5, 3, 2, 2
    mlp = lambda: torch.nn.Sequential(torch.nn.Linear(fin, 4), torch.nn.ReLU(), torch.nn.Linear(4, C))
    cases = [("GATConv", gnn.GATConv, dict(heads=H, edge_dim=E)), ("GATv2Conv", gnn.GATv2Conv, dict(heads=H, edge_dim=E)),
             ("TransformerConv", gnn.TransformerConv, dict(heads=H, edge_dim=E)), ("SuperGATConv", gnn.SuperGATConv, dict(heads=H)),
             ("AGNNConv", gnn.AGNNConv, None), ("GCNConv", gnn.GCNConv, {}), ("SAGEConv", gnn.SAGEConv, {}),
             ("SAGEConv_max", gnn.SAGEConv, dict(aggr="max")), ("SAGEConv_add", gnn.SAGEConv, dict(aggr="add")),
             ("GINConv", gnn.GINConv, None), ("GINEConv", gnn.GINEConv, None)]
    for name, cls, a in cases:
        args = {} if a is None else dict(in_channels=fin, out_channels=C, **a)
        if name == "GINConv":
            mod = cls(mlp())
        elif name == "GINEConv":
            mod = cls(mlp(), edge_dim=E)
        else:
            mod = cls(**args)
        mod.eval()
        with torch.no_grad():
            for p in mod.parameters():
                p.add_(0.1 * torch.randn(p.shape, generator=gen))
        ei = graph(n, n, m, gen, False)
        x = torch.randn(n, fin, generator=gen).requires_grad_()
        w = torch.rand(ei.size(1), generator=gen).requires_grad_()
        e = torch.randn(ei.size(1), E, generator=gen) if "edge_dim" in (a or {}) or name == "GINEConv" else None
        set_masks(mod, w, ei, apply_sigmoid=False)
        y = mod(x, ei, e) if e is not None else mod(x, ei)
        clear_masks(mod)
        g = torch.randn(y.shape, generator=torch.Generator().manual_seed(99))
        y.backward(g)
        t = {"x": x, "edge_index": ei, "weights": w.detach().view(-1, 1), "out": y, "grad_out": g, "grad.x": x.grad,
             "grad.weights": w.grad.view(-1, 1)}
        if e is not None:
            t["edge_attr"] = e
        for k, p in mod.state_dict().items():
            t["param." + k] = p
        save(os.path.join(out, f"Weighted_{name}.safetensors"), t, {"class": cls.__name__, "args": json.dumps(args), **VERSIONS})


class Net(torch.nn.Module):
    def __init__(self, i, hidden, o):
        super().__init__()
        self.convs = torch.nn.ModuleList([gnn.GCNConv(i, hidden), gnn.GCNConv(hidden, o)])

    def forward(self, x, edge_index):
        return self.convs[1](self.convs[0](x, edge_index).relu(), edge_index)


class Started(GNNExplainer):
    """From masks that are given, so that another implementation can start from them."""

    def _initialize_masks(self, x, edge_index):
        super()._initialize_masks(x, edge_index)
        self.node_mask = torch.nn.Parameter(self.start[0].clone())
        self.edge_mask = torch.nn.Parameter(self.start[1].clone())


def explanations(out, gen):
    n, fin, node, epochs = 14, 5, 3, 40
    for task, o in (("multiclass_classification", 3), ("binary_classification", 1), ("regression", 1)):
        net = Net(fin, 8, o).eval()
        ei = graph(n, n, 30, gen, False)
        x = torch.randn(n, fin, generator=gen)
        algorithm = Started(epochs=epochs, lr=0.01)
        algorithm.start = (0.1 * torch.randn(1, fin, generator=gen), 0.5 * torch.randn(ei.size(1), generator=gen))
        level = "probs" if task.startswith("binary") else "raw"
        model = net if level == "raw" else Sigmoid(net)
        explainer = Explainer(model, algorithm, explanation_type="model", node_mask_type="common_attributes", edge_mask_type="object",
                              model_config=dict(mode=task, task_level="node", return_type=level))
        e = explainer(x, ei, index=node)
        t = {"x": x, "edge_index": ei, "out": net(x, ei), "start_features": algorithm.start[0],
             "start_edges": algorithm.start[1].view(-1, 1), "features": e.node_mask, "edges": e.edge_mask.view(-1, 1)}
        for k, p in net.state_dict().items():
            t["param." + k] = p
        args = dict(node=node, epochs=epochs, lr=0.01, hidden=8)
        save(os.path.join(out, f"GNNExplainer_{task.split('_')[0]}.safetensors"), t, {"class": "GNNExplainer", "args": json.dumps(args), **VERSIONS})


class Sigmoid(torch.nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x, edge_index):
        return self.net(x, edge_index).sigmoid()


if __name__ == "__main__":
    torch.manual_seed(int(sys.argv[2]))
    generator = torch.Generator().manual_seed(int(sys.argv[2]))
    weighted_layers(sys.argv[1], generator)
    explanations(sys.argv[1], generator)
