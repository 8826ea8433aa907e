package messages

// receiptTexts are what goods receipts say: what is wrong with one, and the lead times that
// are learned from them.
var receiptTexts = map[string]text{
	"E-RECEIPT-UNITS":        {"“{value}” in {column} is no quantity that came in.", "{column} 中的“{value}”不是有效的收货数量。"},
	"E-RECEIPT-UNITS.fix":    {"Write the units received; 0 withdraws the receipt that the row names. What went back to the supplier is no receipt.", "请填写收货件数；填 0 表示撤销该收货记录。退回供应商的货物不属于收货。"},
	"E-RECEIPT-REVERSED":     {"“{value}” in {column} is before the day on which the goods were ordered.", "{column} 中的“{value}”早于下单日期。"},
	"E-RECEIPT-REVERSED.fix": {"Check both days; they may be swapped, or day and month may be.", "请检查两个日期：可能前后颠倒，或日与月颠倒。"},
	"E-RECEIPT-AHEAD":        {"“{value}” in {column} is still to come: goods that are under way are no receipt.", "{column} 中的“{value}”是未来日期：在途货物不属于收货。"},
	"E-RECEIPT-AHEAD.fix":    {"Correct the day, or import the row once the goods are there; what is under way belongs in the stock count.", "请更正日期，或到货后再导入；在途数量请填入库存盘点。"},
	"E-RECEIPT-LEAD":         {"“{value}” in {column} is more than 730 days after the goods were ordered.", "{column} 中的“{value}”距下单超过 730 天。"},
	"E-RECEIPT-LEAD.fix":     {"Check both days: a year may be mistyped.", "请检查两个日期：年份可能有误。"},

	"plan.untaught": {"{n} {n|goods receipt counts|goods receipts count} for stock but {n|teaches|teach} no lead time, as {n|its supplier is|their suppliers are} none of the product's supplies (first: {sku}, “{supplier}”). Write the supplier alike in supplies and receipts, and import the corrected file.", "有 {n} 条收货记录计入库存，但供应商与该商品的供货信息不符，无法据此学习交期（首条：{sku}，“{supplier}”）。请在供货与收货文件中统一供应商名称，然后重新导入更正后的文件。"},

	"plan.input.stock.received_since":     {"Received since the stock count", "盘点后已收"},
	"plan.input.supply.lead_typed":        {"Lead time as typed, days", "填写的交期（天）"},
	"plan.input.supply.lead_days.learned": {"Lead time, days, over {n} {n|delivery|deliveries} (typed: {typed})", "交期（天），据 {n} 次到货（填写：{typed}）"},
	"plan.input.supply.lead_days.both":    {"Lead time, days, over {n} {n|delivery|deliveries} and {others} of the supplier's other goods (typed: {typed})", "交期（天），据 {n} 次到货及该供应商其他商品的 {others} 次到货（填写：{typed}）"},
	"plan.input.supply.lead_days.others":  {"Lead time, days, over {others} {others|delivery|deliveries} of the supplier's other goods (typed: {typed})", "交期（天），据该供应商其他商品的 {others} 次到货（填写：{typed}）"},
	"plan.reason.lead.learned":            {"Orders take {days} days over {n} {n|delivery|deliveries} (typed: {typed}).", "据 {n} 次到货，订单需 {days} 天（填写：{typed}）。"},
	"plan.reason.lead.both":               {"Orders take {days} days over {n} {n|delivery|deliveries} and {others} of the supplier's other goods (typed: {typed}).", "据 {n} 次到货及该供应商其他商品的 {others} 次到货，订单需 {days} 天（填写：{typed}）。"},
	"plan.reason.lead.others":             {"Orders take {days} days over {others} {others|delivery|deliveries} of the supplier's other goods (typed: {typed}).", "据该供应商其他商品的 {others} 次到货，订单需 {days} 天（填写：{typed}）。"},

	"cli.inventory.receipts":           {"Goods receipts", "收货记录"},
	"cli.inventory.receipts.more":      {"The latest {shown} of {n}; -o json lists all.", "最近 {shown} 条，共 {n} 条；用 -o json 列出全部。"},
	"cli.inventory.received":           {"RECEIVED", "收货"},
	"cli.inventory.ordered":            {"ORDERED", "下单"},
	"console.past.stock.receipts":      {"{shown} of {n} goods {n|receipt|receipts} here, the latest first; the lead time in days", "此处 {n} 条收货记录中最近的 {shown} 条，最近的在前；交期以天计"},
	"console.past.stock.receipts.desc": {"All goods receipts of the SKU at this location.", "该 SKU 在此仓库的全部收货记录。"},
	"console.past.stock.received":      {"Received", "收货日期"},
	"console.past.stock.ordered":       {"Ordered", "下单日期"},
	"cli.table.receipts":               {"goods receipts", "收货记录"},
	"cli.table.receipt":                {"goods receipts", "收货记录"},
	"console.table.receipt":            {"Goods receipts", "收货记录"},
}
