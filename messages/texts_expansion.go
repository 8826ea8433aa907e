package messages

// expansionTexts are what package operations/expansion says of a market's figures.
var expansionTexts = map[string]text{
	"expansion.note.no-sales":      {"No sales in the last 365 days.", "最近 365 天没有销售。"},
	"expansion.note.no-growth":     {"Growth is not known: the facts hold less than two years, or no market sold steadily in both.", "无法得知增长率：数据不足两年，或没有市场在两年中都持续销售。"},
	"expansion.note.growth-pooled": {"Sales in {this} {this|week|weeks} of the last year and {last} of the year before, fewer than {need}: the growth is that of all markets together.", "最近一年有 {this} 周有销售，前一年有 {last} 周，少于 {need} 周：增长率采用全部市场的合并估计。"},
	"expansion.note.no-margin":     {"No unit cost is known: markets are ranked by expected sales.", "没有任何单位成本：按预期销售额对市场排名。"},
	"expansion.note.margin-pooled": {"Too few sales with a known cost: the margin is that of all markets together.", "有成本数据的销售太少：毛利率采用全部市场的合并估计。"},
	"expansion.note.costs-missing": {"{share} of sales are goods without a known cost; the margin is that of the others.", "{share} 的销售额对应的商品没有成本数据；毛利率按其余商品计算。"},
}
