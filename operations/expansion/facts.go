package expansion

import (
	"tradewind/commerce"
	"tradewind/market/economy"
)

// Fact is a published figure on a country, with the year that it describes and who says so.
type Fact struct {
	Name   string // as in texts "expansion.fact.…"
	Value  float64
	Unit   string
	Year   int // 0: it has none
	Source string
}

// Facts lists what is published on a market and was known on the day of the facts, and its
// distance from the nearest warehouse's country. What is not known is not in the list.
func (st *Study) Facts(m commerce.Market) (all []Fact) {
	for _, s := range []struct {
		series     economy.Series
		name, unit string
	}{
		{economy.GDP, "gdp", "USD"}, {economy.Population, "population", ""},
		{economy.Inflation, "inflation", "%"}, {economy.Logistics, "logistics", ""},
	} {
		if f, ok := economy.At(m, s.series, st.grounds.snapshot.AsOf); ok {
			all = append(all, Fact{s.name, f.Value, s.unit, f.Year, s.series.Source()})
		}
	}
	if t, ok := st.traits[m]; ok {
		all = append(all, Fact{"distance", t.distance, "km", 0, economy.DistanceSource})
	}
	return all
}
