package messages

// inventoryTexts are what the board and the page of stock say; what a plan says of orders
// stands in planTexts.
var inventoryTexts = map[string]text{
	"inventory.state.short":     {"running out", "即将断货"},
	"inventory.state.order":     {"order", "应补货"},
	"inventory.state.overstock": {"overstock", "库存过多"},
	"inventory.state.idle":      {"no demand", "无需求"},
	"inventory.state.undecided": {"undecided", "无法判断"},
	"inventory.state.fine":      {"fine", "正常"},

	"E-STOCK-STATE":     {"There is no state {value} of stock.", "库存没有“{value}”这一状态。"},
	"E-STOCK-STATE.fix": {"Use short, order, overstock, idle, undecided or fine.", "请使用 short、order、overstock、idle、undecided 或 fine。"},

	"E-STOCK-SKU":          {"Nobody counted any stock of {sku}.", "没有 {sku} 的库存盘点。"},
	"E-STOCK-SKU.fix":      {"Check the code, or import its stock by location (tradewind formats template stock).", "请检查编码，或导入其分仓库存（tradewind formats template stock）。"},
	"E-STOCK-LOCATION":     {"Nobody counted {sku} at {location}.", "{location} 没有 {sku} 的盘点。"},
	"E-STOCK-LOCATION.fix": {"It was counted at: {locations}.", "有盘点的仓库：{locations}。"},
	"E-STOCK-SCENARIO":     {"{value} is no {field} to simulate: it must lie from {low} to {high}.", "{field}不能为 {value}：应在 {low} 至 {high} 之间。"},
	"E-STOCK-SCENARIO.fix": {"Give a plain number in that range, or leave it out.", "请给出该范围内的普通数字，或省略此项。"},

	"inventory.field.demand":   {"multiple of demand", "需求倍数"},
	"inventory.field.lead":     {"change of the lead time in days", "交期变化天数"},
	"inventory.field.fill":     {"fill rate", "满足率"},
	"inventory.field.price":    {"multiple of the price", "价格倍数"},
	"inventory.field.weeks":    {"number of weeks", "周数"},
	"inventory.field.episodes": {"number of episodes", "模拟次数"},

	"inventory.policy.ratio": {"Order up to the critical ratio of what the cycle will be short", "按周期缺货量的临界比补货至目标水平"},
	"inventory.policy.fill":  {"Order up to the fill rate that is set", "按设定的满足率补货至目标水平"},

	"inventory.past.short":    {"An order of {day} should last until now, and the facts begin on {from}: too little came before to forecast from. Import older sales.", "{day} 的订单应足够用至今日，而数据始于 {from}：此前历史过短，无从预测。请导入更早的销售。"},
	"inventory.past.no-count": {"No count of {location} is known of {day} or before: what was on the shelf then nobody can say. Import older stock counts.", "{location} 在 {day} 及之前没有盘点：无法得知当时的库存。请导入更早的盘点。"},

	"inventory.trial.today":      {"Today's way", "现行做法"},
	"inventory.trial.rule":       {"Rule of thumb z·σ·√L", "经验公式 z·σ·√L"},
	"inventory.trial.base_stock": {"Best fixed level", "最优固定水平"},
	"inventory.trial.projected":  {"Projected stock", "预计库存法"},
	"inventory.trial.classical":  {"Projected stock and best price", "预计库存法与最优价"},
	"inventory.trial.learned":    {"Learned policy", "学习所得策略"},

	"inventory.note.start":       {"Each episode begins with a usual shelf, not with today's, and has {weeks} weeks; what is left at its end counts at cost.", "每次模拟从常态库存（而非今日库存）开始，共 {weeks} 周；期末库存按成本计价。"},
	"inventory.note.held-price":  {"All ways but those marked ask {price} throughout: they differ in stock alone.", "除特别标注者外，各做法均始终定价 {price}：差别仅在库存。"},
	"inventory.note.unpriced":    {"The item's own prices do not tell how demand answers to them: no way that sets prices is played. A price test would tell.", "商品自身的价格历史无法说明需求如何随价格变化：不模拟自行定价的做法。可做价格测试。"},
	"inventory.note.today":       {"Today's way keeps the position of today, on the shelf and under way, and knows nothing of the scenario.", "现行做法维持今日的库存与在途合计，不知情景的变化。"},
	"inventory.note.rule":        {"The rule of thumb is at z = {z}.", "经验公式取 z = {z}。"},
	"inventory.note.unreached":   {"{policy} does not reach the fill rate at any stock that was tried.", "“{policy}”在所试的任何库存下均未达到该满足率。"},
	"inventory.note.inelastic":   {"How demand answers to the price is not known: the order is weighed at the other price and the same demand.", "需求对价格的反应未知：订单按新价格、同样的需求评估。"},
	"inventory.note.elastic":     {"Demand answers to the price with an elasticity of {elasticity}.", "需求对价格的弹性为 {elasticity}。"},
	"inventory.note.transformed": {"The simulated shop was held against the past as it was; the scenario is applied to it afterwards.", "模拟店铺先按实际历史校验，再施加情景。"},

	"inventory.stage.calibrate": {"Hold a simulated shop against the past", "以历史校验模拟店铺"},
	"inventory.stage.play":      {"Play the same weeks under each policy", "以各策略模拟同样的各周"},
}
