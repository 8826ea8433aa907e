package console

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"sync"
	"time"

	"tradewind/fault"
)

// How long links and sessions live, after OWASP ASVS 5.0 chapter 7.
const (
	linkLife    = 10 * time.Minute
	sessionIdle = 30 * time.Minute
	sessionLife = 12 * time.Hour
)

// NewToken returns 256 random bits as text.
func NewToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// gate knows who may come in: links not yet used, and sessions. It keeps digests, so
// that what it holds opens nothing. It lives in memory: a restart logs everybody out.
type gate struct {
	now      func() time.Time
	mu       sync.Mutex
	links    map[[32]byte]time.Time // digest → expiry
	sessions map[[32]byte]*session
}

type session struct{ born, seen time.Time }

func newGate(now func() time.Time) *gate {
	return &gate{now: now, links: map[[32]byte]time.Time{}, sessions: map[[32]byte]*session{}}
}

// admit makes a token good for one login.
func (g *gate) admit(token string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep()
	g.links[sha256.Sum256([]byte(token))] = g.now().Add(linkLife)
}

// enter uses up a token and returns the secret of a new session; "" when the token is
// not good. Every link is compared, each in constant time.
func (g *gate) enter(token string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep()
	digest := sha256.Sum256([]byte(token))
	good := 0
	for link := range g.links {
		good |= subtle.ConstantTimeCompare(link[:], digest[:])
	}
	if good == 0 {
		return ""
	}
	delete(g.links, digest)
	secret := NewToken()
	now := g.now()
	g.sessions[sha256.Sum256([]byte(secret))] = &session{now, now}
	return secret
}

// knows reports whether the secret is of a living session, and notes that it was seen.
func (g *gate) knows(secret string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep()
	s := g.sessions[sha256.Sum256([]byte(secret))]
	if s == nil {
		return false
	}
	s.seen = g.now()
	return true
}

func (g *gate) leave(secret string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.sessions, sha256.Sum256([]byte(secret)))
}

// sweep drops what has expired; the caller holds the lock.
func (g *gate) sweep() {
	now := g.now()
	for link, expiry := range g.links {
		if !now.Before(expiry) {
			delete(g.links, link)
		}
	}
	for secret, s := range g.sessions {
		if now.Sub(s.seen) >= sessionIdle || now.Sub(s.born) >= sessionLife {
			delete(g.sessions, secret)
		}
	}
}

// cookieName holds the port, because browsers share cookies among the ports of a host
// and two consoles may run side by side.
func (c *Console) cookieName() string {
	_, port, _ := net.SplitHostPort(c.options.Addr)
	return "tradewind_" + port
}

func (c *Console) secretOf(r *http.Request) string {
	if cookie, err := r.Cookie(c.cookieName()); err == nil {
		return cookie.Value
	}
	return ""
}

// sessionCookie holds the secret of a session; "" ends it.
func (c *Console) sessionCookie(secret string) *http.Cookie {
	cookie := &http.Cookie{Name: c.cookieName(), Value: secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: int(sessionLife / time.Second)}
	if secret == "" {
		cookie.MaxAge = -1
	}
	return cookie
}

// greeted lets everybody in and shows the navigation to whoever has logged in.
func (c *Console) greeted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.gate.knows(c.secretOf(r)) {
			r = r.WithContext(signedIn(r.Context()))
		}
		next.ServeHTTP(w, r)
	})
}

// withSession answers 401 to whoever has not logged in.
func (c *Console) withSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !c.gate.knows(c.secretOf(r)) {
			c.send(w, r, c.problem(r, http.StatusUnauthorized, fault.New(fault.Denied, "E-CONSOLE-SESSION")))
			return
		}
		next.ServeHTTP(w, r.WithContext(signedIn(r.Context())))
	})
}

type loginView struct{ Token string }

// loginPage shows a button and uses nothing up, so that a program that looks a link up
// before a person opens it does not spend it.
func (c *Console) loginPage(r *http.Request) (*view, error) {
	token := r.URL.Query().Get("t")
	if token == "" {
		return c.problem(r, http.StatusUnauthorized, fault.New(fault.Denied, "E-CONSOLE-SESSION")), nil
	}
	return &view{page: "login", title: c.say(r, "console.login.title"), data: loginView{token}}, nil
}

func (c *Console) login(r *http.Request) (*view, error) {
	secret := c.gate.enter(r.PostFormValue("t"))
	if secret == "" {
		return c.problem(r, http.StatusUnauthorized, fault.New(fault.Denied, "E-CONSOLE-LINK")), nil
	}
	return &view{redirect: "/", cookie: c.sessionCookie(secret)}, nil
}

func (c *Console) logout(r *http.Request) (*view, error) {
	c.gate.leave(c.secretOf(r))
	return &view{page: "goodbye", title: c.say(r, "console.goodbye.title"), outside: true, cookie: c.sessionCookie("")}, nil
}
