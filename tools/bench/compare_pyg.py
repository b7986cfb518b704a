#!/usr/bin/env python3
"""Times agate beside PyTorch Geometric: the same layers, the same sizes, the same number of threads, in turns.

usage: compare_pyg.py [--agate build/bin/agate] [--threads 2] [--rounds 3] [--only NAME] [--json FILE]

Needs torch and torch_geometric on the Python path, and `agate` built. Rows and sizes are those of `agate bench`:

  step    one training step of a GAT (8 x 8, dropout 0.6 on inputs and attention) on a graph of Cora's size, dense inputs as PyG's recipe has them
  layer   GATConv and GATv2Conv (8 x 8), forward + backward, on a random power-law graph: 169,343 nodes, 2.38 million edges, 128 inputs
          (the inputs need no gradient); time, and memory above inputs and edge list
  dense   scaled dot-product attention, 8 heads x 64, forward + backward, lengths 512, 2048 and 4096, beside torch's
          scaled_dot_product_attention (torch 2); time, and memory above inputs
  graphs  one training epoch of a GIN (5 x 64, BatchNorm, sums of all layers, Adam) over 4,110 graphs of 20 to 40 nodes, 32 per step, loader included
  molecules  one training step of AttentiveFP (2 layers and 2 timesteps of 200 channels, dropout 0.2, Adam) on a batch of 128 molecules of 12 to 25
          atoms; multi-hot atoms and bonds, the batch already made
  transformer  one training step of a Transformer (4 + 4 layers of 256 channels, 8 heads, perceptrons of 1,024, dropout 0.1, Adam) on 16
          pairs of 256 positions, causal in the decoder, beside torch.nn.Transformer
  tox21   one training epoch of the same AttentiveFP on 6,264 molecules of Tox21 (the training part of a scaffold split), 128 per step, loader
          included; and what a model says of them, loader included, data in memory (agate: the first pass of a process, PyG: of three after training).
          Asked for by name alone: needs rdkit on the Python path too, and the folder of data in $AGATE_DATA
  small   one graph of 20 nodes and 40 edges through a GAT of two layers, evaluation, median

Each measurement of either side is a process of its own; a round runs all rows of one side and then of the other. Figures are medians over the rounds.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time


def peak_mb():
    """The largest resident set so far, and now, in MB."""
    fields = dict(line.split(":") for line in open("/proc/self/status"))
    return int(fields["VmHWM"].split()[0]) / 1024, int(fields["VmRSS"].split()[0]) / 1024


def reset_peak():
    open("/proc/self/clear_refs", "w").write("5")


def median_ms(run, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def power_law_edges(torch, nodes, edges):
    """P(rank r) ~ r^-0.6 at both ends, ranks scattered over the node numbers: as `agate bench` draws them."""
    gen = torch.Generator().manual_seed(2)
    name = torch.randperm(nodes, generator=gen)
    ranks = (torch.rand(2, edges, generator=gen, dtype=torch.float64) ** 2.5 * nodes).long()
    return name[ranks]


def pyg_step(torch, gnn):
    import torch.nn.functional as F
    torch.manual_seed(1)
    nodes, words = 2708, 1433
    ends = torch.randint(nodes, (2, 5278))
    edge_index = torch.cat([ends, ends.flip(0)], 1)
    x = torch.zeros(nodes, words)
    x.scatter_(1, torch.randint(words, (nodes, 18)), 1 / 18)
    y, train = torch.arange(nodes) % 7, torch.arange(140)

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = gnn.GATConv(words, 8, heads=8, dropout=0.6)
            self.conv2 = gnn.GATConv(64, 7, heads=1, concat=False, dropout=0.6)

        def forward(self, x):
            x = F.dropout(x, p=0.6, training=self.training)
            x = F.elu(self.conv1(x, edge_index))
            x = F.dropout(x, p=0.6, training=self.training)
            return self.conv2(x, edge_index)

    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005, weight_decay=5e-4)

    def step():
        optimizer.zero_grad()
        F.cross_entropy(model(x)[train], y[train]).backward()
        optimizer.step()

    step()
    return {"ms": median_ms(step, 20)}


def pyg_layer(torch, gnn, name):
    torch.manual_seed(1)
    nodes = 169343
    edge_index = power_law_edges(torch, nodes, 2380000)
    x = torch.rand(nodes, 128)
    conv = getattr(gnn, name)(128, 8, heads=8)
    reset_peak()
    before = peak_mb()[1]

    def step():
        conv.zero_grad()
        conv(x, edge_index).sum().backward()

    step()
    ms = median_ms(step, 3)
    return {"ms": ms, "mb": peak_mb()[0] - before}


def pyg_small(torch, gnn):
    import torch.nn.functional as F
    torch.manual_seed(1)
    ends = torch.randint(20, (2, 20))
    edge_index, x = torch.cat([ends, ends.flip(0)], 1), torch.rand(20, 16)
    conv1, conv2 = gnn.GATConv(16, 8, heads=8).eval(), gnn.GATConv(64, 4, heads=1, concat=False).eval()

    @torch.no_grad()
    def run():
        conv2(F.elu(conv1(x, edge_index)), edge_index)

    run()
    return {"ms": median_ms(run, 500)}


def torch_dense(torch, length):
    torch.manual_seed(1)
    query, key, values = (torch.rand(1, 8, length, 64, requires_grad=True) for _ in range(3))
    reset_peak()
    before = peak_mb()[1]

    def step():
        query.grad = key.grad = values.grad = None
        torch.nn.functional.scaled_dot_product_attention(query, key, values).sum().backward()

    step()
    ms = median_ms(step, 5)
    return {"ms": ms, "mb": peak_mb()[0] - before}


def pyg_graphs(torch, gnn):
    """One epoch of a GIN over graphs like those of `agate bench`: paths of 20 to 40 nodes with 3 further edges, 37 kinds of nodes."""
    import torch.nn.functional as F
    from torch_geometric.data import Data
    from torch_geometric.loader import DataLoader
    torch.manual_seed(1)
    graphs = []
    for g in range(4110):
        nodes = int(torch.randint(20, 41, ()))
        path = torch.stack([torch.arange(nodes - 1), torch.arange(1, nodes)])
        ends = torch.cat([path, torch.randint(nodes, (2, 3))], 1)
        graphs.append(Data(x=F.one_hot(torch.randint(37, (nodes,)), 37).float(), edge_index=torch.cat([ends, ends.flip(0)], 1),
                           y=torch.tensor([g % 2])))
    nn = torch.nn

    class GIN(nn.Module):
        def __init__(self):
            super().__init__()
            mlp = lambda i: nn.Sequential(nn.Linear(i, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 64))
            self.convs = nn.ModuleList(gnn.GINConv(mlp(37 if l == 0 else 64)) for l in range(5))
            self.norms = nn.ModuleList(nn.BatchNorm1d(64) for _ in range(5))
            self.lin = nn.Linear(320, 2)

        def forward(self, batch):
            x, found = batch.x, []
            for conv, norm in zip(self.convs, self.norms):
                x = F.relu(norm(conv(x, batch.edge_index)))
                found.append(x)
            pooled = gnn.global_add_pool(torch.cat(found, 1), batch.batch, size=batch.num_graphs)
            return self.lin(F.dropout(pooled, 0.5, self.training))

    model = GIN()
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    loader = DataLoader(graphs, batch_size=32, shuffle=True)

    def epoch():
        for batch in loader:
            adam.zero_grad()
            F.cross_entropy(model(batch), batch.y).backward()
            adam.step()

    epoch()
    return {"ms": median_ms(epoch, 3)}


def pyg_molecules(torch, gnn):
    """AttentiveFP on molecules like those of `agate bench`: paths of 12 to 25 atoms with one to three rings, 9 of 174 and 3 of 13 columns set."""
    import torch.nn.functional as F
    torch.manual_seed(1)
    ends, batch, first = [], [], 0
    for g in range(128):
        atoms = int(torch.randint(12, 26, ()))
        path = torch.stack([torch.arange(atoms - 1), torch.arange(1, atoms)])
        start = torch.randint(atoms - 5, (1 + g % 3 // 2 + g % 2,))
        ends.append(first + torch.cat([path, torch.stack([start, start + 5])], 1))
        batch.append(torch.full((atoms,), g))
        first += atoms
    bonds, batch = torch.cat(ends, 1), torch.cat(batch)
    edge_index = torch.cat([bonds, bonds.flip(0)], 1)
    multi_hot = lambda rows, groups: torch.cat([F.one_hot(torch.randint(n, (rows,)), n) for n in groups], 1).float()
    x, attr = multi_hot(first, [19] * 8 + [22]), multi_hot(bonds.shape[1], [5, 6, 2])
    edge_attr, y = torch.cat([attr, attr]), torch.randint(2, (128, 12)).float()
    model = gnn.models.AttentiveFP(174, 200, 12, edge_dim=13, num_layers=2, num_timesteps=2, dropout=0.2)
    adam = torch.optim.Adam(model.parameters(), lr=0.001)

    def step():
        adam.zero_grad()
        F.binary_cross_entropy_with_logits(model(x, edge_index, edge_attr, batch), y).backward()
        adam.step()

    for _ in range(3):
        step()
    return {"ms": median_ms(step, 20)}


def torch_transformer(torch):
    """One training step of torch.nn.Transformer: 4 + 4 layers, 16 pairs of 256 positions."""
    torch.manual_seed(1)
    source, target = torch.rand(16, 256, 256), torch.rand(16, 256, 256)
    model = torch.nn.Transformer(256, 8, 4, 4, 1024, batch_first=True)
    mask = torch.nn.Transformer.generate_square_subsequent_mask(256)
    adam = torch.optim.Adam(model.parameters(), lr=0.001)

    def step():
        adam.zero_grad()
        model(source, target, tgt_mask=mask, tgt_is_causal=True).sum().backward()
        adam.step()

    step()
    return {"ms": median_ms(step, 3)}


def tox21_rows():
    import csv
    import gzip
    path = os.path.join(os.environ["AGATE_DATA"], "molecules", "tox21.csv.gz")
    return list(csv.DictReader(gzip.open(path, "rt")))


def pyg_tox21(torch, gnn):
    """AttentiveFP on Tox21 with PyG's from_smiles, its numbers one-hot."""
    import torch.nn.functional as F
    from torch_geometric.loader import DataLoader
    from torch_geometric.utils import from_smiles
    torch.manual_seed(1)
    rows = tox21_rows()[:6264]
    tasks = [c for c in rows[0] if c not in ("mol_id", "smiles")]
    atom, bond = [119, 9, 11, 12, 9, 5, 8, 2, 2], [22, 6, 2]
    one_hot = lambda x, sizes: torch.cat([F.one_hot(x[:, i], n) for i, n in enumerate(sizes)], 1).float()
    data = []
    for row in rows:
        graph = from_smiles(row["smiles"])
        graph.x, graph.edge_attr = one_hot(graph.x, atom), one_hot(graph.edge_attr.view(-1, 3), bond)
        graph.y = torch.tensor([[float(row[t]) if row[t] else float("nan") for t in tasks]])
        data.append(graph)
    model = gnn.models.AttentiveFP(sum(atom), 200, 12, edge_dim=sum(bond), num_layers=2, num_timesteps=2, dropout=0.2)
    adam = torch.optim.Adam(model.parameters(), lr=0.001, weight_decay=1e-5)

    def epoch():
        model.train()
        for b in DataLoader(data, batch_size=128, shuffle=True):
            adam.zero_grad()
            said, known = model(b.x, b.edge_index, b.edge_attr, b.batch), ~torch.isnan(b.y)
            F.binary_cross_entropy_with_logits(said[known], b.y[known]).backward()
            adam.step()

    def say():
        model.eval()
        with torch.no_grad():
            for b in DataLoader(data, batch_size=128):
                model(b.x, b.edge_index, b.edge_attr, b.batch)

    epoch()
    return {"ms": median_ms(epoch, 3), "said": median_ms(say, 3)}


def agate_tox21(program, threads):
    def run(*command):
        done = subprocess.run([program, *command, "--threads", str(threads)], check=True, capture_output=True, text=True)
        return done.stderr

    with tempfile.TemporaryDirectory() as folder:
        file = lambda name: os.path.join(folder, name)
        fit = ["train", "--data", "tox21", "--model", "attentive_fp", "--split", "scaffold", "--eval-every", "1000"]
        run(*fit, "--epochs", "12", "--save", file("m.safetensors"), "--json", file("m.json"))
        rows = tox21_rows()[:6264]
        with open(file("some.smi"), "w") as out:
            out.writelines(f"{row['smiles']} {row['mol_id']}\n" for row in rows)
        ms = []
        for _ in range(3):
            said = run("predict", "--model", file("m.safetensors"), "--smiles", file("some.smi"), "--out", file("p.csv"))
            figure, unit = re.search(r"predicted in (\S+) (m?s)", said).groups()
            ms.append(float(figure) * (1 if unit == "ms" else 1000))
        return {"ms": json.load(open(file("m.json")))["runs"][0]["epoch_ms"], "said": statistics.median(ms)}


LENGTHS = (512, 2048, 4096)
ROWS = {"step": lambda t, g: pyg_step(t, g), "GATConv": lambda t, g: pyg_layer(t, g, "GATConv"),
        "GATv2Conv": lambda t, g: pyg_layer(t, g, "GATv2Conv"), "small": lambda t, g: pyg_small(t, g), "graphs": lambda t, g: pyg_graphs(t, g),
        "molecules": lambda t, g: pyg_molecules(t, g), "transformer": lambda t, g: torch_transformer(t)}
BY_NAME_ALONE = {"tox21": lambda t, g: pyg_tox21(t, g)}
ROWS.update({f"dense-{n}": lambda t, g, n=n: torch_dense(t, n) for n in LENGTHS})


def child(row, threads):
    import warnings
    warnings.filterwarnings("ignore")
    import torch
    import torch_geometric
    import torch_geometric.nn as gnn
    torch.set_num_threads(threads)
    result = (ROWS | BY_NAME_ALONE)[row](torch, gnn)
    result["versions"] = [torch.__version__, torch_geometric.__version__]
    print(json.dumps(result))


def run_pyg(row, threads):
    command = [sys.executable, os.path.abspath(__file__), "--child", row, "--threads", str(threads)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])


def run_agate(program, row, threads):
    if row == "tox21":
        return agate_tox21(program, threads)
    row = AGATE_ROWS[row]
    command = [program, "bench", "--only", row, "--threads", str(threads), "--json", "/dev/stdout", "--quiet"]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["rows"][0]
    return {"ms": found["median_ms"], "mb": found.get("peak_mb")}


# The row of `agate bench` that does the same work.
AGATE_ROWS = {"step": "training step", "GATConv": "GATConv forward + backward",
              "GATv2Conv": "GATv2Conv forward + backward", "small": "small graph",
              "graphs": "epoch of 4110 graphs", "molecules": "AttentiveFP step, 128 molecules",
              "transformer": "Transformer training step", "tox21": "Tox21, epoch of AttentiveFP"}
AGATE_ROWS.update({f"dense-{n}": f"dense attention, length {n}, forward + backward" for n in LENGTHS})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agate", default="build/bin/agate")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=ROWS | BY_NAME_ALONE, nargs="+")
    parser.add_argument("--json")
    parser.add_argument("--child", choices=ROWS | BY_NAME_ALONE, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        return child(args.child, args.threads)
    rows = args.only or list(ROWS)
    ours, theirs = {r: [] for r in rows}, {r: [] for r in rows}
    for _ in range(args.rounds):
        for row in rows:
            ours[row].append(run_agate(args.agate, row, args.threads))
            theirs[row].append(run_pyg(row, args.threads))
    median = lambda list_, key: statistics.median([m[key] for m in list_])
    torch, pyg = theirs[rows[0]][0]["versions"]
    print(f"torch {torch}, torch_geometric {pyg}, {args.threads} threads, median of {args.rounds} rounds")
    print(f"{'':50} {'agate ms':>10} {'PyG ms':>10} {'ratio':>7} {'agate MB':>10} {'PyG MB':>10} {'ratio':>7}")
    results = []
    for row in rows:
        a, p = median(ours[row], "ms"), median(theirs[row], "ms")
        line = f"{AGATE_ROWS[row]:50} {a:10.3f} {p:10.2f} {p / a:6.1f}x"
        result = {"row": AGATE_ROWS[row], "agate_ms": a, "pyg_ms": p, "ratio": p / a}
        if "mb" in theirs[row][0]:
            am, pm = median(ours[row], "mb"), median(theirs[row], "mb")
            line += f" {am:10.0f} {pm:10.0f} {pm / am:6.1f}x"
            result.update(agate_mb=am, pyg_mb=pm)
        print(line)
        results.append(result)
        if "said" in theirs[row][0]:
            a, p = median(ours[row], "said"), median(theirs[row], "said")
            print(f"{'the same molecules, said':50} {a:10.3f} {p:10.2f} {p / a:6.1f}x")
            results.append({"row": "said: " + AGATE_ROWS[row], "agate_ms": a, "pyg_ms": p, "ratio": p / a})
    if args.json:
        json.dump({"torch": torch, "torch_geometric": pyg, "threads": args.threads, "rows": results},
                  open(args.json, "w"), indent=2)


if __name__ == "__main__":
    main()
