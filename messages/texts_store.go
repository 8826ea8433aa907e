package messages

// storeTexts are the failures of the workspace's database.
var storeTexts = map[string]text{
	"E-STORE-URL":             {"“{url}” does not name a database.", "“{url}”不是数据库地址。"},
	"E-STORE-URL.fix":         {"Write duckdb:shop.duckdb for a file (a path without % and ?) or postgres://user@host/name for a server.", "文件请写 duckdb:shop.duckdb（路径中不含 % 和 ?），服务器请写 postgres://用户@主机/库名。"},
	"E-STORE-NEWER":           {"{file} was written by a newer version of Tradewind.", "{file} 由更新版本的 Tradewind 写入。"},
	"E-STORE-NEWER.fix":       {"Install that version or a later one. Nothing in the workspace was touched.", "请安装该版本或更高版本。工作区未作任何改动。"},
	"E-STORE-LOCKED":          {"{file} is open in another process (PID {pid}).", "{file} 已被另一进程（PID {pid}）打开。"},
	"E-STORE-LOCKED.fix":      {"End that process, or let it do the work: while “tradewind serve” runs, other commands on the workspace go through it.", "请结束该进程，或交由它处理：运行 tradewind serve 时，同一工作区的其他命令会经它执行。"},
	"E-STORE-CORRUPT":         {"{file} is damaged, or is not a database of Tradewind.", "{file} 已损坏，或不是 Tradewind 的数据库。"},
	"E-STORE-CORRUPT.fix":     {"Put back the last copy, or move the file away and import the source files again. Keep the damaged file until then.", "请恢复最近的备份，或移走该文件并重新导入源文件；在此之前请保留损坏的文件。"},
	"E-STORE-UNREACHABLE":     {"The database at {place} cannot be opened: {reason}", "无法打开位于 {place} 的数据库：{reason}"},
	"E-STORE-UNREACHABLE.fix": {"Check that the folder or server exists, that it runs, and that you may use it.", "请检查目录或服务器是否存在、是否在运行，以及是否有权限。"},
	"E-STORE-RACE":            {"Somebody else changed the same thing at the same moment, and was faster.", "另有操作同时修改了同一内容，且先行完成。"},
	"E-STORE-RACE.fix":        {"Look at it again, then repeat what is still needed. Nothing of this attempt was kept.", "请重新查看后再执行仍需要的操作。本次尝试未保留任何改动。"},
	"E-DISK-FULL":             {"The disk that holds {file} is full.", "{file} 所在的磁盘已满。"},
	"E-DISK-FULL.fix":         {"Free some space and run the command again. What was there before is whole; nothing was half done.", "请腾出空间后重新运行。原有数据完好，没有只完成一半的操作。"},
	"E-MEMORY":                {"The database needs more memory than it may use.", "数据库所需内存超过上限。"},
	"E-MEMORY.fix":            {"Allow it more, for example database: duckdb:shop.duckdb?memory_limit=1GB in the settings. Nothing was half done.", "请提高上限，例如在设置中写 database: duckdb:shop.duckdb?memory_limit=1GB。没有只完成一半的操作。"},

	"E-NO-SALES":         {"There are no sales up to that day.", "截至该日没有销售记录。"},
	"E-NO-SALES.fix":     {"Import orders first: tradewind import FILE.", "请先导入订单：tradewind import 文件。"},
	"E-RATE-MISSING":     {"There is no exchange rate from {base} to {quote} on or before {day}.", "缺少 {day} 当日或之前 {base} 兑 {quote} 的汇率。"},
	"E-RATE-MISSING.fix": {"Import a file of exchange rates that begins on {day} or earlier.", "请导入起始日不晚于 {day} 的汇率文件。"},

	"E-DECISION-NOT-FOUND":     {"There is no decision {id}.", "没有决策 {id}。"},
	"E-DECISION-NOT-FOUND.fix": {"List the decisions with: tradewind decisions list.", "请用 tradewind decisions list 查看决策列表。"},
	"E-DECISION-SORT":          {"Decisions cannot be sorted by “{value}”.", "不能按“{value}”排序决策。"},
	"E-DECISION-SORT.fix":      {"Sort by gain, expires or cash.", "请按 gain、expires 或 cash 排序。"},
}
