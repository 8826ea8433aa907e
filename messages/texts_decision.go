package messages

// decisionTexts name the parts of a decision.
var decisionTexts = map[string]text{
	"decision.kind.reorder":   {"Reorder", "补货"},
	"decision.kind.set_price": {"Set price", "定价"},

	"decision.kind.enter_market":     {"Enter market", "进入市场"},
	"decision.kind.register_tax":     {"Register for tax", "税务登记"},
	"decision.kind.localize_listing": {"Localise listing", "本地化商品页"},
	"decision.kind.start_experiment": {"Start price test", "启动价格测试"},
	"decision.kind.run_promotion":    {"Run promotion", "开展促销"},
	"decision.kind.move_stock":       {"Move stock", "调拨库存"},
	"decision.kind.allocate_stock":   {"Allocate stock", "分配库存"},
	"decision.kind.grant_mandate":    {"Grant mandate", "授予授权"},

	"decision.vehicle.price":   {"Lower price", "直接降价"},
	"decision.vehicle.feature": {"Lower price, featured", "降价并推荐"},
	"decision.vehicle.display": {"Lower price, on display", "降价并陈列"},
	"decision.vehicle.coupon":  {"Coupon", "优惠券"},

	"decision.state.proposed": {"Proposed", "待审"},
	"decision.state.approved": {"Approved", "已批准"},
	"decision.state.rejected": {"Rejected", "已否决"},
	"decision.state.executed": {"Executed", "已执行"},
	"decision.state.failed":   {"Failed", "失败"},
	"decision.state.expired":  {"Expired", "已过期"},
	"decision.state.measured": {"Measured", "已复盘"},

	"E-STATE":     {"The decision is {state}, so it cannot be moved by “{verb}”.", "决策当前状态为 {state}，不能执行“{verb}”。"},
	"E-STATE.fix": {"Look at the decision again: somebody may have acted on it, or a newer plan replaced it.", "请重新查看该决策：可能已有人处理，或已被新计划取代。"},
}
