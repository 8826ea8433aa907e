package messages

// stockTexts are what a plan says of shared limits, of stock that is moved or shared out,
// and of what made it run out or pile up.
var stockTexts = map[string]text{
	"plan.left-out.packing": {"Its {cash} does not fit into what better decisions leave of the cash", "所需现金 {cash} 超出更优决策所余额度"},

	"method.transfer":   {"marginal value of stock", "库存边际价值"},
	"method.protection": {"protection of scarce stock", "稀缺库存保护"},

	"plan.transfer.unpriced": {"{n} {n|product lies|products lie} at several locations. Set plan.transfer_cost in tradewind.yaml to have transfers between them proposed.", "有 {n} 个商品分存于多个仓库。请在 tradewind.yaml 中设置 plan.transfer_cost，以便提出调拨建议。"},

	"plan.transfer.summary":      {"Move {units} × {sku} from {from} to {to}: {gain} expected", "将 {units} 件 {sku} 从 {from} 调往 {to}：预期收益 {gain}"},
	"plan.transfer.reason.to":    {"{to} has {onhand} on the shelf and needs {need} in the {lead} days until an order of today arrives; with {short} probability it runs out before.", "{to} 现有 {onhand} 件，今日订单到货前的 {lead} 天需 {need} 件；到货前断货的概率为 {short}。"},
	"plan.transfer.reason.from":  {"{from} has {onhand} and needs {need} in its {lead} days.", "{from} 现有 {onhand} 件，其 {lead} 天内需 {need} 件。"},
	"plan.transfer.reason.value": {"Units move while the next one is worth more there than here by more than the {cost} of moving it; they can be sold after {days} days.", "只要下一件在目的地的价值超出本地的部分高于 {cost} 的调拨成本，就继续调拨；{days} 天后可售。"},

	"plan.driver.saved-there": {"Sales at {location} that would be lost, until an order could help", "{location} 在订单到货前可挽回的销售"},
	"plan.driver.given-up":    {"Sales that {location} may lose for it", "{location} 可能因此失去的销售"},
	"plan.driver.held":        {"Holding that stock there rather than here", "异地持有与本地持有的成本差"},
	"plan.driver.moving":      {"Moving it", "调拨成本"},

	"plan.option.transfer": {"move {units}", "调拨 {units} 件"},

	"plan.check.border": {"The units cross a border", "货物须过境"},

	"plan.caveat.border":      {"The two locations stand in different countries: duty, customs and a registration there are in the figure only if plan.transfer_cost holds them.", "两地位于不同国家：关税、清关与当地登记费用仅在 plan.transfer_cost 已包含时才计入。"},
	"plan.caveat.until-order": {"Judged until an order of today could arrive; units that are left then save ordering as many. The plan's orders are reckoned with the transfer.", "评估期截至今日订单可到货之日；届时剩余的货物可少订同样数量。本计划的订单已按调拨后的库存计算。"},
	"plan.caveat.stock-flips": {"No change of a single input was found that would leave the stock as it is.", "未发现任何单项输入的变化会使库存维持原状。"},
	"plan.caveat.moved":       {"Reckoned with {units} units by transfers that this plan proposes: reject those, and plan again.", "已计入本计划所建议调拨的 {units} 件：若拒绝调拨，请重新计划。"},

	"plan.allocate.summary":       {"Cap {sku} in {market} at {units} from {location}: {gain} expected", "将 {sku} 在 {market} 从 {location} 的销量限为 {units} 件：预期收益 {gain}"},
	"plan.allocate.reason.scarce": {"There are {stock} units; with {short} probability they do not last the {days} days until an order of today arrives.", "现有及在途 {stock} 件；在今日订单到货前的 {days} 天内不足的概率为 {short}。"},
	"plan.allocate.reason.margin": {"A unit contributes {margin} in {market}, where about {asked} are asked for, and {best} where it contributes most.", "每件在 {market} 贡献 {margin}（需求约 {asked} 件），在贡献最高处为 {best}。"},

	"plan.driver.protected": {"Sales that others make of the units kept for them", "其他渠道利用所留库存实现的销售"},
	"plan.driver.capped":    {"Sales given up in {market}", "{market} 放弃的销售"},

	"plan.option.allocate": {"cap at {units}", "限量 {units} 件"},

	"plan.caveat.beside":   {"Reckoned beside {n} other {n|cap|caps} on this stock that the plan proposes.", "已计入本计划对同一库存所建议的另外 {n} 项限量。"},
	"plan.caveat.goodwill": {"Customers who find nothing are taken to leave without a grudge, and orders to come in evenly until the delivery.", "假设买不到的顾客不会产生不满，且到货前订单均匀到来。"},

	"plan.input.stock.at.from":          {"Stock where the units come from", "调出地库存"},
	"plan.input.stock.at.to":            {"Stock where they go", "调入地库存"},
	"plan.input.stock.at.here":          {"Stock to share out", "可分配库存"},
	"plan.input.stock.coming.from":      {"Under way to where the units come from", "调出地在途"},
	"plan.input.stock.coming.to":        {"Under way to where they go", "调入地在途"},
	"plan.input.stock.coming.here":      {"Under way", "在途"},
	"plan.input.stock.moved":            {"Units that transfers bring or take", "调拨带来或取走的数量"},
	"plan.input.settings.transfer_cost": {"Cost of moving a unit", "单件调拨成本"},
	"plan.input.settings.transfer_days": {"Days until a moved unit can be sold", "调拨后可售所需天数"},

	"plan.cause.demand":   {"Demand off its forecast", "需求偏离预测"},
	"plan.cause.price":    {"A price or a promotion", "价格或促销"},
	"plan.cause.returns":  {"Returns other than expected", "退货与预期不同"},
	"plan.cause.late":     {"Deliveries on other days than promised", "交货日期与承诺不同"},
	"plan.cause.ordering": {"Other orders than the plan asked for", "订货与计划不同"},
	"plan.cause.rounding": {"Packs and least orders", "装箱数与起订量"},

	"plan.attribution.no-past":     {"No day has passed since {from}: there is nothing to explain yet.", "自 {from} 起尚未过去一天，暂无可解释的内容。"},
	"plan.attribution.unexplained": {"The last count is off what sales, returns and deliveries leave by {units} units, with {sold} sold: something came or went that no fact tells of. Import the deliveries, or count again.", "最近一次盘点与销售、退货及到货推算相差 {units} 件（同期售出 {sold} 件）：有未记录的出入库。请导入到货记录或重新盘点。"},
	"plan.caveat.no-count":         {"No count was made since: the stock is reckoned from sales, returns and deliveries.", "此后未再盘点：库存由销售、退货与到货推算。"},
	"plan.caveat.replay":           {"Each cause is answerable for what putting it back to plan changes, over all orders of doing so; what people would have ordered had they known is not asked.", "各原因的份额为将其恢复为计划值所带来的变化，并对所有次序取平均；不考虑若事先知情会如何订货。"},
}
