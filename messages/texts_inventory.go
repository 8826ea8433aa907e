package messages

// inventoryTexts are what the board and the page of stock say; what a plan says of orders
// stands in planTexts.
var inventoryTexts = map[string]text{
	"stock.state.short":     {"running out", "即将断货"},
	"stock.state.order":     {"order", "应补货"},
	"stock.state.overstock": {"overstock", "库存过多"},
	"stock.state.idle":      {"no demand", "无需求"},
	"stock.state.undecided": {"undecided", "无法判断"},
	"stock.state.fine":      {"fine", "正常"},

	"E-STOCK-STATE":     {"There is no state {value} of stock.", "库存没有“{value}”这一状态。"},
	"E-STOCK-STATE.fix": {"Use short, order, overstock, idle, undecided or fine.", "请使用 short、order、overstock、idle、undecided 或 fine。"},
}
