"""Reference values of numeric/mcda. The second and the fourth criterion of TOPSIS
and VIKOR are costs. Made with pymcdm 1.4.0 and NumPy 2.4.6:

    python3 mcda.py > mcda.csv
"""
import numpy as np
from pymcdm.methods import VIKOR
from pymcdm import weights as w

table = np.array([[8, 7, 2, 1], [5, 3, 7, 5], [7, 5, 6, 4], [9, 9, 7, 3], [11, 10, 3, 7], [6, 9, 5, 4]], dtype=float)
share = np.array([0.4, 0.3, 0.1, 0.2])
types = np.array([1, -1, 1, -1])


def topsis(x, w, types):  # pymcdm turns costs round before it measures; Hwang and Yoon do not
    v = w * x / np.linalg.norm(x, axis=0) * types
    best, worst = np.linalg.norm(v - v.max(0), axis=1), np.linalg.norm(v - v.min(0), axis=1)
    return worst / (best + worst)


print("method,i,value")
for name, values in [
    ("topsis", topsis(table, share, types)),
    ("vikor", VIKOR(v=0.5)(table, share, types)),
    ("entropy", w.entropy_weights(table)),
    ("critic", w.critic_weights(table)),
]:
    for i, v in enumerate(values):
        print(f"{name},{i},{v:.15g}")
