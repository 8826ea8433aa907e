package messages

import "strings"

// methodCodes are the texts of methods and policies by the stable names that the engine
// gives them. JSON, CSV and the history keep those names; only pages say them in words.
var methodCodes = map[string]string{
	"Gamma–Poisson":    "method.filter",
	"28-day mean":      "method.month",
	"boosted trees":    "method.trees",
	"combination":      "method.combination",
	"simple smoothing": "method.smoothing",
	"TSB":              "method.tsb",
	"harmonic trend":   "method.harmonic",
	"order-up-to":      "method.order",

	"market entry study": "method.entry",
	"threshold forecast": "method.threshold",
	"listing audit":      "method.audit",

	"ppml":                 "method.poisson",
	"price optimum":        "method.optimum",
	"value of information": "method.knowing",
	"promotion plan":       "method.promotions",

	"learned residual": "method.learned",

	"marginal value of stock": "method.transfer",
	"protection of stock":     "method.protection",
}

// Method says a method, or several joined by " + ", in words; a name that is not known is
// said as it is.
func Method(lang Language, name string) string {
	parts := strings.Split(name, " + ")
	for i, part := range parts {
		if said := oneMethod(lang, part); said != "" {
			parts[i] = said
		}
	}
	return strings.Join(parts, " + ")
}

// MethodBoth is Method as the argument of a message.
func MethodBoth(name string) Both { return Both{Method(English, name), Method(Chinese, name)} }

// IsMethod reports whether a name is that of a method.
func IsMethod(name string) bool { return oneMethod(English, name) != "" }

// oneMethod says one method; "" where it is not known.
func oneMethod(lang Language, name string) string {
	if code, known := methodCodes[name]; known {
		return Text(lang, code)
	}
	if pooled, ok := strings.CutPrefix(name, "pooled "); ok {
		return Text(lang, "method.pooled", A("method", Method(lang, pooled)))
	}
	if season, ok := strings.CutPrefix(name, "seasonal naive "); ok {
		return Text(lang, "method.naive", A("days", season))
	}
	return ""
}
