package drift

import (
	"math"
	"slices"
)

// exactCells bounds the table from which an exact P is counted: about 3 ms of work.
const exactCells = 1_000_000

// KolmogorovSmirnov tests whether two samples come from the same distribution by D, the
// largest distance between their empirical distribution functions. P is the share of all
// ways to deal the pooled values into two samples of these sizes that give a D at least as
// large; values that occur twice are dealt as such, so that P is exact for counts too. Above
// a million pairs of values P is that of Kolmogorov's limit, which ties make conservative.
//
// It takes O(n·m) up to that bound and O((n+m)·log(n+m)) above it, modifies neither sample,
// and returns a *TooFewError or *ValueError.
//
// Source: Schröer & Trenkler, Exact and randomization distributions of Kolmogorov-Smirnov
// tests two or three samples (1995), Computational Statistics & Data Analysis 20, 185-202.
func KolmogorovSmirnov(reference, live []float64) (Test, error) {
	if err := check("reference", reference, 1); err != nil {
		return Test{}, err
	}
	if err := check("live", live, 1); err != nil {
		return Test{}, err
	}
	n, m := len(reference), len(live)
	x, y := slices.Clone(reference), slices.Clone(live)
	slices.Sort(x)
	slices.Sort(y)
	most := 0
	last := make([]bool, n+m+1) // last[k]: the k-th smallest value of all is the last of its kind
	for i, j := 0, 0; i < n || j < m; {
		at := math.Inf(1)
		if i < n {
			at = x[i]
		}
		if j < m {
			at = min(at, y[j])
		}
		for i < n && x[i] == at {
			i++
		}
		for j < m && y[j] == at {
			j++
		}
		last[i+j] = true
		most = max(most, abs(i*m-j*n))
	}
	d := float64(most) / float64(n) / float64(m)
	if n*m > exactCells {
		return Test{d, KolmogorovTail(d * math.Sqrt(float64(n)*float64(m)/float64(n+m)))}, nil
	}
	return Test{d, smirnov(most, n, m, last)}, nil
}

// SmirnovTail returns P(D >= d) for two samples of n and m values, all of them different.
func SmirnovTail(d float64, n, m int) float64 {
	return smirnov(int(math.Ceil(d*float64(n)*float64(m)-1e-7)), n, m, nil)
}

// smirnov returns the probability that a path dealt at random from (0, 0) to (n, m) comes to
// a point with |i·m - j·n| >= most, looking only at points that end a tie (last nil: at all).
// It adds up the paths that do, so that small probabilities keep their digits.
func smirnov(most, n, m int, last []bool) float64 {
	if most <= 0 {
		return 1
	}
	p := 0.0
	within := make([]float64, m+1) // probability of being at (i, j) without having left
	for i := range n + 1 {
		for j := range m + 1 {
			here := 0.0
			switch {
			case i == 0 && j == 0:
				here = 1
			case j == 0:
				here = within[0] * float64(n-i+1) / float64(n-i+1+m)
			case i == 0:
				here = within[j-1] * float64(m-j+1) / float64(n+m-j+1)
			default:
				here = within[j]*float64(n-i+1)/float64(n-i+1+m-j) + within[j-1]*float64(m-j+1)/float64(n-i+m-j+1)
			}
			if abs(i*m-j*n) >= most && (last == nil || last[i+j]) {
				p += here
				here = 0
			}
			within[j] = here
		}
	}
	return min(p, 1)
}

// KolmogorovTail returns P(K > x) of Kolmogorov's distribution, the limit of D·√(nm/(n+m))
// for two samples and of D·√n for one.
func KolmogorovTail(x float64) float64 {
	if x <= 0 {
		return 1
	}
	if x < 1 { // the alternating series is slow near 0; this one is its theta transform
		sum := 0.0
		for k := 1.0; k <= 7; k += 2 {
			sum += math.Exp(-k * k * math.Pi * math.Pi / (8 * x * x))
		}
		return 1 - math.Sqrt(2*math.Pi)/x*sum
	}
	sum, sign := 0.0, 1.0
	for k := 1.0; k <= 8; k++ {
		sum += sign * math.Exp(-2*k*k*x*x)
		sign = -sign
	}
	return 2 * sum
}

// Uniformity tests whether values in [0, 1], such as probability integral transforms, are
// uniform, by D, the largest distance of their empirical distribution function from the
// diagonal. P is exact to seven digits up to 2,000 values and beyond that the limit with
// Stephens' correction. It returns a *TooFewError, and a *ValueError outside [0, 1].
//
// Source: Marsaglia, Tsang & Wang, Evaluating Kolmogorov's distribution (2003), Journal of
// Statistical Software 8(18); Stephens (1970), Journal of the Royal Statistical Society B
// 32, 115-122.
func Uniformity(values []float64) (Test, error) {
	if err := check("live", values, 1); err != nil {
		return Test{}, err
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	n := float64(len(sorted))
	d := 0.0
	for i, u := range sorted {
		if u < 0 || u > 1 {
			return Test{}, &ValueError{"live", slices.Index(values, u), u}
		}
		d = max(d, float64(i+1)/n-u, u-float64(i)/n)
	}
	return Test{d, UniformityTail(d, len(sorted))}, nil
}

// UniformityTail returns P(D >= d) for n values that are uniform.
func UniformityTail(d float64, n int) float64 {
	root := math.Sqrt(float64(n))
	switch s := d * d * float64(n); {
	case d <= .5/float64(n):
		return 1
	case d >= 1:
		return 0
	case s > 4: // one side, twice: the two sides no longer meet
		return min(1, 2*oneSidedTail(d, n))
	case n > 2000:
		return KolmogorovTail(d * (root + .12 + .11/root))
	}
	return 1 - kolmogorovMatrix(d, n)
}

// oneSidedTail returns P(D+ >= d) for n uniform values (Birnbaum & Tingey 1951).
func oneSidedTail(d float64, n int) float64 {
	total, _ := math.Lgamma(float64(n) + 1)
	sum := 0.0
	for j := 0; float64(j) <= float64(n)*(1-d); j++ {
		share := d + float64(j)/float64(n)
		if share >= 1 {
			break
		}
		a, _ := math.Lgamma(float64(j) + 1)
		b, _ := math.Lgamma(float64(n-j) + 1)
		sum += math.Exp(total - a - b + float64(n-j)*math.Log1p(-share) + float64(j-1)*math.Log(share))
	}
	return d * sum
}

// kolmogorovMatrix returns P(D < d) as n!/nⁿ times the middle of the n-th power of a matrix.
func kolmogorovMatrix(d float64, n int) float64 {
	k := int(float64(n)*d) + 1
	size := 2*k - 1
	h := float64(k) - float64(n)*d
	a := make([]float64, size*size)
	for i := range size {
		for j := range size {
			if i-j+1 >= 0 {
				a[i*size+j] = 1
			}
		}
	}
	for i := range size {
		a[i*size] -= math.Pow(h, float64(i+1))
		a[(size-1)*size+i] -= math.Pow(h, float64(size-i))
	}
	if 2*h > 1 {
		a[(size-1)*size] += math.Pow(2*h-1, float64(size))
	}
	for i := range size {
		for j := range size {
			for g := 2; g <= i-j+1; g++ {
				a[i*size+j] /= float64(g)
			}
		}
	}
	power, exponent := matrixPower(a, size, n)
	p := power[(k-1)*size+k-1]
	for i := 1; i <= n; i++ {
		p *= float64(i) / float64(n)
		if p < 1e-140 {
			p *= 1e140
			exponent -= 140
		}
	}
	return p * math.Pow(10, float64(exponent))
}

// matrixPower returns aⁿ as a matrix and a power of ten that it is to be multiplied with.
func matrixPower(a []float64, size, n int) (power []float64, exponent int) {
	if n == 1 {
		return slices.Clone(a), 0
	}
	half, exponent := matrixPower(a, size, n/2)
	power = product(half, half, size)
	exponent *= 2
	if n%2 == 1 {
		power = product(a, power, size)
	}
	if power[size/2*size+size/2] > 1e140 {
		for i := range power {
			power[i] *= 1e-140
		}
		exponent += 140
	}
	return power, exponent
}

func product(a, b []float64, size int) []float64 {
	c := make([]float64, size*size)
	for i := range size {
		for k := range size {
			if f := a[i*size+k]; f != 0 {
				for j := range size {
					c[i*size+j] += f * b[k*size+j]
				}
			}
		}
	}
	return c
}

func abs(i int) int { return max(i, -i) }
