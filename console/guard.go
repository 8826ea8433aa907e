package console

import (
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"

	"tradewind/fault"
)

// policy lets a page load its own style, script and icon and post to its own console,
// and nothing else: no inline style or script, no other host, no frame.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// mostBody is the largest form that is read; fifty decisions with their fingerprints
// take a twentieth of it.
const mostBody = 128 << 10

// guarded puts every check that needs no page before the pages.
func (c *Console) guarded(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer c.recovered(w, r)
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")

		switch {
		case !c.hosts[r.Host]:
			// A name that an attacker points at 127.0.0.1 arrives with its own Host.
			c.send(w, r, c.problem(r, http.StatusMisdirectedRequest, fault.New(fault.Denied, "E-CONSOLE-HOST", fault.A("host", r.Host), fault.A("addr", c.options.Addr))))
		case crossOrigin.Check(r) != nil || unsafe(r.Method) && anonymous(r):
			c.send(w, r, c.problem(r, http.StatusForbidden, fault.New(fault.Denied, "E-CONSOLE-ORIGIN")))
		default:
			r.Body = http.MaxBytesReader(w, r.Body, mostBody)
			next.ServeHTTP(w, r)
		}
	})
}

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// anonymous reports a request that does not say which page sent it. Browsers say so with
// every form; without this check a form of an old browser would pass as a program.
func anonymous(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == ""
}

// recovered answers 500 where a page panicked, and logs where.
func (c *Console) recovered(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	slog.Error("console page failed", "method", r.Method, "path", r.URL.Path, "cause", cause, "stack", string(debug.Stack()))
	c.send(w, r, c.problem(r, http.StatusInternalServerError, fault.New(fault.Internal, "E-CONSOLE-PANIC")))
}

// hostsOf returns the Host headers that name the console: its address, and the other
// names of the same loopback port.
func hostsOf(addr string) (map[string]bool, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fault.From(err, fault.Usage, "E-CONSOLE-ADDR", fault.A("value", addr))
	}
	hosts := map[string]bool{addr: true}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
			hosts[net.JoinHostPort(name, port)] = true
		}
	}
	return hosts, nil
}
