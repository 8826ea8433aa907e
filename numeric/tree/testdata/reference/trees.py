"""Reference values of package tree: scikit-learn 1.2.1 and NumPy 1.24.2 on Friedman's
first problem. Prints what the tests expect. Run: python trees.py
"""
from sklearn.datasets import make_friedman1
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.metrics import mean_squared_error

X, y = make_friedman1(2000, noise=1.0, random_state=0)
held, actual = make_friedman1(5000, noise=1.0, random_state=1)
print('first values', X[0, 0], X[0, 9], y[0], actual[4999])

m = HistGradientBoostingRegressor(learning_rate=.05, max_iter=300, max_leaf_nodes=15, min_samples_leaf=20).fit(X, y)
print('boosting, mean squared error', mean_squared_error(actual, m.predict(held)))

m = RandomForestRegressor(500, max_features=1/3, min_samples_leaf=5, oob_score=True, random_state=1).fit(X, y)
print('forest, mean squared error', mean_squared_error(actual, m.predict(held)), 'R2 out of bag', m.oob_score_)
