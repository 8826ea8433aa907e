package messages

// ladderTexts say why a learned policy climbs the ladder of autonomy, falls, or stays.
var ladderTexts = map[string]text{
	"ladder.unread":        {"It was learned by another version of the program: train {sku} again (tradewind automation train {sku}).", "由本程序的其他版本学得：请重新训练 {sku}（tradewind automation train {sku}）。"},
	"ladder.uncalibrated":  {"The simulated shop does not fit this item's past any more: what was learned in it is only advice.", "模拟店铺已不符合该商品的历史：其中学到的策略只作建议。"},
	"ladder.drift":         {"The market has drifted: the policy must learn anew before it acts.", "市场已发生漂移：策略须重新学习后才能行动。"},
	"ladder.faulted":       {"A review found fault with {n} {n|decision|decisions}: people approve again.", "复核发现 {n} 项决策有误：恢复由人审批。"},
	"ladder.breach":        {"{n} {n|guardrail was|guardrails were} breached: people approve again.", "突破护栏 {n} 次：恢复由人审批。"},
	"ladder.unproven":      {"It is not proven better than the classical policy in simulated episodes: its lower 95 % bound is not above nothing.", "在模拟中尚未证明优于经典策略：增益的 95 % 下界不大于零。"},
	"ladder.few":           {"It was tried in {n} {n|episode|episodes} of each scenario: {least} are needed to move it.", "每种情景仅试验 {n} 次：至少需要 {least} 次才能调级。"},
	"ladder.cooling":       {"It fell a short while ago: {n} {n|week|weeks} more before it may rise.", "刚刚降级：还需 {n} 周才能升级。"},
	"ladder.fresh":         {"Since it last moved, {n} of {least} whole weeks of new sales are known: nothing new speaks for the next rung. Import {left} more {left|week|weeks} of sales and evaluate again.", "自上次调级以来，仅有 {n}/{least} 个整周的新销售数据：尚无支持升级的新依据。请再导入 {left} 周的销售数据后重新评估。"},
	"ladder.proven":        {"It is better than the classical policy by at least {low} in simulated episodes (95 %).", "模拟中至少优于经典策略 {low}（95 %）。"},
	"ladder.shadow.none":   {"It has not run in the shadow of this item's past yet: too few weeks are known.", "尚未在该商品的历史中做影子运行：已知的周数太少。"},
	"ladder.shadow.harm":   {"In the shadow of this item's past it changes contribution by {gain}, and harm cannot be excluded.", "在该商品历史的影子运行中，贡献变化 {gain}，不能排除损害。"},
	"ladder.shadow.agrees": {"The shadow run on this item's past agrees: {gain} of contribution.", "该商品历史的影子运行一致：贡献变化 {gain}。"},
	"ladder.review":        {"{n} of {least} decisions looked at, {weeks} of {wait} weeks on this rung.", "已复核 {n}/{least} 项决策，在本级 {weeks}/{wait} 周。"},
	"ladder.reviewed":      {"{n} decisions were looked at and none was wrong: from now on a sample is.", "已复核 {n} 项决策且无一有误：此后抽样复核。"},
	"ladder.top":           {"It stands on the highest rung.", "已在最高一级。"},

	"automation.level.advise":       {"advises", "建议"},
	"automation.level.propose":      {"proposes", "提议"},
	"automation.level.act":          {"acts under its mandate", "在授权内行动"},
	"automation.level.act_reviewed": {"acts, a sample is reviewed", "行动并抽样复核"},

	"E-SHADOW-SHORT":     {"A shadow run needs {least} weeks of the item's own past; {n} are known.", "影子运行需要该商品 {least} 周的历史；已知 {n} 周。"},
	"E-SHADOW-SHORT.fix": {"Import older orders, or wait.", "请导入更早的订单，或继续等待。"},
}
