package messages

// tables lists the texts, one table a part of the product.
var tables = []map[string]text{
	wordTexts, decisionTexts,
	ingestTexts, storeTexts, planTexts, expansionTexts, connectTexts, engineTexts, cliTexts, cliHelpTexts, consoleTexts, consoleLawTexts,
	complianceTexts, complyTexts,
	forecastTexts, forecastCLITexts, forecastConsoleTexts,
	landedTexts,
	elasticityTexts,
	lawTexts, lawCLITexts, quoteTexts,
	marketTexts, marketsTexts, localizationTexts, promotionTexts,
	tariffTexts,
	stockTexts, shopTexts,
	automationTexts, automationCLITexts, automationConsoleTexts,
	pricingTexts, pricesTexts, pricesConsoleTexts, pricesCLITexts,
	inventoryTexts, inventoryCLITexts, ladderTexts, learnedTexts, receiptTexts,
}

// wordTexts are the failures of the words themselves: money, days, languages.
var wordTexts = map[string]text{
	"E-INTERNAL":     {"Something broke inside Tradewind: {error}", "Tradewind 内部出错：{error}"},
	"E-INTERNAL.fix": {"Run the command again with -v and report what it prints. Nothing was changed by the failed step.", "请加 -v 重新运行，并反馈其输出。失败的步骤没有改动任何数据。"},

	"E-LANGUAGE":     {"The language {value} is not one of en, zh-Hans.", "语言 {value} 不在 en、zh-Hans 之列。"},
	"E-LANGUAGE.fix": {"Give --lang en or --lang zh-Hans.", "请使用 --lang en 或 --lang zh-Hans。"},

	"E-MONEY-FORMAT":        {"“{value}” is not an amount of money.", "“{value}”不是金额。"},
	"E-MONEY-FORMAT.fix":    {"Write a plain number with a point for decimals, for example 1234.50.", "请写成普通数字，小数点用“.”，例如 1234.50。"},
	"E-MONEY-PRECISION":     {"“{value}” has more than four decimals.", "“{value}”的小数超过四位。"},
	"E-MONEY-PRECISION.fix": {"Round the amount to four decimals at most.", "请将金额四舍五入到最多四位小数。"},
	"E-MONEY-OVERFLOW":      {"The amount {value} is larger than can be held (922 trillion).", "金额 {value} 超出可表示的范围（922 万亿）。"},
	"E-MONEY-OVERFLOW.fix":  {"Check the amount and the quantity; a code may stand in the column of a number.", "请检查金额与数量，可能有编码误入数字列。"},
	"E-MONEY-MIXED":         {"{a} and {b} are in different currencies.", "{a} 与 {b} 币种不同。"},
	"E-MONEY-MIXED.fix":     {"Convert one of them with a dated rate first.", "请先按某日汇率换算其中之一。"},
	"E-CURRENCY":            {"“{value}” is not an ISO 4217 currency code.", "“{value}”不是 ISO 4217 货币代码。"},
	"E-CURRENCY.fix":        {"Write the three-letter code, for example GBP, CNY, JPY; symbols such as ¥ and $ are ambiguous.", "请写三位字母代码，例如 GBP、CNY、JPY；¥、$ 等符号有歧义。"},
	"E-DATE-FORMAT":         {"“{value}” is not a date.", "“{value}”不是日期。"},
	"E-DATE-FORMAT.fix":     {"Write the date as year-month-day, for example 2011-12-09.", "请按 年-月-日 书写，例如 2011-12-09。"},
}
