"""Simple exponential smoothing by statsmodels on the given series: CPU seconds of the
fits, and the mean RMSSE of 28 days beside that of the weekly seasonal naive forecast."""
import json
import sys
import time
import warnings

import numpy
import statsmodels
from statsmodels.tsa.holtwinters import SimpleExpSmoothing

warnings.simplefilter("ignore")
series = json.load(open(sys.argv[1]))
train = [numpy.array(s["train"], dtype=float) for s in series]
actual = [numpy.array(s["actual"], dtype=float) for s in series]

wall, cpu = time.perf_counter(), time.process_time()
forecast = [SimpleExpSmoothing(y, initialization_method="estimated").fit().forecast(len(a)) for y, a in zip(train, actual)]
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall


def rmsse(y, a, f):
    return numpy.sqrt(numpy.mean((a - f) ** 2) / numpy.mean(numpy.diff(y) ** 2))


print(json.dumps({
    "cpu": cpu,
    "wall": wall,
    "version": "statsmodels " + statsmodels.__version__,
    "series": len(series),
    "rmsse": float(numpy.mean([rmsse(y, a, f) for y, a, f in zip(train, actual, forecast)])),
    "naive": float(numpy.mean([rmsse(y, a, numpy.tile(y[-7:], len(a) // 7)) for y, a in zip(train, actual)])),
}))
