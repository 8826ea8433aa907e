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

	"tradewind"
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

// session is a browser that came in, and who it is where the workspace has users.
type session struct {
	born, seen time.Time
	actor      tradewind.Actor
}

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

// enter uses up the token of a link and returns the secret of a new session; "" when the
// token is not good. Every link is compared, each in constant time.
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
	return g.begin(tradewind.Actor{})
}

// receive returns the secret of a new session of a user who signed in.
func (g *gate) receive(actor tradewind.Actor) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep()
	return g.begin(actor)
}

// begin starts a session; the caller holds the lock.
func (g *gate) begin(actor tradewind.Actor) string {
	secret, now := NewToken(), g.now()
	g.sessions[sha256.Sum256([]byte(secret))] = &session{now, now, actor}
	return secret
}

// knows reports whether the secret is of a living session, and whose, and notes that it
// was seen.
func (g *gate) knows(secret string) (tradewind.Actor, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep()
	s := g.sessions[sha256.Sum256([]byte(secret))]
	if s == nil {
		return tradewind.Actor{}, false
	}
	s.seen = g.now()
	return s.actor, true
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
		if known, err := c.admitted(r); err == nil {
			r = known
		}
		next.ServeHTTP(w, r)
	})
}

// withSession answers 401 to whoever has not logged in, and shows where a token signs in.
func (c *Console) withSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		known, err := c.admitted(r)
		switch {
		case err == nil:
			next.ServeHTTP(w, known)
		case fault.Is(err, fault.Denied):
			c.send(w, r, c.signInPage(r, http.StatusUnauthorized, err))
		default:
			c.send(w, r, c.failure(r, err))
		}
	})
}

// admitted returns the request with who sent it. In a workspace with users that is a user
// who signed in: a session of before there were any, of somebody who was disabled, or of an
// old token ends here. What a role may do, each verb asks the engine.
func (c *Console) admitted(r *http.Request) (*http.Request, error) {
	actor, known := c.gate.knows(c.secretOf(r))
	if !known {
		return nil, fault.New(fault.Denied, "E-CONSOLE-SESSION")
	}
	ctx := signedIn(r.Context())
	if actor != (tradewind.Actor{}) {
		ctx = tradewind.WithActor(ctx, actor)
	}
	if err := c.engine.May(ctx, tradewind.MaySnooze); err != nil && !coded(err, "E-ROLE") {
		return nil, err
	}
	return r.WithContext(ctx), nil
}

// actorOf names who sent a request: a user where the workspace has any.
func (c *Console) actorOf(r *http.Request) string {
	if actor, ok := tradewind.ActorOf(r.Context()); ok {
		return actor.Name
	}
	return c.options.Actor
}
