// Package economy says how large, how far and how well connected a country is, as published
// figures with year and source: gross domestic product, population, inflation, logistics
// performance, distance, shared borders and languages.
//
// A figure is looked up as of a day, so that a decision about an old day rests on years that
// were over by then. The figures are today's revisions of those years, not what was printed
// at the time. What is not in the tables is not known: there is no default.
//
// It is not for exchange rates, which change by the day and come in as facts, nor for law.
// Before it come calendar and commerce; after it the choice of markets.
package economy

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
)

// packed is made by the program in the folder generate.
//
//go:embed economy.txt.gz
var packed []byte

// Series is one kind of figure.
type Series int

const (
	GDP        Series = iota // gross domestic product, current US dollars
	Population               // persons, midyear
	Inflation                // consumer prices, percent a year
	Logistics                // Logistics Performance Index, overall score from 1 to 5
	seriesCount
)

// described is the name of each series in the data and where it comes from.
var described = [seriesCount]struct{ name, source string }{
	GDP:        {"gdp", "World Bank, World Development Indicators, NY.GDP.MKTP.CD (CC BY 4.0)"},
	Population: {"population", "World Bank, World Development Indicators, SP.POP.TOTL (CC BY 4.0)"},
	Inflation:  {"inflation", "World Bank, World Development Indicators, FP.CPI.TOTL.ZG (CC BY 4.0)"},
	Logistics:  {"logistics", "World Bank, Logistics Performance Index (CC BY 4.0)"},
}

// DistanceSource is where distances, borders and languages come from.
const DistanceSource = "CEPII, GeoDist; Mayer & Zignago 2011 (Etalab open licence 2.0)"

// Source returns who publishes a series.
func (s Series) Source() string { return described[s].source }

// Figure is a value with the year that it describes.
type Figure struct {
	Value float64
	Year  int
}

// Pair is what lies between two countries, or between the places of one. Kilometres; NaN
// where not known.
type Pair struct {
	MainCities float64 // between the two most populous cities, along a great circle
	Weighted   float64 // between all larger cities, weighted by their population
	Border     bool
	Official   bool // an official language is common
	Spoken     bool // a language is common that at least nine in a hundred speak
}

// Kilometres returns the weighted distance, or that between the main cities where the former
// is not known.
func (p Pair) Kilometres() float64 {
	if math.IsNaN(p.Weighted) {
		return p.MainCities
	}
	return p.Weighted
}

// record is one country's values from a first year on; NaN where there is none.
type record struct {
	first  int
	values []float64
}

type tables struct {
	series    [seriesCount]map[commerce.Market]record
	pairs     map[[2]commerce.Market]Pair
	countries []commerce.Market
}

// published unpacks the tables on first use.
var published = sync.OnceValue(func() *tables {
	t, err := unpack(packed)
	if err != nil {
		panic("economy: the data that the program was built with cannot be read: " + err.Error())
	}
	return t
})

// At returns the latest figure of a country that was known on a day, and false where there
// is none. A year is known from the first day of the next; a logistics survey, which is
// published within its year, from 1 August.
func At(country commerce.Market, s Series, day calendar.Day) (Figure, bool) {
	r, ok := published().series[s][country]
	if !ok {
		return Figure{}, false
	}
	year, month, _ := day.Date()
	if s != Logistics || month < time.August {
		year--
	}
	for k := min(year-r.first, len(r.values)-1); k >= 0; k-- {
		if v := r.values[k]; !math.IsNaN(v) {
			return Figure{v, r.first + k}, true
		}
	}
	return Figure{}, false
}

// Between returns what lies between two countries, in either order, and false where that is
// not known.
func Between(a, b commerce.Market) (Pair, bool) {
	if a > b {
		a, b = b, a
	}
	p, ok := published().pairs[[2]commerce.Market{a, b}]
	return p, ok
}

// Countries lists the countries that have any figure, ascending. The list is the caller's.
func Countries() []commerce.Market { return slices.Clone(published().countries) }

func unpack(data []byte) (*tables, error) {
	plain, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	t := &tables{pairs: map[[2]commerce.Market]Pair{}}
	var into map[commerce.Market]record
	lines := bufio.NewScanner(plain)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		switch {
		case fields[0] == "series":
			into = map[commerce.Market]record{}
			s := slices.IndexFunc(described[:], func(d struct{ name, source string }) bool { return d.name == fields[1] })
			if s < 0 {
				return nil, fmt.Errorf("unknown series %q", fields[1])
			}
			t.series[s] = into
		case fields[0] == "distances":
			into = nil
		case into != nil:
			r := record{values: make([]float64, len(fields)-2)}
			if r.first, err = strconv.Atoi(fields[1]); err != nil {
				return nil, err
			}
			for k, text := range fields[2:] {
				if r.values[k], err = number(text); err != nil {
					return nil, err
				}
			}
			into[commerce.Market(fields[0])] = r
		default:
			a, b := commerce.Market(fields[0]), commerce.Market(fields[1])
			var p Pair
			if p.MainCities, err = number(fields[2]); err != nil {
				return nil, err
			}
			if p.Weighted, err = number(fields[3]); err != nil {
				return nil, err
			}
			if len(fields) > 4 {
				p.Border, p.Official, p.Spoken = strings.Contains(fields[4], "c"), strings.Contains(fields[4], "o"), strings.Contains(fields[4], "s")
			}
			t.pairs[[2]commerce.Market{a, b}] = p
		}
	}
	known := map[commerce.Market]bool{}
	for _, s := range t.series {
		for country := range s {
			known[country] = true
		}
	}
	for country := range known {
		t.countries = append(t.countries, country)
	}
	slices.Sort(t.countries)
	return t, lines.Err()
}

func number(text string) (float64, error) {
	if text == "-" {
		return math.NaN(), nil
	}
	return strconv.ParseFloat(text, 64)
}
