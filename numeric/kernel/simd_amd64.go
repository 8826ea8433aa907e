//go:build amd64 && !purego

package kernel

// simd says whether the assembly may run. It is a variable so that tests can compare.
var simd = hasAVX2()

// hasAVX2 asks the processor for AVX2, and whether the system saves the wide registers.
func hasAVX2() bool {
	const (
		osxsave = 1 << 27 // leaf 1, ecx: XGETBV may be asked
		avx     = 1 << 28 // leaf 1, ecx
		avx2    = 1 << 5  // leaf 7, ebx
		saved   = 1<<1 | 1<<2
	)
	if most, _, _ := cpuid(0); most < 7 {
		return false
	}
	_, _, ecx := cpuid(1)
	if ecx&osxsave == 0 || ecx&avx == 0 || xgetbv()&saved != saved {
		return false
	}
	_, ebx, _ := cpuid(7)
	return ebx&avx2 != 0
}

// cpuid asks for a leaf, subleaf 0.
func cpuid(leaf uint32) (eax, ebx, ecx uint32)

// xgetbv returns the low half of extended control register 0.
func xgetbv() uint32

const tileRows, tileCols = 4, 2 * lanes

// mulAddSIMD does as many rows as make whole tiles and returns how many that is. Columns
// are the outer loop, because then the tiles of one strip share its part of b, which
// stays in the nearest cache.
func mulAddSIMD(dst, a, b Matrix[float32]) int {
	rows := dst.Rows / tileRows * tileRows
	j := 0
	for ; j+tileCols <= dst.Cols; j += tileCols {
		for i := 0; i < rows; i += tileRows {
			tile4x16(&dst.Data[i*dst.RowStep+j], dst.RowStep, &a.Data[i*a.RowStep], a.RowStep, a.ColStep, &b.Data[j], b.RowStep, a.Cols)
		}
	}
	for ; j < dst.Cols; j += lanes {
		mask := &masks[min(lanes, dst.Cols-j)]
		for i := 0; i < rows; i += tileRows {
			tile4x8(&dst.Data[i*dst.RowStep+j], dst.RowStep, &a.Data[i*a.RowStep], a.RowStep, a.ColStep, &b.Data[j], b.RowStep, a.Cols, mask)
		}
	}
	return rows
}

// masks[n] has the top bit set in the first n lanes.
var masks = func() (m [lanes + 1][lanes]int32) {
	for n := range m {
		for i := range n {
			m[n][i] = -1
		}
	}
	return m
}()

// tile4x16 adds a product to 4 rows and 16 columns. Steps count numbers, not bytes; there
// are k > 0 terms.
//
//go:noescape
func tile4x16(dst *float32, dstStep int, a *float32, aRow, aCol int, b *float32, bRow, k int)

// tile4x8 does the same to 4 rows and the columns that mask picks of 8.
//
//go:noescape
func tile4x8(dst *float32, dstStep int, a *float32, aRow, aCol int, b *float32, bRow, k int, mask *[lanes]int32)

// cellForward does n units of one row, n a multiple of 8: see CellForward.
//
//go:noescape
func cellForward(gates *float32, hidden int, before, after, squashed, h *float32, n int, c *[constants][lanes]float32)

// cellBackward does n units of one row, n a multiple of 8: see CellBackward.
//
//go:noescape
func cellBackward(gates *float32, hidden int, before, squashed, dh, dc *float32, n int, c *[constants][lanes]float32)
