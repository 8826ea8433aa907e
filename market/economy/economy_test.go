package economy

import (
	"math"
	"slices"
	"testing"

	"tradewind/calendar"
	"tradewind/commerce"
)

func day(t *testing.T, s string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Figures as the World Bank prints them: GDP and population of the United Kingdom in 2010,
// German inflation in 2010, and the LPI surveys of 2010 and 2018.
func TestAt(t *testing.T) {
	for _, tt := range []struct {
		country commerce.Market
		series  Series
		day     string
		year    int
		value   float64
		within  float64
	}{
		{"GB", GDP, "2011-12-09", 2010, 2.4855e12, .0005e12},
		{"GB", Population, "2011-12-09", 2010, 62_766_365, 0},
		{"DE", Inflation, "2011-12-31", 2010, 1.1038, .001},
		{"DE", Logistics, "2018-08-01", 2018, 4.2014, .0001},
		{"DE", Logistics, "2018-07-31", 2016, 4.23, .005},
		{"DE", Logistics, "2011-12-09", 2010, 4.11, .005},
		{"US", GDP, "2040-01-01", 2023, 27.4e12, .5e12}, // the latest there is, however old
	} {
		got, ok := At(tt.country, tt.series, day(t, tt.day))
		if !ok || got.Year != tt.year || math.Abs(got.Value-tt.value) > tt.within {
			t.Errorf("%s, %s on %s: %+v (%v), want %v of %d", tt.country, described[tt.series].name, tt.day, got, ok, tt.value, tt.year)
		}
	}
	for _, unknown := range []commerce.Market{"ZZ", "EU", "", "XJ"} {
		if got, ok := At(unknown, GDP, day(t, "2020-01-01")); ok {
			t.Errorf("%q has %+v", unknown, got)
		}
	}
	if got, ok := At("GB", GDP, day(t, "2000-12-31")); ok {
		t.Errorf("on the last day of 2000 the year is known already: %+v", got)
	}
}

// London to Paris and London to New York, great circles between the centres of the cities:
// 343 km and 5,570 km (CEPII's own coordinates).
func TestBetween(t *testing.T) {
	paris, ok := Between("GB", "FR")
	if !ok || paris.MainCities != 343 || paris.Border || paris.Official {
		t.Errorf("GB and FR: %+v", paris)
	}
	america, ok := Between("US", "GB")
	if !ok || america.MainCities != 5570 || !america.Official || !america.Spoken {
		t.Errorf("US and GB: %+v", america)
	}
	if p, ok := Between("FR", "DE"); !ok || !p.Border {
		t.Errorf("FR and DE: %+v", p)
	}
	if _, ok := Between("GB", "ZZ"); ok {
		t.Error("nowhere is somewhere")
	}
}

// What holds of every table: no figure from the future, sizes that a country can have, a
// distance that is the same both ways and that the earth has room for.
func TestTablesArePlausible(t *testing.T) {
	all := Countries()
	if len(all) < 200 || !slices.IsSorted(all) {
		t.Errorf("%d countries", len(all))
	}
	limits := [seriesCount][2]float64{GDP: {1e6, 1e14}, Population: {1e3, 2e9}, Inflation: {-40, 25_000}, Logistics: {1, 5}}
	asOf := day(t, "2012-06-30")
	counted := [seriesCount]int{}
	for _, c := range all {
		if len(c) != 2 {
			t.Errorf("%q is no alpha-2 code", c)
		}
		for s := range seriesCount {
			f, ok := At(c, s, asOf)
			if !ok {
				continue
			}
			counted[s]++
			if f.Year > 2011 || f.Value < limits[s][0] || f.Value > limits[s][1] {
				t.Errorf("%s, %s: %+v", c, described[s].name, f)
			}
		}
	}
	for s, least := range [seriesCount]int{GDP: 200, Population: 210, Inflation: 170, Logistics: 150} {
		if counted[s] < least {
			t.Errorf("%s of %d countries, want %d", described[s].name, counted[s], least)
		}
	}
	for pair, p := range published().pairs {
		if km := p.Kilometres(); !(km >= 0 && km <= 20_040) {
			t.Errorf("%v are %v km apart", pair, km)
		}
		back, _ := Between(pair[1], pair[0])
		if back.MainCities != p.MainCities || back.Border != p.Border {
			t.Errorf("%v: %+v there, %+v back", pair, p, back)
		}
	}
	if len(packed) > 600_000 {
		t.Errorf("%d bytes packed", len(packed))
	}
}
