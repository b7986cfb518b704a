"""Golden values of sequence models: recurrent networks over packed batches by torch.nn.

    python3 make_sequences.py OUT_DIR SEED     # needs torch; see README.md
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
    t = {**inputs, **constants, "out": y, "grad_out": grad_out}
    for k, v in inputs.items():
        t["grad." + k] = v.grad
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


def main():
    out, seed = sys.argv[1], int(sys.argv[2])
    torch.manual_seed(seed)
    gen = torch.Generator().manual_seed(seed)
    rnd = lambda *s: torch.randn(*s, generator=gen)
    recurrent(out, rnd)


if __name__ == "__main__":
    main()
