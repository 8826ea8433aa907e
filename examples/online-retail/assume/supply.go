package main

// supplier is one of twelve that the shop might buy from. Lead times are days from order
// to shelf: about two weeks from the British Isles, six to eight by sea from Asia.
type supplier struct {
	name      string
	country   string // of origin of its goods
	leadDays  int64
	leadSD    int64
	orderCost int64 // ten-thousandths of GBP for each line of an order
}

var suppliers = []supplier{
	{"Supplier 01", "GB", 14, 3, 5_0000},
	{"Supplier 02", "GB", 14, 3, 5_5000},
	{"Supplier 03", "GB", 16, 3, 6_0000},
	{"Supplier 04", "NL", 21, 4, 7_0000},
	{"Supplier 05", "DE", 21, 4, 7_5000},
	{"Supplier 06", "PL", 25, 5, 8_0000},
	{"Supplier 07", "TR", 32, 6, 9_0000},
	{"Supplier 08", "CN", 45, 8, 12_0000},
	{"Supplier 09", "CN", 45, 8, 12_5000},
	{"Supplier 10", "CN", 48, 8, 13_0000},
	{"Supplier 11", "IN", 52, 10, 14_0000},
	{"Supplier 12", "IN", 60, 12, 15_0000},
}

// far reports whether goods come by sea.
func (s supplier) far() bool { return s.leadDays > 40 }

// specialists says which suppliers, by position, make the goods of a chapter. What is
// not listed is made in China.
var specialists = map[string][]int{
	"33": {10, 11}, "34": {0, 1, 3}, "42": {7, 8, 10}, "44": {5, 9, 11}, "46": {5, 9},
	"48": {0, 2, 4}, "49": {0, 1, 2}, "63": {6, 10, 11}, "66": {8, 9}, "69": {3, 6, 7},
	"70": {4, 5, 8}, "71": {7, 10, 11}, "73": {6, 8, 10}, "83": {2, 9, 10}, "94": {5, 8, 9},
	"96": {2, 4, 7}, "": {1, 3, 7, 9},
}

func supplierOf(a article, h heading) supplier {
	makers := specialists[h.chapter]
	if makers == nil {
		makers = []int{7, 8, 9}
	}
	return suppliers[makers[between(a.sku, "supplier", 0, int64(len(makers)-1))]]
}

// packSizes are the cartons of the trade, the fullest first.
var packSizes = []int64{48, 36, 24, 20, 16, 12, 10, 8, 6, 4, 3, 2}

// packOf returns the carton in which an article is bought: the fullest of which
// customers ordered at least half of their units in whole multiples, counting lines of
// two or more. Where fewer than five lines tell, the price does: the cheaper, the fuller.
func packOf(a article) int64 {
	if len(a.steps) < 5 {
		return []int64{24, 12, 6, 2}[tier(a.price)]
	}
	for _, pack := range packSizes {
		var whole, all int64
		for _, units := range a.steps {
			all += units
			if units%pack == 0 {
				whole += units
			}
		}
		if 2*whole >= all {
			return pack
		}
	}
	return 1
}

// smallestOrder returns the units that a supplier delivers at least: whole cartons, more
// of them of cheap goods, twice as many by sea.
func smallestOrder(a article, s supplier) int64 {
	packs := []int64{4, 3, 2, 1}[tier(a.price)]
	if s.far() {
		packs *= 2
	}
	return packs * packOf(a)
}

// unitCost returns what a unit costs delivered to the warehouse: 45 to 60 % of the
// median price paid, less of it for dearer goods, which carry the higher margin.
// In ten-thousandths, rounded to a tenth of a penny, at least that.
func unitCost(a article) int64 {
	share := [][2]int64{{57, 60}, {53, 58}, {49, 55}, {45, 51}}[tier(a.price)]
	percent := between(a.sku, "cost", share[0], share[1])
	return max((a.price*percent/100+5)/10*10, 10)
}

// stocked returns what lies in the warehouse at the end of the last day and what is on
// its way. Recent sales set the scale: of a hundred articles 6 are sold out, 30 have one
// to three weeks, 44 three to seven, 20 seven to ten. Of articles that nobody bought for
// half a year seven in ten are gone and the others have a remainder.
func stocked(a article, s supplier) (onHand, inbound int64) {
	if a.last < dormantBefore {
		if percent(a.sku, "remainder", 70) {
			return 0, 0
		}
		return between(a.sku, "remaining", 1, 40), 0
	}
	tenths := int64(0) // of a week
	switch draw := between(a.sku, "cover", 1, 100); {
	case draw <= 6:
	case draw <= 36:
		tenths = between(a.sku, "weeks", 10, 30)
	case draw <= 80:
		tenths = between(a.sku, "weeks", 30, 70)
	default:
		tenths = between(a.sku, "weeks", 70, 100)
	}
	onHand = a.recent * tenths / (10 * recentWeeks)

	ordered := int64(20) // of a hundred articles have an order under way
	if s.far() {
		ordered = 45
	}
	if percent(a.sku, "ordered", ordered) {
		weeks := between(a.sku, "inbound", 2, 8)
		pack := packOf(a)
		inbound = max((a.recent*weeks/recentWeeks+pack-1)/pack*pack, smallestOrder(a, s))
	}
	return onHand, inbound
}
