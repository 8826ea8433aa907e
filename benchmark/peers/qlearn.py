"""Tabular Q-learning by numpy of a small lost-sales problem: 51 levels of stock, 21 orders
that arrive at once, Poisson demand of mean 5. CPU seconds of the given number of steps, and
what a step earns."""
import json
import sys
import time

import numpy

steps = int(sys.argv[1])
rng = numpy.random.default_rng(0)
wall, cpu = time.perf_counter(), time.process_time()
q, state, total = numpy.zeros((51, 21)), 10, 0.0
for _ in range(steps):
    action = int(rng.integers(21)) if rng.random() < .1 else int(q[state].argmax())
    stock, demand = min(50, state + action), rng.poisson(5)
    sold = min(stock, demand)
    left = stock - sold
    reward = 5 * sold - action - .1 * left - 2 * (demand - sold)
    total += reward
    q[state, action] += .1 * (reward + .99 * q[left].max() - q[state, action])
    state = left
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall

print(json.dumps({"cpu": cpu, "wall": wall, "version": "numpy " + numpy.__version__, "reward": total / steps}))
