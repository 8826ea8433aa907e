package messages

// planTexts are what a plan says of itself and of its proposals.
var planTexts = map[string]text{
	"plan.reorder.summary": {"Order {units} × {sku} into {location}: {gain} expected; {short} risk of running out first", "补货 {units} 件 {sku} 到 {location}：预期收益 {gain}；到货前断货风险 {short}"},

	"plan.reason.demand": {"Demand is about {daily} a day: {need} until an order of today arrives ({lead} days), {more} in the {cycle} days after.", "需求约每天 {daily} 件：今日下单到货前（{lead} 天）需 {need} 件，到货后 {cycle} 天需 {more} 件。"},
	"plan.reason.stock":  {"There are {onhand} on the shelf and {inbound} under way; with {short} probability they run out before an order of today arrives.", "现有库存 {onhand} 件，在途 {inbound} 件；在今日订单到货前断货的概率为 {short}。"},
	"plan.reason.margin": {"A unit sold contributes {margin}; holding one for the {cycle} days costs {holding}.", "每售出一件贡献 {margin}；持有一件 {cycle} 天的成本为 {holding}。"},
	"plan.reason.level":  {"At the critical ratio {ratio} the order-up-to level is {level}, {need} more than there is; in packs of {pack} and at least {moq}, {units} earn most.", "临界比 {ratio} 对应的目标库存为 {level} 件，比现有多 {need} 件；按每包 {pack} 件、起订 {moq} 件，订 {units} 件收益最高。"},

	"plan.reason.level.cash": {"At the critical ratio {ratio} the order-up-to level is {level}, {need} more than there is; in packs of {pack} and at least {moq}, {units} are what cash is best spent on.", "临界比 {ratio} 对应的目标库存为 {level} 件，比现有多 {need} 件；按每包 {pack} 件、起订 {moq} 件，在现金约束下订 {units} 件最为划算。"},

	"plan.driver.revenue": {"Sales that would be lost ({units} units), less fees and returns", "挽回的销售（{units} 件），已扣费用与退货"},
	"plan.driver.goods":   {"Cost of those goods", "对应商品成本"},
	"plan.driver.holding": {"Holding the order until it is sold", "订货售出前的持有成本"},
	"plan.driver.fixed":   {"Placing the order", "下单固定成本"},

	"plan.option.nothing": {"Do nothing", "不行动"},
	"plan.option.order":   {"Order {units} now", "现在订 {units} 件"},
	"plan.option.wait":    {"Wait {days} days, then order {units}", "等 {days} 天再订 {units} 件"},

	"plan.becomes.nothing": {"do not order now", "现在不订货"},

	"plan.binding.moq":       {"The supplier's minimum of {moq} is more than the {need} needed", "供应商起订量 {moq} 高于所需 {need}"},
	"plan.binding.pack":      {"Orders are whole packs of {pack}; {need} were needed", "须整包订货（每包 {pack} 件）；所需 {need} 件"},
	"plan.binding.cash":      {"Cash: what one more unit of the limit would earn", "现金：额度每增加一个单位可多赚"},
	"plan.binding.attention": {"Attention: people look at {n} decisions a plan", "注意力：每次计划最多审阅 {n} 项决策"},

	"plan.limit.cash":      {"Cash {used} of {limit}", "现金 {used} / {limit}"},
	"plan.limit.attention": {"Decisions {used} of {limit}", "决策 {used} / {limit}"},

	"plan.check.cover":   {"Days of cover after the order", "补货后可售天数"},
	"plan.check.history": {"Days with a sale", "有销售的天数"},
	"plan.check.count":   {"Days since the stock count", "距库存盘点的天数"},
	"plan.check.cash":    {"Cash limit of the plan", "计划现金额度"},

	"plan.caveat.assumed":   {"{n} {n|input is|inputs are} assumed: nobody measured {n|it|them}. Import your own to replace {n|it|them}.", "有 {n} 项输入为假设值，并非实测。导入您自己的数据即可替换。"},
	"plan.caveat.pooled":    {"Only {n} {n|day|days} with a sale: the rate is pooled with similar products.", "仅 {n} 天有销售：需求率参考了同类商品。"},
	"plan.caveat.no-flips":  {"No change of a single input up to tenfold was found that drops this order, or it was picked from what cash was left.", "未发现任何单项输入在十倍以内的变化会取消此订单，或此订单取自剩余现金。"},
	"plan.caveat.censored":  {"Days on which the product was out of stock count as days without demand: true demand may be higher.", "缺货日按无需求计：真实需求可能更高。"},
	"plan.caveat.one-order": {"One order is judged at a time; the next plan judges the next one.", "每次只评估一张订单；下一张由下一次计划评估。"},

	"plan.input.demand.daily":          {"Demand a day", "日均需求"},
	"plan.input.returns.rate":          {"Return rate", "退货率"},
	"plan.input.stock.on_hand":         {"Stock on hand", "现有库存"},
	"plan.input.stock.inbound":         {"Stock under way", "在途库存"},
	"plan.input.cost.unit":             {"Unit cost", "单位成本"},
	"plan.input.price.paid":            {"Price paid a unit", "成交单价"},
	"plan.input.supply.supplier":       {"Supplier", "供应商"},
	"plan.input.supply.lead_days":      {"Lead time, days", "交期（天）"},
	"plan.input.supply.lead_sd":        {"Lead time spread, days", "交期波动（天）"},
	"plan.input.supply.moq":            {"Minimum order", "起订量"},
	"plan.input.supply.pack":           {"Pack", "装箱数"},
	"plan.input.supply.order_cost":     {"Cost of an order", "每单固定成本"},
	"plan.input.settings.holding_rate": {"Holding cost a year, share of value", "年持有成本率"},

	"plan.input.stock.sold_since":        {"Sold since the stock count", "盘点后已售"},
	"plan.input.orders.placed":           {"Orders placed, not in the stock count yet", "已下单、盘点尚未计入"},
	"plan.input.supply.serves":           {"Which location serves which markets", "各仓库所服务的市场"},
	"plan.input.rate":                    {"Exchange rate, {quote} for one {base}", "汇率（1 {base} 折合 {quote}）"},
	"plan.input.settings.fee_rate":       {"Payment and marketplace fees, share of the price", "支付与平台费率（占售价）"},
	"plan.input.settings.review_days":    {"Days between two plans", "两次计划相隔天数"},
	"plan.input.settings.max_cycle_days": {"Most days of demand in one order", "单张订单最多覆盖天数"},
	"plan.input.settings.cash":           {"Cash limit of a plan", "计划现金额度"},
	"plan.input.settings.attention":      {"Most decisions in a plan", "每次计划最多决策数"},
	"plan.input.settings.min_gain":       {"Least gain worth showing", "展示所需最低收益"},
	"plan.input.settings.scenarios":      {"Futures that an order is judged on", "评估订单所用情景数"},
	"plan.input.settings.seed":           {"Seed of all chance", "随机种子"},

	"plan.backtest":      {"The error of its forecast ({method}) was {skill} below that of “as last week” in the backtest of similar series.", "其预测（{method}）在同类序列回测中的误差比“同上周”低 {skill}。"},
	"plan.backtest.none": {"Its forecast ({method}) rests on too little history to be backtested.", "其预测（{method}）历史过少，无法回测。"},

	"plan.refused.no-stock":  {"No stock count. Import stock by location (tradewind formats template stock).", "没有库存盘点。请导入分仓库存（tradewind formats template stock）。"},
	"plan.refused.no-cost":   {"No unit cost. Import costs (tradewind formats template costs).", "没有单位成本。请导入成本（tradewind formats template costs）。"},
	"plan.refused.no-supply": {"No supplier or lead time. Import supplies (tradewind formats template supplies).", "没有供应商或交期。请导入供应信息（tradewind formats template supplies）。"},
	"plan.refused.no-sales":  {"No sales yet in the markets that the location serves: nothing to forecast from.", "该仓库所服务的市场尚无销售，无从预测。"},
	"plan.refused.too-large": {"Price, cost or quantity are beyond anything that is sold: a code may stand in the column of a number. Check this SKU's prices, costs and packs.", "价格、成本或数量超出常理：可能有编码误入数字列。请核对该 SKU 的价格、成本与装箱数。"},
	"plan.refused.no-margin": {"A unit sold does not cover its cost: check cost and price before ordering more.", "售价不足以覆盖成本：补货前请核对成本与价格。"},

	"plan.left-out.attention": {"Beyond the {n} decisions that people look at", "超出每次审阅的 {n} 项决策"},
	"plan.left-out.cash":      {"Earns less than cash is worth in this plan ({price} a unit of cash)", "收益低于本计划的现金价值（每单位现金 {price}）"},

	"plan.uncounted": {"{n} {n|product sells|products sell} without a stock count, so no order can be proposed for {n|it|them}. Import stock by location.", "有 {n} 个在售商品没有库存盘点，无法提出补货建议。请导入分仓库存。"},
}
