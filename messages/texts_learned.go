package messages

// learnedTexts are what learned policies say of themselves: how they were trained and
// tried, what drifts under them, and what they changed in a plan.
var learnedTexts = map[string]text{
	"E-LEARNED-KEPT":      {"The policy of {sku} was learned by another version of the program; this one cannot act by it.", "{sku} 的策略由本程序的其他版本学得，本版本无法据此行动。"},
	"E-LEARNED-KEPT.fix":  {"Train it again: tradewind automation train {sku}.", "请重新训练：tradewind automation train {sku}。"},
	"E-LEARNED-NONE":      {"No policy has been trained for that.", "尚未训练相应的策略。"},
	"E-LEARNED-NONE.fix":  {"Train one first: tradewind automation train.", "请先训练：tradewind automation train。"},
	"E-LEARNED-ANEW":      {"Something newer was learned of {sku} meanwhile: nothing was changed.", "其间已对 {sku} 重新学习：未作任何改动。"},
	"E-LEARNED-ANEW.fix":  {"Evaluate what was learned then: tradewind automation evaluate.", "请评估新学到的策略：tradewind automation evaluate。"},
	"E-REVIEW-PERSON":     {"{id} was approved by a person: there is no policy to judge by it.", "{id} 由人审批：没有可供评判的策略。"},
	"E-REVIEW-PERSON.fix": {"Review decisions that a policy made; tradewind automation status SKU lists them.", "请复核由策略作出的决策；tradewind automation status SKU 会列出它们。"},

	"learned.stage.calibrate": {"Holding simulated shops against their past", "以历史检验模拟店铺"},
	"learned.stage.train":     {"Learning", "学习中"},
	"learned.stage.evaluate":  {"Trying what was learned", "评估所学策略"},

	"learned.check.uniform":         {"sales lie where it expects them", "销售落在预期之处"},
	"learned.check.spread":          {"sales scatter as it says", "离散程度相符"},
	"learned.check.autocorrelation": {"weeks depend on each other as it says", "周间相关性相符"},
	"learned.check.season":          {"no season is missing", "没有遗漏的季节性"},
	"learned.check.level":           {"the level of demand", "需求水平"},
	"learned.check.price":           {"the answer to prices", "对价格的反应"},

	"learned.policy.learned":    {"learned", "学习策略"},
	"learned.policy.classical":  {"classical: price and stock that follow demand", "经典：价格与库存随需求调整"},
	"learned.policy.myopic":     {"best price of the week, fixed (s,S) orders", "当周最优价，固定 (s,S) 订货"},
	"learned.policy.fixed":      {"best fixed price, best fixed (s,S) orders", "最优固定价，最优固定 (s,S) 订货"},
	"learned.policy.base-stock": {"best fixed price, best fixed base stock", "最优固定价，最优固定基准库存"},
	"learned.policy.today":      {"as the shop is run today", "店铺当前做法"},

	"learned.scenario.overall":         {"all scenarios", "全部情景"},
	"learned.scenario.steady":          {"steady trade", "平稳"},
	"learned.scenario.level-up":        {"demand rises by 40 %", "需求上升 40 %"},
	"learned.scenario.level-down":      {"demand falls by 30 %", "需求下降 30 %"},
	"learned.scenario.season-shifted":  {"the season comes 6 weeks later", "季节推迟 6 周"},
	"learned.scenario.elasticity-up":   {"buyers look at prices more", "买家对价格更敏感"},
	"learned.scenario.leads-longer":    {"orders take 2 weeks longer", "交期延长 2 周"},
	"learned.scenario.rival-undercuts": {"a rival undercuts for 16 weeks", "竞争对手压价 16 周"},

	"learned.off-policy.none":         {"The policy has decided nothing yet whose four weeks are over.", "该策略尚无满四周的自动决策。"},
	"learned.off-policy.few":          {"Not evaluable from logs: {n} {n|choice is|choices are} too few.", "无法由日志评估：仅 {n} 次选择，太少。"},
	"learned.off-policy.overlap":      {"Not evaluable from logs: {n} {n|choice was|choices were} not drawn at random, so nothing is known of what was not chosen. A price test would tell.", "无法由日志评估：{n} 次选择并非随机，未选方案的结果未知。价格测试可以给出答案。"},
	"learned.off-policy.propensities": {"Not evaluable from logs: of {n} {n|choice|choices} nobody wrote down how likely they were.", "无法由日志评估：{n} 次选择未记录概率。"},
	"learned.off-policy.wrong":        {"Not evaluable from logs: the chances of {n} {n|choice|choices} contradict what was chosen.", "无法由日志评估：{n} 次选择的概率与实际选择矛盾。"},
	"learned.off-policy.said":         {"What the classical policy would have brought in the place of {n} {n|choice|choices}.", "若由经典策略代替 {n} 次选择的结果。"},

	"learned.drift.unknown":     {"No forecast that was kept is due yet: nothing can be said.", "尚无到期的已存预测，无法判断。"},
	"learned.drift.none":        {"Forecasts are as good as they were.", "预测与以往一样准确。"},
	"learned.drift.log":         {"Forecasts have become worse: watched.", "预测变差：正在观察。"},
	"learned.drift.recalibrate": {"Forecasts stay worse: their intervals are to be widened.", "预测持续变差：应放宽区间。"},
	"learned.drift.refit":       {"Forecasts stay worse: they are to be made anew, with a shorter memory.", "预测持续变差：应以更短的记忆重新拟合。"},
	"learned.drift.retrain":     {"The world has changed: what was learned in the old one is to be learned anew.", "市场已改变：旧环境中学到的策略应重新学习。"},
	"learned.drift.fall_back":   {"Nothing that was learned holds: simple methods and people decide.", "所学不再适用：由简单方法和人决定。"},

	"learned.input.units":  {"units a week", "每周销量"},
	"learned.input.prices": {"prices paid", "成交价"},

	"ladder.retrained": {"It was trained anew and begins with advice.", "已重新训练，从建议开始。"},

	"method.learned": {"learned adjustment", "学习调整"},

	"E-REPLAY-LEARNED":     {"What learned policies say has changed since {id} was made.", "自 {id} 生成以来，学习策略已发生变化。"},
	"E-REPLAY-LEARNED.fix": {"A replay needs the policies of then: only decisions made since the last training, evaluation or change of a level can be made again.", "重放需要当时的策略：只有最近一次训练、评估或调级之后的决策才能重放。"},

	"plan.learned.reason.order": {"What was learned of this item moves what is ordered up to by × {target}; without it the order would be {units}.", "针对该商品的学习结果将订货目标调整为 × {target}；否则订货量为 {units}。"},
	"plan.learned.reason.price": {"What was learned of this item moves the price by × {price}; without it the price would be {was}.", "针对该商品的学习结果将价格调整为 × {price}；否则价格为 {was}。"},
	"plan.learned.caveat":       {"The inputs that would change the answer, and how much, are those of the classical answer; what was learned adjusts it within its bounds.", "会改变答案的输入及幅度均针对经典答案；学习结果仅在其界限内调整。"},
	"plan.input.policy.learned": {"learned policy of location", "学习策略所属仓库"},
	"plan.input.policy.target":  {"learned: times what is ordered up to", "学习策略：订货目标倍数"},
	"plan.input.policy.state":   {"learned: state of its table", "学习策略：状态编号"},
	"plan.input.policy.price":   {"learned: times the price", "学习策略：价格倍数"},
}
