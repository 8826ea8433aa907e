package messages

// connectTexts are the texts of package connect: decisions leaving as files.
var connectTexts = map[string]text{
	"E-OUTBOX-APPROVAL":     {"The history of {decision} has no approval, so nothing was written.", "{decision} 的历史中没有批准记录，因此未写出任何文件。"},
	"E-OUTBOX-APPROVAL.fix": {"Approve the decision first: tradewind decisions approve {decision}", "请先批准该决策：tradewind decisions approve {decision}"},

	"E-OUTBOX-VALUE":     {"The decision cannot be written: {field} is {value}.", "无法写出该决策：{field} 为 {value}。"},
	"E-OUTBOX-VALUE.fix": {"Reject the decision, correct {field} in the data it came from, import again and plan again.", "请否决该决策，在来源数据中更正 {field}，然后重新导入并重新规划。"},

	"E-OUTBOX-CONFLICT":     {"{file} is there already with other content. It was left as it is.", "{file} 已存在且内容不同，未作任何改动。"},
	"E-OUTBOX-CONFLICT.fix": {"Somebody edited or replaced the file. Move it out of the outbox, then execute the decision again.", "该文件已被人修改或替换。请将其移出 outbox，再重新执行该决策。"},

	"E-OUTBOX-FULL":     {"There is no space left to write {file}. Nothing was written.", "磁盘空间不足，无法写出 {file}。未写出任何内容。"},
	"E-OUTBOX-FULL.fix": {"Free some space on the disk of the workspace, then execute the decision again.", "请在工作区所在磁盘上腾出空间，再重新执行该决策。"},

	"E-OUTBOX-READONLY":     {"{file} may not be written: {error}", "没有写入 {file} 的权限：{error}"},
	"E-OUTBOX-READONLY.fix": {"Give your user the right to write into the workspace's outbox folder, then execute the decision again.", "请为当前用户授予工作区 outbox 文件夹的写入权限，再重新执行该决策。"},

	"E-OUTBOX-WRITE":     {"{file} could not be written: {error}", "无法写出 {file}：{error}"},
	"E-OUTBOX-WRITE.fix": {"Look at the workspace's outbox folder, then execute the decision again: that is safe, a file is never written twice.", "请检查工作区的 outbox 文件夹，再重新执行该决策：重复执行是安全的，同一文件不会写两次。"},
}
