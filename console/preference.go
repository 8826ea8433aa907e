package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tradewind/messages"
)

// preferences is what a browser may choose, by the parameter that sets it.
var preferences = map[string][]string{
	"lang":  {string(messages.English), string(messages.Chinese)},
	"theme": {"auto", "light", "dark"},
	"keys":  {"on", "off"},
}

const year = 365 * 24 * 3600 // seconds that a choice is kept

// preference answers a switch such as ?lang=zh-Hans with a cookie that keeps the choice,
// and leads to the same address without it; nil where nothing is switched. The choice is
// the browser's: the workspace does not change.
func preference(r *http.Request) *view {
	query := r.URL.Query()
	for name, values := range preferences {
		asked := query.Get(name)
		if !slices.Contains(values, asked) {
			continue
		}
		query.Del(name)
		to := url.URL{Path: localPath(r.URL.Path), RawPath: r.URL.RawPath, RawQuery: query.Encode()}
		return &view{redirect: to.String(), cookie: &http.Cookie{Name: "tradewind_" + name, Value: asked, Path: "/", MaxAge: year,
			HttpOnly: true, SameSite: http.SameSiteLaxMode}}
	}
	return nil
}

// localPath keeps "//host" from being read as another host.
func localPath(path string) string { return "/" + strings.TrimLeft(path, "/\\") }

// chosen returns the value of a preference; "" where none or no known one is kept.
func chosen(r *http.Request, name string) string {
	cookie, err := r.Cookie("tradewind_" + name)
	if err != nil || !slices.Contains(preferences[name], cookie.Value) {
		return ""
	}
	return cookie.Value
}

func themeOf(r *http.Request) string {
	if t := chosen(r, "theme"); t != "auto" {
		return t
	}
	return ""
}

// languageOf returns the language chosen, else the one that the browser likes best among
// ours, else the console's own.
func (c *Console) languageOf(r *http.Request) messages.Language {
	if lang := chosen(r, "lang"); lang != "" {
		return messages.Language(lang)
	}
	best, weight := c.language, 0.0
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			q, _ = strconv.ParseFloat(value, 64) // not a number: weight 0, not accepted
		}
		if lang, err := messages.ParseLanguage(tag); err == nil && q > weight {
			best, weight = lang, q
		}
	}
	return best
}

// say renders a text in the language of a request.
func (c *Console) say(r *http.Request, code string, args ...messages.Arg) string {
	return messages.Text(c.languageOf(r), code, args...)
}

// here is the address that the switches lead back to: the page itself, or the start
// where it was the answer to a form.
func here(r *http.Request) string {
	if unsafe(r.Method) {
		return "/"
	}
	query := r.URL.Query()
	query.Del("did")
	query.Del("n")
	u := url.URL{Path: localPath(r.URL.Path), RawPath: r.URL.RawPath, RawQuery: query.Encode()}
	return u.String()
}

// notices are what the result line may say, by the "did" parameter of the address that
// a form leads to.
var notices = map[string]string{
	"approve": "console.notice.approved",
	"reject":  "console.notice.rejected",
	"snooze":  "console.notice.snoozed",

	"endorse":   "console.notice.endorsed",
	"revoke":    "console.notice.revoked",
	"rollback":  "console.notice.rolledback",
	"pause":     "console.notice.paused",
	"resume":    "console.notice.resumed",
	"run":       "console.notice.run",
	"mandate":   "console.notice.mandate",
	"level":     "console.notice.level",
	"guardrail": "console.notice.guardrail",
	"review":    "console.notice.reviewed",

	"override": "console.notice.overridden",
	"restore":  "console.notice.restored",
}

func (c *Console) notice(r *http.Request) string {
	code, ok := notices[r.URL.Query().Get("did")]
	if !ok {
		return ""
	}
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil || n < 0 {
		n = 1
	}
	return c.say(r, code, messages.A("n", n))
}
