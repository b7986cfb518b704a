"""Golden values of sequence models: recurrent networks over packed batches by torch.nn, and the decoders of encoder-decoder
networks and the Neural Turing Machine, sequence by sequence and step by step, from the formulas of their papers.

    python3 make_sequences.py OUT_DIR SEED     # needs torch and torch_geometric; see README.md
"""
import json, os, sys, torch
from make_golden import save


def store(out, name, mod, args, inputs, constants, call):
    """One case: the output and the gradients of the inputs and of the parameters."""
    for v in inputs.values():
        v.requires_grad_()
    y = call()
    grad_out = torch.randn(y.shape, generator=torch.Generator().manual_seed(99))
    y.backward(grad_out)
    constants = {k: torch.stack(v) if isinstance(v, list) else v for k, v in constants.items()}
    t = {**inputs, **constants, "out": y, "grad_out": grad_out}
    for k, v in inputs.items():
        t["grad." + k] = v.grad if v.grad is not None else torch.zeros_like(v)
    for k, p in mod.named_parameters():
        t["param." + k] = p
        t["grad.param." + k] = p.grad if p.grad is not None else torch.zeros_like(p)
    save(os.path.join(out, name + ".safetensors"), t,
         {"class": type(mod).__name__, "args": json.dumps(args), "torch": torch.__version__})


def offsets_of(lengths):
    return torch.tensor([0] + lengths).cumsum(0)


def recurrent(out, rnd):
    """Outputs, h_n and c_n of torch.nn.LSTM and GRU, in one row behind one another."""
    lengths = [3, 7, 1, 5, 7]
    for cls in ("LSTM", "GRU"):
        for bi in (False, True):
            args = dict(input_size=4, hidden_size=18 if bi else 5, num_layers=2, bidirectional=bi)
            mod = getattr(torch.nn, cls)(**args, batch_first=True)
            x = rnd(sum(lengths), 4)

            def call():
                padded = torch.nn.utils.rnn.pad_sequence(x.split(lengths), batch_first=True)
                packed = torch.nn.utils.rnn.pack_padded_sequence(padded, lengths, batch_first=True,
                                                                 enforce_sorted=False)
                y, last = mod(packed)
                y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, batch_first=True)
                parts = [y[b, :n] for b, n in enumerate(lengths)]
                parts += list(last) if cls == "LSTM" else [last]
                return torch.cat([p.reshape(1, -1) for p in parts], 1)

            store(out, f"{cls}_packed_{'bi' if bi else 'uni'}", mod, args, {"x": x},
                  {"offsets": offsets_of(lengths)}, call)


class Decoder(torch.nn.Module):
    """The formulas of nn/sequence/recurrent_decoder.hpp for one sequence."""

    def __init__(self, inputs, hidden, memory, attention, feeding):
        super().__init__()
        linear = lambda i, o: torch.nn.Linear(i, o, bias=False)
        self.hidden, self.kind, self.feeding = hidden, attention, feeding
        self.start = torch.nn.Linear(memory, hidden)
        luong = attention in ("dot", "general", "concat")
        more = (hidden if feeding else 0) if luong else memory
        self.cell = torch.nn.GRUCell(inputs + more, hidden)
        a = self.attention = torch.nn.Module()
        if attention == "additive":
            a.W_q, a.W_k, a.w_v = linear(hidden, hidden), linear(memory, hidden), linear(hidden, 1)
        if attention == "general":
            a.W_a = linear(memory, hidden)
        if attention == "concat":
            a.W_a, a.v_a = linear(hidden + memory, hidden), linear(hidden, 1)
        if luong:
            a.W_c = linear(memory + hidden, hidden)
        else:
            self.readout = torch.nn.Linear(hidden + memory + inputs, 2 * hidden)

    def score(self, h, e):
        a = self.attention
        if self.kind == "additive":
            return a.w_v(torch.tanh(a.W_q(h) + a.W_k(e)))
        if self.kind == "dot":
            return h @ e
        if self.kind == "general":
            return h @ (a.W_a.weight @ e)
        return a.v_a(torch.tanh(a.W_a(torch.cat([h, e]))))

    def context(self, h, encodings):
        weights = torch.softmax(torch.stack([self.score(h, e).reshape(()) for e in encodings]), 0)
        return weights @ encodings, weights

    def forward(self, xs, encodings, summary):
        h = torch.tanh(self.start(summary))
        before, rows, paid = torch.zeros(self.hidden), [], []
        for x in xs:
            if self.kind in ("none", "additive"):
                c, weights = ((summary, torch.zeros(len(encodings))) if self.kind == "none"
                              else self.context(h, encodings))
                h = self.cell(torch.cat([x, c]), h)
                before = self.readout(torch.cat([h, c, x])).reshape(2, -1).max(0).values
            else:
                h = self.cell(torch.cat([x, before]) if self.feeding else x, h)
                c, weights = self.context(h, encodings)
                before = torch.tanh(self.attention.W_c(torch.cat([c, h])))
            rows.append(before)
            paid.append(weights)
        return rows, paid


def decoders(out, rnd):
    """The results of whole batches, and the weights of each row padded with zeros."""
    sources, targets = [4, 2, 5, 3], [2, 5, 0, 3]
    for kind, feeding, hidden in (("none", False, 5), ("additive", False, 18), ("dot", True, 4),
                                  ("general", False, 5), ("general", True, 5), ("concat", True, 5)):
        mod = Decoder(3, hidden, 4, kind, feeding)
        inputs = {"x": rnd(sum(targets), 3), "encodings": rnd(sum(sources), 4), "summary": rnd(4, 4)}
        paid = []

        def call():
            rows = []
            for x, e, s in zip(inputs["x"].split(targets), inputs["encodings"].split(sources), inputs["summary"]):
                y, weights = mod(x, e, s)
                rows += y
                paid.extend(torch.nn.functional.pad(w, (0, max(sources) - len(w))) for w in weights)
            return torch.stack(rows)

        store(out, f"RecurrentDecoder_{kind}{'_feeding' if feeding else ''}", mod,
              dict(input_size=3, hidden_size=hidden, memory_size=4, attention=kind, input_feeding=feeding),
              inputs, {"offsets": offsets_of(sources), "target_offsets": offsets_of(targets), "weights": paid}, call)


class TuringMachine(torch.nn.Module):
    """The formulas of nn/sequence/neural_turing_machine.hpp for one sequence, head by head."""

    def __init__(self, inputs, outputs, controller, rows, columns, reads, writes, shifts, learned):
        super().__init__()
        self.rows, self.columns, self.reads, self.writes, self.shifts = rows, columns, reads, writes, shifts
        self.controller = torch.nn.LSTMCell(inputs + reads * columns, controller)
        self.heads = torch.nn.Linear(controller, (reads + writes) * (columns + shifts + 3) + 2 * writes * columns)
        self.output = torch.nn.Linear(controller + reads * columns, outputs)
        first = lambda *shape: torch.nn.Parameter(torch.randn(*shape) / 2)
        self.h0, self.c0 = first(controller), first(controller)
        self.read0, self.weights0 = first(reads, columns), first(reads + writes, rows)
        if learned:
            self.memory = first(rows, columns)
        self.learned = learned

    def address(self, p, memory, before):
        k, beta, g, s, gamma = p.split([self.columns, 1, 1, self.shifts, 1])
        cosine = torch.cosine_similarity(torch.tanh(k).unsqueeze(0), memory, dim=1, eps=1e-20)
        content = torch.softmax(torch.nn.functional.softplus(beta) * cosine, 0)
        g, s = torch.sigmoid(g), torch.softmax(s, 0)
        mixed = g * content + (1 - g) * before
        shifted = sum(torch.roll(mixed, d) * s[d + self.shifts // 2]
                      for d in range(-(self.shifts // 2), self.shifts // 2 + 1))
        power = shifted ** (1 + torch.nn.functional.softplus(gamma))
        return power / power.sum()

    def forward(self, xs):
        memory = torch.tanh(self.memory) if self.learned else torch.full((self.rows, self.columns), 1e-6)
        state = self.h0.unsqueeze(0), self.c0.unsqueeze(0)
        weights, read = torch.softmax(self.weights0, 1), torch.tanh(self.read0).flatten()
        rows, paid = [], []
        for x in xs:
            state = self.controller(torch.cat([x, read]).unsqueeze(0), state)
            told = self.heads(state[0][0])
            each = self.columns + self.shifts + 3
            weights = torch.stack([self.address(told[h * each:(h + 1) * each], memory, weights[h])
                                   for h in range(self.reads + self.writes)])
            read = (weights[:self.reads] @ memory).flatten()
            strokes = told[(self.reads + self.writes) * each:].reshape(self.writes, 2, self.columns)
            for w, (e, _) in zip(weights[self.reads:], strokes):
                memory = memory * (1 - torch.outer(w, torch.sigmoid(e)))
            for w, (_, a) in zip(weights[self.reads:], strokes):
                memory = memory + torch.outer(w, torch.tanh(a))
            rows.append(self.output(torch.cat([state[0][0], read])))
            paid.append(weights)
        return rows, paid


def turing_machines(out, rnd):
    """Whole batches, and where the heads were in each row: those that read, those that write."""
    lengths = [3, 6, 0, 4]
    for name, sizes in (("constant", (4, 3, 9, 7, 5, 1, 1, 3, False)), ("learned", (4, 3, 18, 8, 11, 2, 3, 5, True))):
        mod = TuringMachine(*sizes)
        inputs, paid = {"x": rnd(sum(lengths), 4)}, []

        def call():
            rows = []
            for x in inputs["x"].split(lengths):
                y, weights = mod(x)
                rows += y
                paid.extend(weights)
            return torch.stack(rows)

        names = ("input_size", "output_size", "controller_size", "memory_rows", "memory_columns", "read_heads",
                 "write_heads", "shifts", "learned")
        store(out, f"NeuralTuringMachine_{name}", mod, dict(zip(names, sizes)), inputs,
              {"offsets": offsets_of(lengths), "weights": paid}, call)


def main():
    out, seed = sys.argv[1], int(sys.argv[2])
    torch.manual_seed(seed)
    gen = torch.Generator().manual_seed(seed)
    rnd = lambda *s: torch.randn(*s, generator=gen)
    recurrent(out, rnd)
    decoders(out, rnd)
    turing_machines(out, rnd)


if __name__ == "__main__":
    main()
