"""One epoch of a small LSTM by PyTorch, one thread, on the windows, the first weights and
the order that stand in the given folder. Writes the outputs and gradients of the first
batch and the mean loss into peer.json there."""
import json
import os
import sys
import time

import numpy
import torch

torch.set_num_threads(1)
folder = sys.argv[1]
work = json.load(open(folder + "/work.json"))
window, hidden, batch = work["window"], work["hidden"], work["batch"]
data = numpy.fromfile(folder + "/windows.f32", dtype="<f4").reshape(-1, window + 1)
order = torch.tensor(work["order"])
x, y = torch.tensor(data[:, :window, None]), torch.tensor(data[:, window:])


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(1, hidden, batch_first=True)
        self.head = torch.nn.Linear(hidden, 1)

    def forward(self, z):
        return self.head(self.lstm(z)[0][:, -1])


model, loss = Model(), torch.nn.MSELoss()
named = {n.removeprefix("lstm."): p for n, p in model.named_parameters()}
with torch.no_grad():
    for t in work["weights"]:
        named[t["name"]].copy_(torch.tensor(t["data"]).reshape(t["shape"]))

first = order[:batch]
out = model(x[first])
loss(out, y[first]).backward()
answer = {
    "out": [float(v) for v in out.detach().reshape(-1)],
    "gradient": [
        {"name": t["name"], "shape": t["shape"], "data": [float(v) for v in named[t["name"]].grad.reshape(-1)]}
        for t in work["weights"]
    ],
}

optimizer = torch.optim.Adam(model.parameters(), work["rate"])
wall, cpu = time.perf_counter(), time.process_time()
total = 0.0
for i in range(0, len(order), batch):
    rows = order[i:i + batch]
    optimizer.zero_grad()
    error = loss(model(x[rows]), y[rows])
    error.backward()
    optimizer.step()
    total += float(error) * len(rows)
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall

answer["mse"] = total / len(order)
json.dump(answer, open(folder + "/peer.json", "w"))
# how fast PyTorch is hangs on the matrix products that it was linked with
libraries = sorted({name for line in open("/proc/self/maps") for name in [os.path.basename(line.split()[-1])] if "openblas" in name or "mkl" in name or "libblas" in name})
version = "PyTorch " + torch.__version__ + " with " + (", ".join(libraries) or "products of its own")
print(json.dumps({"cpu": cpu, "wall": wall, "version": version, "series": len(order)}))
