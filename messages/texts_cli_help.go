package messages

// cliHelpTexts are the help of the command line: of each command one line, what it does
// at length, and examples.
var cliHelpTexts = map[string]text{
	"cli.help":            {"Help about a command, or the topics exit-codes and roles", "查看某个命令的帮助，或主题 exit-codes、roles"},
	"cli.help.long":       {"Shows the help of a command. `tradewind help exit-codes` prints what the exit codes mean, `tradewind help roles` who may do what.", "显示某个命令的帮助。“tradewind help exit-codes”列出退出码的含义，“tradewind help roles”列出各角色的权限。"},
	"cli.help.examples":   {"Examples", "示例"},
	"cli.help.usage":      {"Usage", "用法"},
	"cli.help.commands":   {"Commands", "命令"},
	"cli.help.flags":      {"Flags", "选项"},
	"cli.help.everywhere": {"Flags of every command", "通用选项"},
	"cli.help.command":    {"COMMAND [flags]", "命令 [选项]"},
	"cli.help.options":    {"[flags]", "[选项]"},
	"cli.help.default":    {" (default {value})", "（默认 {value}）"},
	"cli.help.more":       {"{command} COMMAND --help says more about a command.", "{command} 命令 --help 显示该命令的详细说明。"},

	"cli.exit.0":   {"done; serve and demo also end so at Ctrl+C", "成功；serve 与 demo 按 Ctrl+C 结束时也是 0"},
	"cli.exit.1":   {"failed: the input is wrong, the thing named does not exist, or something broke", "失败：输入有误、所指对象不存在或内部出错"},
	"cli.exit.2":   {"usage: the command line is not of the documented form", "用法错误：命令行不合规定格式"},
	"cli.exit.3":   {"done, with rows in quarantine", "已完成，但有行进入隔离区"},
	"cli.exit.4":   {"denied: this actor may not do that", "拒绝：当前操作者无此权限"},
	"cli.exit.5":   {"stale: it changed since it was seen, or somebody was faster", "已过时：查看之后已变化，或已被他人处理"},
	"cli.exit.6":   {"blocked by a guardrail or a rule", "被护栏或规则拦截"},
	"cli.exit.130": {"interrupted by Ctrl+C; nothing is lost or half done", "被 Ctrl+C 中断；不丢失，也不留半成品"},

	"cli.flag.dir":         {"workspace `DIR`; TRADEWIND_DIR, or else the current one (demo: ./tradewind-demo)", "工作区 `DIR`；默认取 TRADEWIND_DIR，否则为当前目录（demo：./tradewind-demo）"},
	"cli.flag.lang":        {"language `LANG`: en or zh-Hans; TRADEWIND_LANG, or else that of the workspace or the terminal", "语言 `LANG`：en 或 zh-Hans；默认取 TRADEWIND_LANG，否则随工作区或终端"},
	"cli.flag.output":      {"`FORM` of the output: table, json, ndjson, csv", "输出 `FORM`：table、json、ndjson、csv"},
	"cli.flag.limit":       {"show at most `N` lines; 0 is the command's own limit", "最多显示 `N` 行；0 为命令自身的上限"},
	"cli.flag.quiet":       {"no progress and no remarks on standard error", "标准错误上不显示进度与提示"},
	"cli.flag.verbose":     {"with a failure, also its technical cause", "失败时一并显示技术原因"},
	"cli.flag.no-color":    {"no colour; also NO_COLOR=1", "不使用颜色；亦可设 NO_COLOR=1"},
	"cli.flag.help":        {"help about the command", "显示该命令的帮助"},
	"cli.flag.addr":        {"listen on `HOST:PORT` of this machine (default 127.0.0.1:8787, or the next free port)", "监听本机 `HOST:PORT`（默认 127.0.0.1:8787，被占用则取下一个空闲端口）"},
	"cli.flag.no-serve":    {"stop after printing; no console", "打印后即结束，不启动控制台"},
	"cli.flag.currency":    {"reporting `CURRENCY`, ISO 4217 (default GBP)", "报告 `CURRENCY`（币种），ISO 4217（默认 GBP）"},
	"cli.flag.zone":        {"IANA `ZONE` of the business day of files that name none (default UTC)", "文件未注明时的营业日 IANA `ZONE`（时区，默认 UTC）"},
	"cli.flag.database":    {"database `URL`: duckdb:FILE or postgres://… (default duckdb:shop.duckdb)", "数据库 `URL`：duckdb:文件 或 postgres://…（默认 duckdb:shop.duckdb）"},
	"cli.flag.dry-run":     {"report what would happen, change nothing", "只报告结果，不作改动"},
	"cli.flag.format":      {"read as format `NAME` (tradewind formats list); left out, it is detected", "按格式 `NAME` 读取（见 tradewind formats list）；省略则自动识别"},
	"cli.flag.import-zone": {"IANA `ZONE` of times without one", "无时区时间所用的 IANA `ZONE`"},
	"cli.flag.encoding":    {"read the text as `ENCODING`, such as gb18030; left out, it is detected", "按 `ENCODING`（编码）读取，如 gb18030；省略则自动识别"},
	"cli.flag.date-order":  {"read 03/04/2011 as `ORDER`: dmy or mdy; left out, the file decides", "按 `ORDER`（顺序）读取 03/04/2011：dmy 或 mdy；省略则由文件判断"},
	"cli.flag.max-bad":     {"refuse a file of which more than this `SHARE` of rows is bad", "坏行占比超过该 `SHARE` 则拒收整个文件"},
	"cli.flag.import":      {"of the import `ID` only", "仅限导入 `ID`"},
	"cli.flag.to":          {"write to `FILE` instead of standard output", "写入 `FILE`，而非标准输出"},
	"cli.flag.workers":     {"work on `N` goroutines; 0 is one a core; the plan does not depend on it", "使用 `N` 个并发；0 为每核一个；结果与此无关"},
	"cli.flag.state":       {"in `STATE` only: {values}", "仅限 `STATE`（状态）：{values}"},
	"cli.flag.kind":        {"of `KIND` only: {values}", "仅限 `KIND`（类型）：{values}"},
	"cli.flag.sku":         {"about `SKU` only", "仅限该 `SKU`"},
	"cli.flag.market":      {"in `MARKET` only, ISO 3166 such as DE", "仅限 `MARKET`（市场），ISO 3166 代码，如 DE"},
	"cli.flag.sort":        {"`ORDER`: gain, expires or cash; - before it reverses", "`ORDER`（排序）：gain、expires 或 cash；前加 - 则倒序"},
	"cli.flag.offset":      {"leave out the first `N`", "跳过前 `N` 个"},
	"cli.flag.stdin":       {"read IDs, or lines of decisions list -o ndjson, from standard input", "从标准输入读取编号，或 decisions list -o ndjson 的输出行"},
	"cli.flag.yes":         {"do not ask", "不再询问"},
	"cli.flag.fingerprint": {"approve only if the decision still has this `FINGERPRINT`", "仅当决策仍为该 `FINGERPRINT`（指纹）时才批准"},
	"cli.flag.note":        {"`TEXT` for the history", "写入经过的 `TEXT`（说明）"},
	"cli.flag.until":       {"back on `DATE`, in the workspace's zone; wins over --days", "搁置至 `DATE`（按工作区时区）；优先于 --days"},
	"cli.flag.days":        {"back after `N` days", "搁置 `N` 天"},

	"cli.root": {"From a seller's orders to ranked, explained decisions", "从卖家订单到排好序、讲得清的决策"},
	"cli.root.long": {
		"Tradewind reads a cross-border seller's orders, stock and costs, and says what to do next, what it is worth and why. It acts only on what a person approves, or a policy that a person mandated.",
		"Tradewind 读取跨境卖家的订单、库存与成本，告诉您下一步做什么、值多少、为什么。只有经人批准、或经人授权的策略批准的决策才会执行。"},
	"cli.root.example": {
		"# A real shop, decided within half a minute, with a console in the browser\ntradewind demo\n\n# Your own shop\ntradewind init shop && cd shop\ntradewind import orders.csv stock.csv costs.csv\ntradewind plan\ntradewind decisions list",
		"# 用真实店铺数据，半分钟内得出决策，并可在浏览器中查看\ntradewind demo\n\n# 您自己的店铺\ntradewind init shop && cd shop\ntradewind import orders.csv stock.csv costs.csv\ntradewind plan\ntradewind decisions list"},

	"cli.demo": {"Decide for a real shop and open its console", "为一家真实店铺作决策并打开控制台"},
	"cli.demo.long": {
		"Imports two years of a real gift shop (Online Retail, CC BY 4.0) into a workspace, plans, prints the ten best decisions and what they assume, and serves the console on this machine until Ctrl+C. Run again, it goes on where it was.",
		"将一家真实礼品店两年的数据（Online Retail，CC BY 4.0）导入工作区，制定计划，打印十个最佳决策及其假定，并在本机提供控制台，直至按下 Ctrl+C。再次运行则从上次状态继续。"},
	"cli.demo.example": {
		"tradewind demo\n\n# Print and stop; machine-readable\ntradewind demo --no-serve -o json",
		"tradewind demo\n\n# 只打印，输出 JSON\ntradewind demo --no-serve -o json"},

	"cli.init": {"Make a workspace", "新建工作区"},
	"cli.init.long": {
		"Makes a workspace: a folder with the settings tradewind.yaml and the database of one shop.",
		"新建工作区：一个文件夹，内有设置文件 tradewind.yaml 与一家店铺的数据库。"},
	"cli.init.example": {
		"tradewind init shop --currency EUR --zone Europe/Berlin\n\n# Here\ntradewind init",
		"tradewind init shop --currency CNY --zone Asia/Shanghai\n\n# 在当前目录\ntradewind init"},

	"cli.serve": {"Serve the console of a workspace on this machine", "在本机提供工作区的控制台"},
	"cli.serve.long": {
		"Serves the console until Ctrl+C and prints a link that logs in once. Meanwhile commands in other terminals go through this process. Run while the workspace is served, it prints a new link.",
		"提供控制台直至按下 Ctrl+C，并打印一次性登录链接。期间其他终端的命令经由本进程执行。若工作区已在服务中，则打印新的链接。"},
	"cli.serve.example": {"tradewind serve\ntradewind serve --dir shop --addr 127.0.0.1:9000", "tradewind serve\ntradewind serve --dir shop --addr 127.0.0.1:9000"},

	"cli.import": {"Import files: orders, products, costs, stock …", "导入文件：订单、商品、成本、库存……"},
	"cli.import.long": {
		"Reads CSV, TSV or Parquet files, plain, gzip or zstd, and finds their format by itself. Each file is imported whole or not at all; bad rows wait in quarantine with a reason and a remedy. The same bytes twice change nothing, and overlapping files complete each other. Exit code 3 means: done, with rows in quarantine.",
		"读取 CSV、TSV 或 Parquet 文件（可为 gzip 或 zstd 压缩），自动识别格式。每个文件要么整体导入，要么不导入；坏行连同原因与处理办法进入隔离区。相同内容导入两次不产生变化，内容重叠的文件互相补充。退出码 3 表示：已完成，但有行进入隔离区。"},
	"cli.import.example": {
		"# Look first, change nothing\ntradewind import orders.csv --dry-run\n\ntradewind import orders-2025.csv.gz orders-2026.csv.gz stock.tsv\ntradewind import export.csv --format orders --zone Europe/Paris",
		"# 先看结果，不作改动\ntradewind import orders.csv --dry-run\n\ntradewind import orders-2025.csv.gz orders-2026.csv.gz stock.tsv\ntradewind import export.csv --format orders --zone Asia/Shanghai"},

	"cli.quarantine":                {"Rows that wait to be mended", "等待修正的行"},
	"cli.quarantine.list":           {"List the rows in quarantine", "列出隔离区的行"},
	"cli.quarantine.list.example":   {"tradewind quarantine list\ntradewind quarantine list --import 2 --limit 500", "tradewind quarantine list\ntradewind quarantine list --import 2 --limit 500"},
	"cli.quarantine.show":           {"Show a row, what is wrong with it and how to mend it", "显示某一行、问题所在与修正办法"},
	"cli.quarantine.show.example":   {"# Line 4711 of the file of import 2\ntradewind quarantine show 2 4711", "# 导入 2 的文件的第 4711 行\ntradewind quarantine show 2 4711"},
	"cli.quarantine.export":         {"Write the rows in quarantine, with reasons, to a CSV file", "将隔离区的行连同原因写入 CSV 文件"},
	"cli.quarantine.export.example": {"tradewind quarantine export --import 2 --to bad.csv\ntradewind quarantine export -o ndjson", "tradewind quarantine export --import 2 --to bad.csv\ntradewind quarantine export -o ndjson"},

	"cli.data":                {"The facts of the workspace", "工作区的事实数据"},
	"cli.data.status":         {"What the workspace knows, how old it is, and what is missing", "工作区有哪些数据、新旧如何、还缺什么"},
	"cli.data.status.example": {"tradewind data status\ntradewind data status -o json", "tradewind data status\ntradewind data status -o json"},

	"cli.formats":                  {"The kinds of files that can be imported", "可导入的文件格式"},
	"cli.formats.list":             {"List the formats", "列出格式"},
	"cli.formats.list.example":     {"tradewind formats list", "tradewind formats list"},
	"cli.formats.template":         {"Print an empty table of a format with one example row, to be filled in", "打印某格式的空表（含一行示例），供填写"},
	"cli.formats.template.example": {"tradewind formats template stock > stock.csv", "tradewind formats template stock > stock.csv"},

	"cli.plan": {"Decide from the facts what to do next", "根据事实决定下一步"},
	"cli.plan.long": {
		"Forecasts demand, weighs what could be done about each item, and keeps what earns most within the limits on cash and attention (tradewind.yaml). It proposes; nothing is done before somebody approves, or a policy that people gave a mandate.",
		"预测需求，权衡每个商品项可采取的行动，在资金与精力限制（tradewind.yaml）内保留收益最高者。它只提出建议，未经人或经人授权的策略批准不会执行。"},
	"cli.plan.example": {"tradewind plan\ntradewind plan -o json", "tradewind plan\ntradewind plan -o json"},

	"cli.decisions":      {"What is proposed, why, and what became of it", "建议、理由及其结果"},
	"cli.decisions.list": {"List decisions, the most valuable first", "列出决策，价值最高者在前"},
	"cli.decisions.list.example": {
		"tradewind decisions list --state proposed --limit 20\ntradewind decisions list --sku 85123A -o json",
		"tradewind decisions list --state proposed --limit 20\ntradewind decisions list --sku 85123A -o json"},
	"cli.decisions.show":            {"Show a decision in short", "简要显示一个决策"},
	"cli.decisions.show.example":    {"tradewind decisions show D-7F3KQ2AB", "tradewind decisions show D-7F3KQ2AB"},
	"cli.decisions.explain":         {"Show the whole case for a decision", "显示一个决策的完整依据"},
	"cli.decisions.explain.long":    {"Shows what is proposed, what it is worth, why, what else was weighed, what would change the answer, which values it rests on and which of them are assumed, and how to make it again.", "显示建议内容、价值、理由、其他方案、什么会改变结论、依据哪些数据（哪些是假定），以及如何重算。"},
	"cli.decisions.explain.example": {"tradewind decisions explain D-7F3KQ2AB\ntradewind decisions explain D-7F3KQ2AB -o json", "tradewind decisions explain D-7F3KQ2AB\ntradewind decisions explain D-7F3KQ2AB -o json"},
	"cli.decisions.replay":          {"Make a decision again from the same facts and compare", "用相同事实重算一个决策并比较"},
	"cli.decisions.replay.example":  {"tradewind decisions replay D-7F3KQ2AB", "tradewind decisions replay D-7F3KQ2AB"},
	"cli.decisions.approve":         {"Approve decisions", "批准决策"},
	"cli.decisions.approve.long": {
		"Approves decisions, each bound to the fingerprint of what was seen: if stock, price or another input changed since, it is refused with exit code 5. Without --fingerprint it is the one printed now. At a terminal it asks first, unless --yes is given. Decisions from a pipe need --yes.",
		"批准决策；每个批准都绑定所见内容的指纹：若此后库存、价格或其他输入已变化，则拒绝并返回退出码 5。未给出 --fingerprint 时，以当前打印的为准。在终端上会先询问，除非加 --yes。从管道读入时须加 --yes。"},
	"cli.decisions.approve.example": {
		"tradewind decisions approve D-7F3KQ2AB --note \"as discussed\"\n\n# All proposed reorders, bound to what the list showed\ntradewind decisions list --state proposed --kind reorder -o ndjson | tradewind decisions approve --stdin --yes",
		"tradewind decisions approve D-7F3KQ2AB --note \"已商定\"\n\n# 批准所有待批的补货，并绑定列表所示内容\ntradewind decisions list --state proposed --kind reorder -o ndjson | tradewind decisions approve --stdin --yes"},
	"cli.decisions.reject":         {"Reject decisions", "否决决策"},
	"cli.decisions.reject.example": {"tradewind decisions reject D-7F3KQ2AB --note \"discontinued\"", "tradewind decisions reject D-7F3KQ2AB --note \"已停产\""},
	"cli.decisions.snooze":         {"Put decisions off", "搁置决策"},
	"cli.decisions.snooze.example": {"tradewind decisions snooze D-7F3KQ2AB --days 3\ntradewind decisions snooze D-7F3KQ2AB --until 2026-12-01", "tradewind decisions snooze D-7F3KQ2AB --days 3\ntradewind decisions snooze D-7F3KQ2AB --until 2026-12-01"},
	"cli.decisions.execute":        {"Carry out approved decisions", "执行已批准的决策"},
	"cli.decisions.execute.long":   {"Writes the purchase orders and price files of approved decisions; without IDs, of all of them. Done twice, it writes the same bytes once.", "写出已批准决策的采购单与价格文件；不给编号则处理全部。重复执行只写一次，内容不变。"},
	"cli.decisions.execute.example": {
		"tradewind decisions execute D-7F3KQ2AB\ntradewind decisions execute --yes",
		"tradewind decisions execute D-7F3KQ2AB\ntradewind decisions execute --yes"},

	"cli.forecast":              {"Expected demand", "需求预测"},
	"cli.forecast.show":         {"Show past and expected demand of a SKU", "显示某 SKU 的历史与预期需求"},
	"cli.forecast.show.example": {"tradewind forecast show 85123A\ntradewind forecast show 85123A --market FR -o csv", "tradewind forecast show 85123A\ntradewind forecast show 85123A --market FR -o csv"},

	"cli.version":            {"Print the version", "显示版本"},
	"cli.completion":         {"Print the completion script of a shell: bash, zsh, fish, powershell", "打印 shell 补全脚本：bash、zsh、fish、powershell"},
	"cli.completion.example": {"source <(tradewind completion bash)\ntradewind completion fish > ~/.config/fish/completions/tradewind.fish", "source <(tradewind completion bash)\ntradewind completion fish > ~/.config/fish/completions/tradewind.fish"},
}
