"""Writes reference.json: a small two-layer LSTM with a linear head in PyTorch, its weights, a
batch, the outputs, the mean squared error and every gradient. Run as

    python3 reference.py > reference.json

Made with PyTorch 1.13.0 on a CPU, one thread."""
import json

import torch

torch.set_num_threads(1)
torch.manual_seed(7)
PERIODS, ROWS, INPUTS, HIDDEN, LAYERS, OUTPUTS = 7, 6, 3, 10, 2, 5

lstm = torch.nn.LSTM(INPUTS, HIDDEN, LAYERS)
head = torch.nn.Linear(HIDDEN, OUTPUTS)
for p in list(lstm.parameters()) + list(head.parameters()):
    torch.nn.init.normal_(p, std=0.5)  # far enough out that the gates bend
x = torch.randn(PERIODS, ROWS, INPUTS)
y = torch.randn(ROWS, OUTPUTS)

out = head(lstm(x)[0][-1])
loss = torch.nn.functional.mse_loss(out, y)
loss.backward()

named = list(lstm.named_parameters()) + [("head." + n, p) for n, p in head.named_parameters()]


def numbers(t):
    return [float(v) for v in t.detach().reshape(-1)]


def tensors(of):
    return [{"name": n, "shape": list(p.shape), "data": numbers(of(p))} for n, p in named]


print(json.dumps({
    "version": torch.__version__,
    "periods": PERIODS, "rows": ROWS, "inputs": INPUTS, "hidden": HIDDEN, "layers": LAYERS, "outputs": OUTPUTS,
    "x": numbers(x), "y": numbers(y), "out": numbers(out), "loss": float(loss),
    "weights": tensors(lambda p: p), "gradients": tensors(lambda p: p.grad),
}))
