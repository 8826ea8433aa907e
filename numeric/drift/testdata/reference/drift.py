"""Reference values of numeric/drift. Made with NumPy 1.24.2, SciPy 1.10.1, statsmodels
0.13.5 and river 0.26.1:

    python3 drift.py

writes pairs.csv (generated samples), streams.csv (river's documented streams, a digit a
value) and drift.csv. drift.R adds ties and run lengths in drift_r.csv.
"""
import random

import numpy as np
from river import drift
from scipy import stats
from scipy.stats._ksstats import _kolmogn_Pomeranz
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(20261123)
pairs = []
for i in range(20):
    n, m = int(rng.integers(5, 60)), int(rng.integers(5, 60))
    shift = rng.choice([0, 0, 0.3, 1.0])
    if i % 2 == 0:
        x, y = rng.normal(size=n), rng.normal(shift, size=m)
        x, y = np.round(x, 6), np.round(y, 6)
    else:  # counts: many ties
        x, y = rng.poisson(2, n).astype(float), rng.poisson(2 + shift, m).astype(float)
    pairs.append((x, y))

with open("pairs.csv", "w") as f:
    print("pair,sample,value", file=f)
    for i, (x, y) in enumerate(pairs):
        for name, values in (("reference", x), ("live", y)):
            for v in values:
                print(f"{i},{name},{v:.15g}", file=f)


def choices(seed, segments):
    r = random.Random(seed)
    return [v for values, k in segments for v in r.choices(values, k=k)]


bits, high = [0, 1], range(4, 8)
legacy = np.random.RandomState(12345)
streams = {
    "documentation": choices(12345, [(bits, 1000), (high, 1000)]),
    "tests": np.concatenate((legacy.randint(2, size=1000), legacy.randint(8, size=1000))).tolist(),
    "segments": choices(42, [(bits, 1000), (high, 1000), (bits, 1000), (high, 1000)]),
}
with open("streams.csv", "w") as f:
    print("stream,digits", file=f)
    for name, values in streams.items():
        print(f"{name},{''.join(map(str, values))}", file=f)

out = []
for i, (x, y) in enumerate(pairs):
    test = stats.ks_2samp(x, y, method="exact")
    out.append(("ks-d", i, test.statistic))
    out.append(("ks-p-untied", i, test.pvalue))
    out.append(("wasserstein", i, stats.wasserstein_distance(x, y) / x.std(ddof=1)))
for i, x in enumerate([0.2, 0.5, 0.8, 1.0, 1.3581, 2.5]):
    out.append((f"kolmogorov-{x}", i, stats.kstwobign.sf(x)))
for d, n in [(0.274, 10), (0.08, 52), (0.1, 156), (0.2, 156), (0.05, 500), (0.9, 5), (0.03, 2000), (0.3, 100), (0.02, 5000)]:
    # SciPy approximates to five digits where n is large; Pomeranz' recursion has all of
    # them, but underflows for larger n and cancels in the tail
    exact = n <= 500 and d * d * n < 4
    out.append((f"uniformity-{d}-{n}", 0, float(_kolmogn_Pomeranz(n, d, cdf=False)) if exact else stats.kstwo.sf(d, n)))
a, b = [10, 20, 30, 0, 5], [12, 15, 33, 4, 5]
chi2, p, _, _ = stats.chi2_contingency([a, b], correction=False)
out += [("chi2", 0, chi2), ("chi2-p", 0, p)]
n, m, half = sum(a), sum(b), len(a) / 2
p, q = (np.array(a) + 0.5) / (n + half), (np.array(b) + 0.5) / (m + half)
psi = float(((p - q) * np.log(p / q)).sum())
out += [("psi", 0, psi), ("psi-p", 0, stats.chi2.sf(psi / (1 / n + 1 / m), len(a) - 1))]
out.append(("psi-limit", 0, (1 / 500 + 1 / 200) * stats.chi2.ppf(0.95, 9)))
ps = [0.01, 0.04, 0.03, 0.005, 0.5, 0.03, 0.9]
for i, v in enumerate(multipletests(ps, method="fdr_bh")[1]):
    out.append(("fdr", i, v))
for name, values in streams.items():
    for what, watcher in (("adwin-32", drift.ADWIN()), ("adwin-1", drift.ADWIN(clock=1)), ("page-hinkley", drift.PageHinkley())):
        k = 0
        for i, v in enumerate(values):
            watcher.update(v)
            if watcher.drift_detected:
                out.append((f"{what}-{name}", k, i + 1))
                k += 1
with open("drift.csv", "w") as f:
    print("what,i,value", file=f)
    for what, i, v in out:
        print(f"{what},{i},{v:.15g}", file=f)
