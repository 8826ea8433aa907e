package kernel

// Matrix is a view of numbers that belong to somebody else: element (i, j) is
// Data[i*RowStep+j*ColStep].
type Matrix[F Float] struct {
	Data             []F
	Rows, Cols       int
	RowStep, ColStep int
}

// Rows views data as a matrix whose rows follow each other, step numbers apart.
func Rows[F Float](data []F, rows, cols, step int) Matrix[F] {
	return Matrix[F]{data, rows, cols, step, 1}
}

// T is the transposed view of the same numbers.
func (m Matrix[F]) T() Matrix[F] {
	return Matrix[F]{m.Data, m.Cols, m.Rows, m.ColStep, m.RowStep}
}

// fits reports whether every element lies in Data.
func (m Matrix[F]) fits() bool {
	return m.Rows >= 0 && m.Cols >= 0 && m.RowStep >= 0 && m.ColStep >= 0 &&
		(m.Rows == 0 || m.Cols == 0 || (m.Rows-1)*m.RowStep+(m.Cols-1)*m.ColStep < len(m.Data))
}

// MulAdd adds a product to dst,
//
//	dst(i, j) += Σ_k a(i, k) b(k, j),  k ascending,
//
// for dst [m × n], a [m × k] and b [k × n]. dst and b must have ColStep 1; a may be a
// transposed view. dst must not overlap the others. It panics if the shapes do not agree
// or a matrix does not lie in its data.
//
// The three products of an LSTM are all of this kind: forward z·W, backward d·Wᵀ with W
// transposed once a batch, and for the weights zᵀ·d.
func MulAdd[F Float](dst, a, b Matrix[F]) {
	if dst.Rows != a.Rows || a.Cols != b.Rows || dst.Cols != b.Cols {
		panic("kernel: shapes of a product do not agree")
	}
	if !dst.fits() || !a.fits() || !b.fits() {
		panic("kernel: a matrix reaches beyond its data")
	}
	if dst.ColStep != 1 || b.ColStep != 1 {
		panic("kernel: rows of dst and b must be contiguous")
	}
	if dst.Rows == 0 || dst.Cols == 0 || a.Cols == 0 {
		return
	}
	done := 0 // rows that the assembly took care of
	if d, ok := any(dst).(Matrix[float32]); ok && simd {
		done = mulAddSIMD(d, any(a).(Matrix[float32]), any(b).(Matrix[float32]))
	}
	mulAddPlain(dst, a, b, done)
}

// mulAddPlain does the rows from the given one on. It takes four terms at a time, one
// after the other, so that a number of dst is read and written once for the four.
func mulAddPlain[F Float](dst, a, b Matrix[F], from int) {
	n := dst.Cols
	for i := from; i < dst.Rows; i++ {
		row := dst.Data[i*dst.RowStep:][:n]
		k := 0
		for ; k+4 <= a.Cols; k += 4 {
			x := a.Data[i*a.RowStep+k*a.ColStep:]
			x0, x1, x2, x3 := x[0], x[a.ColStep], x[2*a.ColStep], x[3*a.ColStep]
			y := b.Data[k*b.RowStep:]
			y0, y1, y2, y3 := y[:n], y[b.RowStep:][:n], y[2*b.RowStep:][:n], y[3*b.RowStep:][:n]
			for j, sum := range row {
				sum += F(x0 * y0[j])
				sum += F(x1 * y1[j])
				sum += F(x2 * y2[j])
				row[j] = sum + F(x3*y3[j])
			}
		}
		for ; k < a.Cols; k++ {
			x := a.Data[i*a.RowStep+k*a.ColStep]
			for j, y := range b.Data[k*b.RowStep:][:n] {
				row[j] += F(x * y)
			}
		}
	}
}

// Transpose writes the transposed src [rows × cols] into dst [cols × rows], both without
// gaps.
func Transpose[F Float](dst, src []F, rows, cols int) {
	for i := range rows {
		for j, x := range src[i*cols:][:cols] {
			dst[j*rows+i] = x
		}
	}
}
