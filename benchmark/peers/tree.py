"""Boosting by xgboost or scikit-learn, or a random forest by scikit-learn, on Friedman's
first problem: CPU and wall seconds of the fit, on one thread, CPU seconds to predict the
held-out rows, and their root mean squared error."""
import json
import sys
import time

import numpy
import sklearn
from sklearn.datasets import make_friedman1
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor

X, y = make_friedman1(120_000, 20, noise=1.0, random_state=0)
X, y, held, actual = X[:100_000], y[:100_000], X[100_000:], y[100_000:]
version = "scikit-learn " + sklearn.__version__
if sys.argv[1] == "xgboost":
    import xgboost
    version = "xgboost " + xgboost.__version__

wall, cpu = time.perf_counter(), time.process_time()
if sys.argv[1] == "xgboost":
    settings = {"tree_method": "hist", "nthread": 1, "objective": "reg:squarederror", "max_depth": 6, "eta": 0.1}
    model = xgboost.train(settings, xgboost.DMatrix(X, y, nthread=1), 100)
elif sys.argv[1] == "histogram":
    model = HistGradientBoostingRegressor(max_iter=100, random_state=1).fit(X, y)
else:
    model = RandomForestRegressor(100, max_features=1 / 3, min_samples_leaf=5, n_jobs=1, random_state=1).fit(X, y)
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall

predict = time.process_time()
got = model.predict(xgboost.DMatrix(held, nthread=1) if sys.argv[1] == "xgboost" else held)
predict = time.process_time() - predict
print(json.dumps({
    "cpu": cpu,
    "wall": wall,
    "version": version,
    "predict": predict,
    "rmse": float(numpy.sqrt(numpy.mean((got - actual) ** 2))),
}))
