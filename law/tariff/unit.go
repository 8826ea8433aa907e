package tariff

import (
	"math"
	"strings"

	"tradewind/fault"
)

// Quantities are what specific duties are charged on. Zero is "not known": a duty by
// weight on goods whose weight nobody gave is unknown, never nothing.
type Quantities struct {
	Kilograms    float64 // net weight
	Litres       float64
	ProofLitres  float64 // litres of spirits at 50 % alcohol by volume
	Pieces       float64 // articles; dozens, gross and thousands follow from it
	Pairs        float64
	Metres       float64
	SquareMetres float64
	CubicMetres  float64
	Barrels      float64
}

// dimension is one field of Quantities.
type dimension uint8

const (
	mass dimension = iota
	volume
	proofVolume
	count
	pairs
	length
	area
	space
	barrels
)

// dimensions names each, in the order of the constants, as Amount reports what is
// missing; "tariff.missing.…" has the words for people.
var dimensions = [...]string{"kilograms", "litres", "proof-litres", "pieces", "pairs", "metres", "square-metres", "cubic-metres", "barrels"}

func (q *Quantities) of(d dimension) float64 {
	return [...]float64{q.Kilograms, q.Litres, q.ProofLitres, q.Pieces, q.Pairs, q.Metres, q.SquareMetres, q.CubicMetres, q.Barrels}[d]
}

// million is how finely quantities are kept: to the milligram, so that a duty is a
// division of whole numbers and the same on every machine.
const million = 1_000_000

// micro returns a quantity in millionths; known is false for zero and NaN.
func (q *Quantities) micro(d dimension) (n int64, known bool, err error) {
	x := q.of(d)
	switch {
	case math.IsNaN(x) || x == 0:
		return 0, false, nil
	case x < 0 || x > 1e12:
		return 0, false, fault.New(fault.Invalid, "E-TARIFF-QUANTITY", fault.A("quantity", dimensions[d]))
	}
	return int64(math.RoundToEven(x * million)), true, nil
}

// unit is what a specific rate is charged per.
type unit struct {
	dimension dimension
	micro     int64 // one of it in millionths of the dimension's own unit
}

// units by the names that tariffs print, in lower case without spaces and closing dots.
var units = func() map[string]unit {
	all := map[string]unit{}
	for _, u := range []struct {
		names string
		unit  unit
	}{
		{"kg", unit{mass, million}},
		{"g", unit{mass, 1000}},
		{"carat ct", unit{mass, 200}},
		{"t tonne", unit{mass, 1000 * million}},
		{"l liter litre", unit{volume, million}},
		{"hl", unit{volume, 100 * million}},
		{"pf.liter pf.litre", unit{proofVolume, million}},
		{"each piece pc pcs item head article no", unit{count, million}},
		{"doz dozen", unit{count, 12 * million}},
		{"gross", unit{count, 144 * million}},
		{"thousand", unit{count, 1000 * million}},
		{"pr pair", unit{pairs, million}},
		{"m lin.m", unit{length, million}},
		{"m2 m²", unit{area, million}},
		{"m3 m³", unit{space, million}},
		{"bbl barrel", unit{barrels, million}},
	} {
		for name := range strings.FieldsSeq(u.names) {
			all[name] = u.unit
		}
	}
	return all
}()

// parseUnit reads what stands after the stroke: "kg", "100 kg", "pf. liter", "1,000".
func parseUnit(text string) (unit, bool) {
	name := strings.TrimSuffix(strings.ToLower(strings.ReplaceAll(text, " ", "")), ".")
	digits := 0
	times := int64(0)
	for digits < len(name) && (name[digits] >= '0' && name[digits] <= '9' || name[digits] == ',') {
		if c := name[digits]; c != ',' {
			if times = times*10 + int64(c-'0'); times > 1_000_000 {
				return unit{}, false
			}
		}
		digits++
	}
	if digits == 0 {
		u, ok := units[name]
		return u, ok
	}
	rest := name[digits:]
	if rest == "" {
		rest = "piece" // "38.4¢/1000" counts articles
	}
	u, ok := units[rest]
	u.micro *= times
	return u, ok && times > 0
}
