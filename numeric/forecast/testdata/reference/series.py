"""Series and reference values of package forecast.

statsmodels 0.15 holds Longley and Nile (public domain); AirPassengers is series G
of Box & Jenkins (1976); filip.csv is typed from NIST StRD Filip.dat (public
domain). Writes airpassengers.csv, nile.csv and longley.csv and prints the values
that the tests expect. Run: python series.py
"""
import numpy as np
import statsmodels.api as sm
from statsmodels.tsa.holtwinters import SimpleExpSmoothing

AIR = """112 118 132 129 121 135 148 148 136 119 104 118
115 126 141 135 125 149 170 170 158 133 114 140
145 150 178 163 172 178 199 199 184 162 146 166
171 180 193 181 183 218 230 242 209 191 172 194
196 196 236 235 229 243 264 272 237 211 180 201
204 188 235 227 234 264 302 293 259 229 203 229
242 233 267 269 270 315 364 347 312 274 237 278
284 277 317 313 318 374 413 405 355 306 271 306
315 301 356 348 355 422 465 467 404 347 305 336
340 318 362 348 363 435 491 505 404 359 310 337
360 342 406 396 420 472 548 559 463 407 362 405
417 391 419 461 472 535 622 606 508 461 390 432"""

air = np.array(AIR.split(), float)
np.savetxt('airpassengers.csv', air, fmt='%g', header='passengers', comments='')
nile = sm.datasets.nile.load_pandas().data['volume'].to_numpy()
np.savetxt('nile.csv', nile, fmt='%g', header='volume', comments='')
d = sm.datasets.longley.load_pandas().data
d.to_csv('longley.csv', index=False)

t = np.arange(1, 145)
for sine in (False, True):
    X = [np.ones(144), t, np.cos(2 * np.pi * t / 12)] + ([np.sin(2 * np.pi * t / 12)] if sine else [])
    m = sm.OLS(air, np.column_stack(X)).fit()
    print('AirPassengers, sine', sine, 'coefficients', m.params, 'SE', m.bse, 't', m.tvalues, 'p', m.pvalues,
          'R2', m.rsquared, 'sigma', np.sqrt(m.scale))
    f = np.arange(145, 148)
    X = [np.ones(3), f, np.cos(2 * np.pi * f / 12)] + ([np.sin(2 * np.pi * f / 12)] if sine else [])
    p = m.get_prediction(np.column_stack(X))
    print('forecast', p.predicted_mean, 'interval', p.conf_int(obs=True, alpha=.05))
m = SimpleExpSmoothing(nile, initialization_method='estimated').fit()
print('Nile: alpha', m.params['smoothing_level'], 'l0', m.params['initial_level'], 'sse', m.sse)
