package main

import (
	"hash/fnv"
	"strconv"
)

// seed changes every figure at once.
const seed = 1

// between returns a whole number from lo to hi, both included, evenly spread: always the
// same for one SKU and purpose, whatever else is in the files.
func between(sku, purpose string, lo, hi int64) int64 {
	h := fnv.New64a()
	h.Write([]byte(strconv.Itoa(seed) + "/" + purpose + "/" + sku)) // a hash never fails
	x := h.Sum64()
	// FNV mixes its last bytes weakly; this is the finaliser of MurmurHash3.
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	x ^= x >> 33
	return lo + int64(x%uint64(hi-lo+1))
}

// percent reports whether a SKU is among n of a hundred.
func percent(sku, purpose string, n int64) bool { return between(sku, purpose, 1, 100) <= n }
