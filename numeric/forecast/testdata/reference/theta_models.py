"""Reference values of the optimised theta models and of complex exponential smoothing.

statsforecast 2.1.1 fits AutoTheta's models and AutoCES without seasonal adjustment; its
optimiser stops early, so its parameters are written with its forecasts, to compare the
recursion exactly and the fit by the squared error it reached. Writes theta_models.csv and
ces.csv. Run: python theta_models.py
"""
import csv
import numpy as np
from statsforecast.theta import thetamodel, forecast_theta
from statsforecast.ces import cesmodel, forecast_ces

series = {}
for row in csv.reader(open('series.csv')):
    if row[0] != 'series':
        series[row[0].strip('"')] = (int(row[1]), np.array(row[2].split(), float))


def text(values):
    return ' '.join('%.12g' % v for v in np.atleast_1d(values))


with open('theta_models.csv', 'w') as out:
    out.write('model,series,part,values\n')
    for model in ['STM', 'OTM', 'DSTM', 'DOTM']:
        for name in ['AirPassengers', 'Nile', 'WWWusage', 'uspop', 'LakeHuron', 'lynx']:
            m, y = series[name]
            fit = thetamodel(y, 1, model, np.nan, np.nan, np.nan, 3)
            par = fit['par']
            out.write(f'{model},{name},parameters,{text([par["initial_smoothed"], par["alpha"], par["theta"]])}\n')
            out.write(f'{model},{name},mean,{text(forecast_theta(fit, 12)["mean"])}\n')
            out.write(f'{model},{name},squares,{text(np.sum(fit["residuals"][1:] ** 2))}\n')

with open('ces.csv', 'w') as out:
    out.write('form,series,part,values\n')
    for form in 'NSPF':
        for name in ['AirPassengers', 'USAccDeaths', 'UKgas', 'nottem', 'Nile', 'LakeHuron', 'woolyrnq']:
            m, y = series[name]
            if form != 'N' and m == 1:
                continue
            fit = cesmodel(y, m, form, np.nan, np.nan, np.nan, np.nan, 3)
            par = [fit['par'][k] for k in ['alpha_0', 'alpha_1', 'beta_0', 'beta_1']]
            out.write(f'{form},{name},parameters,{text([p for p in par if not np.isnan(p)])}\n')
            out.write(f'{form},{name},mean,{text(forecast_ces(fit, 24)["mean"])}\n')
            out.write(f'{form},{name},squares,{text(np.sum(fit["residuals"] ** 2))}\n')
