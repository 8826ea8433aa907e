package messages

// marketTexts are what package market says of packs, currencies and dates.
var marketTexts = map[string]text{
	"E-CURRENCY-WITHDRAWN":     {"The currency {value} ({name}) was withdrawn in {date}.", "货币 {value}（{name}）已于 {date} 停用。"},
	"E-CURRENCY-WITHDRAWN.fix": {"Use the currency that took its place: {successor}.", "请改用取代它的货币：{successor}。"},

	"E-DATE-RULE":          {"“{value}” is not a rule for a date.", "“{value}”不是日期规则。"},
	"E-DATE-RULE.fix":      {"Write for example 11-11, “4th thursday november +1”, “wednesday from 01-06”, “easter -2”, “chinese new-year” or “islamic eid-al-fitr”.", "请写成例如 11-11、“4th thursday november +1”、“wednesday from 01-06”、“easter -2”、“chinese new-year”或“islamic eid-al-fitr”。"},
	"E-DATE-RULE-YEAR":     {"The date of “{rule}” is not known for {year}.", "无法得知“{rule}”在 {year} 年的日期。"},
	"E-DATE-RULE-YEAR.fix": {"Ask for a year from {from} to {to}.", "请查询 {from} 至 {to} 年。"},

	"E-MARKET-PACK":         {"The market pack {place}: {reason}", "市场包 {place}：{reason}"},
	"E-MARKET-PACK.fix":     {"{remedy}", "{remedy}"},
	"E-MARKET-FORM":         {"The file is not of the form of a market pack: {reason}", "文件不符合市场包格式：{reason}"},
	"E-MARKET-FORM.fix":     {"Mend the line; docs/markets.md shows a whole pack.", "请修改该行；完整示例见 docs/markets.md。"},
	"E-MARKET-FIELD":        {"“{value}” is not a field of a market pack.", "“{value}”不是市场包的字段。"},
	"E-MARKET-FIELD.fix":    {"Check the spelling, or take the line out; docs/markets.md lists the fields.", "请检查拼写或删除该行；字段列表见 docs/markets.md。"},
	"E-MARKET-MISSING":      {"{field} is missing.", "缺少 {field}。"},
	"E-MARKET-MISSING.fix":  {"Add {field}.", "请添加 {field}。"},
	"E-MARKET-VALUE":        {"“{value}” cannot stand here.", "此处不能填“{value}”。"},
	"E-MARKET-VALUE.fix":    {"Write {want}.", "请填写{want}。"},
	"E-MARKET-CODE":         {"“{value}” is not an ISO 3166-1 country code.", "“{value}”不是 ISO 3166-1 国家/地区代码。"},
	"E-MARKET-CODE.fix":     {"Write the two-letter code in capitals, for example DE, GB, JP.", "请写两位大写代码，例如 DE、GB、JP。"},
	"E-MARKET-LOCALE":       {"“{value}” is not a known language.", "“{value}”不是已知的语言。"},
	"E-MARKET-LOCALE.fix":   {"Write a BCP 47 tag, for example de, pt, zh-Hans.", "请写 BCP 47 语言标签，例如 de、pt、zh-Hans。"},
	"E-MARKET-SCRIPT":       {"The language of “{value}” is not written in that script.", "“{value}”中的语言不使用该文字。"},
	"E-MARKET-SCRIPT.fix":   {"Write it with one of: {scripts}.", "请使用以下文字之一：{scripts}。"},
	"E-MARKET-LANGUAGE":     {"{value} is neither official in {market} nor read by one in twenty there.", "{value} 在 {market} 既非官方语言，能阅读的人口也不足二十分之一。"},
	"E-MARKET-LANGUAGE.fix": {"Choose among: {languages}.", "请从以下语言中选择：{languages}。"},
	"E-MARKET-TENDER":       {"{value} is not the currency of {market}.", "{value} 不是 {market} 的货币。"},
	"E-MARKET-TENDER.fix":   {"Write {tender}.", "请填写 {tender}。"},
	"E-MARKET-KEY":          {"“{value}” is not in {file}.", "{file} 中没有“{value}”。"},
	"E-MARKET-KEY.fix":      {"Use a key of that list, or describe it in own_events or own_texts.", "请使用该列表中的键，或写入 own_events、own_texts。"},
	"E-MARKET-SOURCE":       {"{field} says neither where it comes from nor that it is assumed, or says both.", "{field} 既未注明来源也未标为假定，或两者同时出现。"},
	"E-MARKET-SOURCE.fix":   {"Add either “source: …” or “assumed: true”.", "请添加“source: …”或“assumed: true”之一。"},

	"market.successor.unknown": {"see the list of ISO 4217", "见 ISO 4217 货币列表"},

	"market.want.ending": {"the end of a price with no more decimals than the currency has, for example \"0.99\" or \"980\"", "价格尾数，小数位不超过该货币，例如 \"0.99\" 或 \"980\""},
	"market.want.amount": {"an amount above zero, for example \"0.05\"", "大于零的金额，例如 \"0.05\""},
	"market.want.share":  {"a share from 0 to 1; all together at most 1", "0 至 1 之间的份额，合计不超过 1"},
	"market.want.taboo":  {"one of colour, number, symbol, subject, gift", "colour、number、symbol、subject、gift 之一"},
	"market.want.days":   {"a number of days from 0 to 366", "0 至 366 之间的天数"},
	"market.want.place":  {"listing or shop", "listing 或 shop"},
	"market.want.trait":  {"words of the list of traits in docs/formats.md", "docs/formats.md 中特征列表里的词"},
}
