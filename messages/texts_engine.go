package messages

// engineTexts are what the product's verbs say.
var engineTexts = map[string]text{
	"engine.not-screened": {"No supplier was held against a sanctions list: put lists into the folder lists of the workspace.", "尚未将供应商与制裁名单比对：请将名单放入工作区的 lists 文件夹。"},
	"engine.no-entries":   {"No market to enter was looked for. {reason}", "未寻找可进入的市场。{reason}"},

	"E-REPLAY-RULES":     {"The rules were others: then {then}, now {now}.", "规则已不同：当时为 {then}，现在为 {now}。"},
	"E-REPLAY-RULES.fix": {"Set rules_as_of and the packs in the folder rules as they were, and replay again.", "请将 rules_as_of 与 rules 文件夹中的规则包恢复为当时的状态，再重放。"},

	"E-SELLER":     {"{setting} = “{value}” is not of the form {form}.", "{setting} = “{value}” 的形式不符，应如 {form}。"},
	"E-SELLER.fix": {"Correct it in tradewind.yaml; docs/law.md explains the settings of a seller.", "请在 tradewind.yaml 中改正；卖家设置的说明见 docs/law.md。"},

	"engine.stage.import":  {"Reading", "读取"},
	"engine.stage.freeze":  {"Freezing the facts", "冻结事实"},
	"engine.stage.survey":  {"Learning calendar, season and methods", "学习日历、季节与方法"},
	"engine.stage.propose": {"Judging orders", "评估订货"},
	"engine.stage.choose":  {"Choosing and explaining", "选择并解释"},

	"engine.track-record.backtest": {"No decision of this kind has been measured yet ({decided} decided). {backtest}", "此类决策尚无复盘结果（已决 {decided} 项）。{backtest}"},
	"engine.track-record.measured": {"{measured} of {decided} decisions of this kind have been measured. {backtest}", "此类决策已决 {decided} 项，其中 {measured} 项已复盘。{backtest}"},

	"engine.missing.order_line": {"No orders yet. Import orders first: everything rests on them.", "尚无订单。请先导入订单，一切以此为基础。"},
	"engine.missing.stock":      {"No stock counts: without them no order can be proposed. Template: tradewind formats template stock", "没有库存盘点：无法提出补货建议。模板：tradewind formats template stock"},
	"engine.missing.cost":       {"No unit costs: without them neither margins nor orders can be judged. Template: tradewind formats template costs", "没有单位成本：无法评估毛利与订货。模板：tradewind formats template costs"},
	"engine.missing.supply":     {"No suppliers and lead times: without them no order can be timed. Template: tradewind formats template supplies", "没有供应商与交期：无法安排订货时间。模板：tradewind formats template supplies"},

	"engine.demo.assumed.cost":    {"unit costs", "单位成本"},
	"engine.demo.assumed.stock":   {"the stock of one UK warehouse", "英国一个仓库的库存"},
	"engine.demo.assumed.supply":  {"suppliers, lead times, minimum orders, packs", "供应商、交期、起订量、装箱数"},
	"engine.demo.assumed.product": {"weights and HS chapters", "重量与 HS 章"},
	"engine.demo.assumed.fee":     {"no payment or marketplace fees", "不收支付与平台费用"},
	"engine.demo.assumed.holding": {"the holding cost (25 % a year)", "持有成本（每年 25 %）"},

	"rule.credit_untied": {"Credit notes without a sale to take back", "找不到对应销售的贷记单"},

	"E-CONFIG":     {"The settings in {file} are not valid: {reason}", "{file} 中的设置无效：{reason}"},
	"E-CONFIG.fix": {"Correct that line; any field may be left out to use its default.", "请改正该行；任何字段都可省略以使用默认值。"},

	"E-SETTING-UNKNOWN":     {"There is no setting “{value}”.", "没有名为“{value}”的设置。"},
	"E-SETTING-UNKNOWN.fix": {"Check its spelling and its indentation.", "请检查拼写与缩进。"},
	"E-SETTING-VALUE":       {"“{value}” is not the kind of value that the setting takes.", "“{value}”的类型不符合该设置。"},
	"E-SETTING-VALUE.fix":   {"Write a number where a number is asked for.", "需要数字之处请填写数字。"},

	"engine.left-out.approved": {"An approved decision on it waits to be executed", "已有一项获批的决策等待执行"},

	"engine.left-out.rejected": {"It was rejected, and what it rests on has not changed since", "已被否决，且其依据此后没有变化"},
	"engine.left-out.done":     {"The same decision was executed already", "同一决策已经执行"},

	"E-EXPIRED":     {"The time of decision {id} was over on {expires}.", "决策 {id} 已于 {expires} 过期。"},
	"E-EXPIRED.fix": {"Run “tradewind plan” and judge the new proposal.", "请运行“tradewind plan”，再评估新的建议。"},

	"E-CLOCK":     {"“{value}” is not an instant.", "“{value}”不是时刻。"},
	"E-CLOCK.fix": {"Write date, time and zone, for example 2011-12-09T20:00:00Z.", "请写日期、时间与时区，例如 2011-12-09T20:00:00Z。"},

	"E-NO-WORKSPACE":         {"There is no workspace in {dir}.", "{dir} 中没有工作区。"},
	"E-NO-WORKSPACE.fix":     {"Make one with “tradewind init”, try “tradewind demo”, or name another folder with --dir.", "请用“tradewind init”新建，或试用“tradewind demo”，或用 --dir 指定其他文件夹。"},
	"E-WORKSPACE-EXISTS":     {"There is a workspace in {dir} already.", "{dir} 中已有工作区。"},
	"E-WORKSPACE-EXISTS.fix": {"Use it as it is, or name another folder with --dir.", "请直接使用，或用 --dir 指定其他文件夹。"},
	"E-DEMO-OTHER":           {"{dir} is the workspace of a shop; the demo does not mix its data with it.", "{dir} 是某店铺的工作区；演示不会把自己的数据混入其中。"},
	"E-DEMO-OTHER.fix":       {"Name another folder with --dir.", "请用 --dir 指定其他文件夹。"},
	"E-WORKSPACE-WRITE":      {"Cannot write {dir}: {error}", "无法写入 {dir}：{error}"},
	"E-WORKSPACE-WRITE.fix":  {"Check that the folder exists, that you may write to it, and that the disk has room.", "请检查文件夹是否存在、是否有写权限、磁盘是否有空间。"},

	"E-FILE-NOT-FOUND":      {"There is no file {file}.", "找不到文件 {file}。"},
	"E-FILE-NOT-FOUND.fix":  {"Check the path; relative paths start in the current folder.", "请检查路径；相对路径以当前文件夹为起点。"},
	"E-FILE-NONE":           {"{file} is a folder or a stream, not a file.", "{file} 是文件夹或数据流，不是文件。"},
	"E-FILE-NONE.fix":       {"Name the files in the folder one by one, or save the stream to a file first.", "请逐一指定文件夹中的文件，或先将数据流保存为文件。"},
	"E-FILE-UNREADABLE":     {"{file} cannot be read: {error}", "{file} 无法读取：{error}"},
	"E-FILE-UNREADABLE.fix": {"Check that it is a file and that you may read it.", "请检查它是否为文件、是否有读权限。"},
	"E-ZONE":                {"“{value}” is not a time zone.", "“{value}”不是时区。"},
	"E-ZONE.fix":            {"Use a name of the IANA list, for example Europe/London or Asia/Shanghai.", "请使用 IANA 名称，例如 Europe/London 或 Asia/Shanghai。"},
	"E-TOO-MANY-BAD":        {"{bad} of {rows} rows of {file} cannot be read, more than {most}; most often {code} ({times} times). The first is in line {line}: {reason} Nothing was loaded.", "{file} 的 {rows} 行中有 {bad} 行无法读取，超过 {most}；最常见为 {code}（{times} 次）。第一处在第 {line} 行：{reason}未载入任何数据。"},
	"E-TOO-MANY-BAD.fix":    {"Mend that row and those like it, name the right format with --format, or allow more with --max-bad.", "请修正该行及同类行，用 --format 指定正确格式，或用 --max-bad 放宽。"},
	"E-SUM-OVERFLOW":        {"The amounts in {file} add up to more than can be held (922 trillion). Nothing was loaded.", "{file} 中的金额合计超出可表示的范围（922 万亿）。未载入任何数据。"},
	"E-SUM-OVERFLOW.fix":    {"Check the columns of prices and quantities; a code may stand in the column of a number.", "请检查价格列与数量列，可能有编码误入数字列。"},
	"E-UNRECONCILED":        {"The rows of {file} do not add up. Nothing was loaded.", "{file} 的行数对不上。未载入任何数据。"},
	"E-UNRECONCILED.fix":    {"This is a defect: please report it with the file's header and first rows.", "这是程序缺陷：请附上文件表头与前几行反馈。"},

	"E-NO-FACTS":     {"There are no sales to plan from.", "没有可用于计划的销售数据。"},
	"E-NO-FACTS.fix": {"Import orders first: tradewind import orders.csv", "请先导入订单：tradewind import orders.csv"},
	"E-NO-PLAN":      {"There is no plan yet.", "尚无计划。"},
	"E-NO-PLAN.fix":  {"Make one with “tradewind plan”.", "请运行“tradewind plan”。"},

	"E-SKU-NOT-FOUND":      {"There are no sales of {sku}.", "没有 {sku} 的销售记录。"},
	"E-SKU-NOT-FOUND.fix":  {"Check the code; the SKU list of the console finds products by name.", "请检查编码；控制台的 SKU 列表可按名称查找。"},
	"E-ITEM-NOT-FOUND":     {"There are no sales of {sku} in {market}.", "{sku} 在 {market} 没有销售记录。"},
	"E-ITEM-NOT-FOUND.fix": {"Check the market’s code, or leave it out to see all markets.", "请核对市场代码，或省略以查看全部市场。"},
	"E-SORT":               {"Decisions cannot be sorted by “{value}”.", "不能按“{value}”排序决策。"},
	"E-SORT.fix":           {"Sort by gain, expires or cash; a minus before it turns the order round.", "可按 gain、expires、cash 排序；前加减号则反向。"},
	"E-SNOOZE-PAST":        {"{until} is not in the future of the workspace's clock.", "{until} 不在工作区时钟的未来。"},
	"E-SNOOZE-PAST.fix":    {"Give a later time.", "请给出更晚的时间。"},

	"E-STALE-FINGERPRINT":     {"Decision {id} is not what you saw any more: a newer plan changed it.", "决策 {id} 已不是您看到的内容：新的计划改变了它。"},
	"E-STALE-FINGERPRINT.fix": {"Look at it again, then approve the new version.", "请重新查看，再批准新的版本。"},
	"E-STALE-FACTS":           {"What decision {id} rests on has changed since: {changes}", "决策 {id} 的依据已变化：{changes}"},
	"E-STALE-FACTS.fix":       {"Run “tradewind plan” and judge the new proposal.", "请运行“tradewind plan”，再评估新的建议。"},
	"E-BLOCKED":               {"Decision {id} is blocked by a check.", "决策 {id} 被检查项阻止。"},
	"E-BLOCKED.fix":           {"Look at its checks: each names its limit and its value.", "请查看检查项：其中列出了限值与当前值。"},

	"E-REPLAY-FACTS":        {"The facts have changed since the decision was made ({then} then, {now} now), so it cannot be made again.", "决策之后事实已变化（当时 {then}，现在 {now}），无法重演。"},
	"E-REPLAY-FACTS.fix":    {"Replay in a copy of the workspace from before the newest import.", "请在最近一次导入之前的工作区副本中重演。"},
	"E-REPLAY-SETTINGS":     {"The settings have changed since decision {id} was made, so it cannot be made again.", "决策 {id} 之后设置已变化，无法重演。"},
	"E-REPLAY-SETTINGS.fix": {"Restore the settings in tradewind.yaml and replay again.", "请恢复 tradewind.yaml 中的设置后再重演。"},
}
