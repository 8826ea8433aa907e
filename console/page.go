package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"tradewind"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
)

// loader asks the engine and answers with what to show. An error becomes an error page.
type loader func(r *http.Request) (*view, error)

// view is one answer: a page of the templates with its data, a sheet, or a redirect.
type view struct {
	page     string // template; "" for a sheet or a redirect
	title    string
	section  string // entry of the navigation that the page belongs to
	data     any
	status   int  // 0 is 200
	outside  bool // shown without navigation even to a session
	sheet    *sheet
	redirect string
	cookie   *http.Cookie
}

func seeOther(url string) *view { return &view{redirect: url} }

// frame is what every page shows around its own content.
type frame struct {
	Lang     messages.Language
	Theme    string // "light", "dark" or "" for the system's
	KeysOff  bool
	Title    string
	Section  string
	SignedIn bool
	Demo     bool
	Actor    string
	Notice   string
	Status   *tradewind.DataStatus // nil outside a session or where it cannot be read
	Waiting  int
	Here     string // this page's address, for the switches
	Data     any
}

type contextKey int

const sessionKey contextKey = 0

func signedIn(ctx context.Context) context.Context { return context.WithValue(ctx, sessionKey, true) }

func isSignedIn(r *http.Request) bool { return r.Context().Value(sessionKey) == true }

// page turns a loader into a handler.
func (c *Console) page(load loader) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		if v := preference(r); v != nil {
			c.send(w, r, v)
			return
		}
		v, err := load(r)
		if err != nil {
			v = c.failure(r, err)
		}
		w.Header().Set("Server-Timing", fmt.Sprintf("engine;dur=%.1f", float64(time.Since(start).Microseconds())/1000))
		c.send(w, r, v)
	})
}

// send writes a view: whole or not at all, compressed, with a validator.
func (c *Console) send(w http.ResponseWriter, r *http.Request, v *view) {
	if v.cookie != nil {
		http.SetCookie(w, v.cookie)
	}
	switch {
	case v.redirect != "":
		http.Redirect(w, r, v.redirect, http.StatusSeeOther)
	case v.sheet != nil:
		v.sheet.send(w, r)
	default:
		c.sendPage(w, r, v)
	}
}

func (c *Console) sendPage(w http.ResponseWriter, r *http.Request, v *view) {
	lang := c.languageOf(r)
	f := frame{
		Lang: lang, Theme: themeOf(r), KeysOff: chosen(r, "keys") == "off", Title: v.title, Section: v.section, Demo: c.options.Demo,
		SignedIn: isSignedIn(r) && !v.outside, Actor: c.actorOf(r), Here: here(r), Data: v.data, Notice: c.notice(r),
	}
	if f.SignedIn {
		f.Status, f.Waiting = c.scope(r.Context())
	}
	var b bytes.Buffer
	if err := c.pages[lang].render(&b, v.page, f); err != nil {
		slog.Error("console page not rendered", "page", v.page, "err", err)
		http.Error(w, c.say(r, "E-CONSOLE-PANIC"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", string(lang))
	sendBody(w, r, b.Bytes(), v.status)
}

// sendBody writes a complete body. A good answer to a GET carries a validator, and a
// browser that holds it already gets 304.
func sendBody(w http.ResponseWriter, r *http.Request, body []byte, status int) {
	h := w.Header()
	h.Set("Vary", "Accept-Encoding, Accept-Language, Cookie")
	if status == 0 {
		status = http.StatusOK
	}
	if status == http.StatusOK && !unsafe(r.Method) {
		sum := sha256.Sum256(body)
		tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", tag)
		h.Set("Cache-Control", "private, no-cache")
		if strings.Contains(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = gzipped(body)
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the browser went away: nobody is left to tell
}

type problemView struct {
	Status  int
	Problem string
	Remedy  string
	Code    string
	Decide  decision.ID // a decision to look at again; may be ""
	Changes []change
}

// failure is the error page of a failed loader.
func (c *Console) failure(r *http.Request, err error) *view {
	kind := fault.KindOf(err)
	if kind == fault.Internal && r.Context().Err() == nil {
		slog.Error("console request failed", "method", r.Method, "path", r.URL.Path, "err", err)
	}
	return c.problem(r, kind.HTTPStatus(), err)
}

// problem is a page that says what is wrong and how to mend it.
func (c *Console) problem(r *http.Request, status int, err error) *view {
	m := messages.Of(err)
	lang := c.languageOf(r)
	p := problemView{Status: status, Problem: m.In(lang), Code: m.Code}
	if messages.Has(m.Remedy().Code) {
		p.Remedy = m.Remedy().In(lang)
	}
	return &view{page: "problem", title: messages.Text(lang, fmt.Sprintf("console.problem.%d", status)), status: status, data: p}
}

func (c *Console) noSuchPage(r *http.Request) (*view, error) {
	return nil, fault.New(fault.NotFound, "E-CONSOLE-PAGE", fault.A("path", r.URL.Path))
}

func (c *Console) keysPage(r *http.Request) (*view, error) {
	return &view{page: "keys", title: c.say(r, "console.keys.title"), section: "keys"}, nil
}
