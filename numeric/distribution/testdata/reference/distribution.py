"""Reference values of package distribution, written to distribution.csv.

Made with mpmath at 60 digits, so that they are exact in every printed digit; the
same values agree with SciPy 1.17 where SciPy is accurate. Run: python distribution.py
Columns: distribution, first and second parameter, function, argument, value.
"""
import csv
from mpmath import mp, mpf, gammainc, betainc, erfc, sqrt, exp, pi, gamma, log, floor, findroot, inf, nsum, binomial

mp.dps = 60

_exact = mpf


def mpf(x):
    """The double nearest to x, since that is what the function under test is given."""
    return _exact(float(x)) if isinstance(x, str) else _exact(x)


def normal_tail(z): return erfc(mpf(z) / sqrt(2)) / 2
def gamma_p(a, x): return gammainc(a, 0, x, regularized=True)
def gamma_q(a, x): return gammainc(a, x, inf, regularized=True)
def beta_i(a, b, x): return betainc(a, b, 0, x, regularized=True)
def poisson_sf(l, k): return gamma_p(floor(k) + 1, l)
def poisson_cdf(l, k): return gamma_q(floor(k) + 1, l)
def nb_pmf(m, r, k): return gamma(k + r) / gamma(r) / gamma(k + 1) * (r / (r + m)) ** r * (m / (r + m)) ** k
def nb_cdf(m, r, k): return beta_i(r, floor(k) + 1, r / (r + m))
def nb_sf(m, r, k): return beta_i(floor(k) + 1, r, m / (r + m))
def t_sf(nu, t): return beta_i(nu / 2, mpf(1) / 2, nu / (nu + t * t)) / 2


def solve(f, lo, hi):
    lo, hi = mpf(lo), mpf(hi)
    for _ in range(220):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if f(mid) < 0 else (lo, mid)
    return (lo + hi) / 2


def lattice(cdf, u):
    k = 0
    while cdf(k) < u:
        k += 1
    return k


rows = []


def add(name, a, b, function, x, value): rows.append([name, a, b, function, x, mp.nstr(value, 17)])


for z in ['-37', '-8.5', '-1', '0', '0.3', '1.96', '6', '20', '37']:
    add('normal', '0', '1', 'survival', z, normal_tail(mpf(z)))
for u in ['1e-300', '1e-20', '0.001', '0.025', '0.3', '0.9', '0.975', '0.999999']:
    add('normal', '0', '1', 'quantile', u, solve(lambda z: normal_tail(-z) - mpf(u), -40, 40))
for z in ['-3', '0', '1', '4', '12', '20', '30']:
    z_ = mpf(z)
    add('normal', '0', '1', 'above', z, exp(-z_ * z_ / 2) / sqrt(2 * pi) - z_ * normal_tail(z_))
for k, s in [('2.5', '3'), ('0.05', '2'), ('40', '0.25'), ('3000', '1')]:
    K, S = mpf(k), mpf(s)
    for x in ['1e-12', '0.5', '7.5', '60', '3100']:
        X = mpf(x) / S
        add('gamma', k, s, 'cdf', x, gamma_p(K, X))
        add('gamma', k, s, 'survival', x, gamma_q(K, X))
        add('gamma', k, s, 'above', x, S * K * gamma_q(K + 1, X) - mpf(x) * gamma_q(K, X))
    for u in ['1e-10', '0.01', '0.3', '0.95', '0.999999']:
        add('gamma', k, s, 'quantile', u, S * exp(solve(lambda y: gamma_p(K, exp(y)) - mpf(u), -700, 9)))
for l in ['0.01', '5', '900.5']:
    L = mpf(l)
    for k in ['0', '3', '8.7', '40', '1000']:
        add('poisson', l, '0', 'cdf', k, poisson_cdf(L, mpf(k)))
        add('poisson', l, '0', 'survival', k, poisson_sf(L, mpf(k)))
        n = floor(mpf(k))
        add('poisson', l, '0', 'above', k, L * (poisson_sf(L, n - 1) if n > 0 else 1) - mpf(k) * poisson_sf(L, n))
    for u in ['0.001', '0.5', '0.9', '0.9999']:
        add('poisson', l, '0', 'quantile', u, mpf(lattice(lambda k: poisson_cdf(L, k), mpf(u))))
for m, r in [('9', '3'), ('0.2', '0.05'), ('400', '1.5'), ('30', '100000')]:
    M, R = mpf(m), mpf(r)
    for k in ['0', '2', '17', '17.5', '120', '5000']:
        K = floor(mpf(k))
        add('negbin', m, r, 'pmf', str(int(K)), nb_pmf(M, R, K))
        add('negbin', m, r, 'cdf', k, nb_cdf(M, R, K))
        add('negbin', m, r, 'survival', k, nb_sf(M, R, K))
        M1, R1 = M * (R + 1) / R, R + 1
        add('negbin', m, r, 'above', k, M * (nb_sf(M1, R1, K - 1) if K > 0 else 1) - mpf(k) * nb_sf(M, R, K))
    for u in ['0.1', '0.5', '0.9', '0.9999']:
        add('negbin', m, r, 'quantile', u, mpf(lattice(lambda k: nb_cdf(M, R, k), mpf(u))))
for nu in ['3', '5', '141', '100000']:
    N = mpf(nu)
    for t in ['0.2', '2', '15']:
        T = mpf(t)
        add('t', nu, '0', 'survival', t, t_sf(N, T))
        f = gamma((N + 1) / 2) / gamma(N / 2) / sqrt(N * pi) * (1 + T * T / N) ** (-(N + 1) / 2)
        add('t', nu, '0', 'above', t, (N + T * T) / (N - 1) * f - T * t_sf(N, T))
    for u in ['1e-12', '0.025', '0.4', '0.975']:
        U = mpf(u)
        q = solve(lambda y: t_sf(N, exp(y)) * -1 + min(U, 1 - U), -50, 50)
        add('t', nu, '0', 'quantile', u, exp(q) * (1 if U > 0.5 else -1))
for a, b, x in [('3', '40', '.01975080506143475'), ('0.01', '5', '1e-20'), ('200', '300', '0.2'), ('5', '1e6', '1e-6'), ('50', '0.5', '0.999')]:
    add('beta', a, b, 'cdf', x, beta_i(mpf(a), mpf(b), mpf(x)))

with open('distribution.csv', 'w', newline='') as f:
    out = csv.writer(f, lineterminator='\n')
    out.writerow(['distribution', 'a', 'b', 'function', 'x', 'value'])
    out.writerows(rows)
print(len(rows))
