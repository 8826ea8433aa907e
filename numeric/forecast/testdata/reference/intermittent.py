"""Reference values for methods of series with many zeros.

statsforecast 2.1.1 (Nixtla) and, for Croston, R 4.2.2 with forecast 8.20. Writes
intermittent_series.csv, one series a column, and intermittent.csv, one series a row.
Run: python intermittent.py (needs Rscript)
"""
import subprocess
import numpy as np
from statsforecast.models import ADIDA, IMAPA, TSB, CrostonClassic, CrostonSBA

rng = np.random.default_rng(20)
n = 60
spec = np.array([0, 0, 3, 0, 0, 1, 0, 0, 0, 5, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0] * 3, float)
series = [spec]
for p, size in ((.1, 1.5), (.3, 4), (.6, 10), (.9, 3), (.05, 1)):
    series.append((rng.random(n) < p) * (1 + rng.poisson(size, n)).astype(float))
np.savetxt('intermittent_series.csv', np.array(series).T, fmt='%g', delimiter=',',
           header=','.join(f's{i}' for i in range(len(series))), comments='')


def r_croston(y):
    code = f"cat(sprintf('%.12f', forecast::croston(c({','.join(map(str, y))}), h=1, alpha=0.1)$mean))"
    return float(subprocess.run(['Rscript', '-e', code], capture_output=True, text=True, check=True).stdout)


rows = []
for y in series:
    one = lambda m: m.forecast(y, 1)['mean'][0]
    rows.append([r_croston(y), one(CrostonClassic()), one(CrostonSBA()), one(TSB(alpha_d=.2, alpha_p=.1)), one(ADIDA()), one(IMAPA())])
np.savetxt('intermittent.csv', rows, fmt='%.12g', delimiter=',', header='r_croston,croston,sba,tsb,adida,imapa', comments='')
print('first 20 values:', r_croston(spec[:20]))
