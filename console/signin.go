package console

import (
	"net/http"
	"strings"

	"tradewind"
	"tradewind/fault"
	"tradewind/messages"
)

// loginView is a page that lets a browser in: by the link that led here, or by the token
// of a user.
type loginView struct {
	Link          string
	Problem, Help string
}

// loginPage shows a button and uses nothing up, so that a program that looks a link up
// before a person opens it does not spend it. In a workspace with users a link opens
// nothing: it leads to the form for a token.
func (c *Console) loginPage(r *http.Request) (*view, error) {
	users, err := c.engine.HasUsers(r.Context())
	if err != nil {
		return nil, err
	}
	link := r.URL.Query().Get("t")
	switch {
	case users:
		return c.signIn(r, nil), nil
	case link == "":
		return c.problem(r, http.StatusUnauthorized, fault.New(fault.Denied, "E-CONSOLE-SESSION")), nil
	}
	return &view{page: "login", title: c.say(r, "console.login.title"), data: loginView{Link: link}}, nil
}

// signInPage answers whoever is not let in: the form for a token where the workspace has
// users, else the way to a new link.
func (c *Console) signInPage(r *http.Request, status int, why error) *view {
	if users, err := c.engine.HasUsers(r.Context()); err != nil || !users {
		return c.problem(r, status, why)
	}
	if !coded(why, "E-TOKEN") {
		why = nil // nobody did anything wrong: they have not signed in yet
	}
	v := c.signIn(r, why)
	v.status = status
	return v
}

// signIn is the form for the token of a user; why says what was wrong with the last one.
func (c *Console) signIn(r *http.Request, why error) *view {
	p := loginView{}
	if why != nil {
		m := messages.Of(why)
		p.Problem, p.Help = m.In(c.languageOf(r)), m.Remedy().In(c.languageOf(r))
	}
	return &view{page: "login", title: c.say(r, "console.login.title"), outside: true, data: p}
}

func (c *Console) login(r *http.Request) (*view, error) {
	users, err := c.engine.HasUsers(r.Context())
	if err != nil {
		return nil, err
	}
	if users {
		return c.loginUser(r)
	}
	secret := c.gate.enter(r.PostFormValue("t"))
	if secret == "" {
		return c.problem(r, http.StatusUnauthorized, fault.New(fault.Denied, "E-CONSOLE-LINK")), nil
	}
	return &view{redirect: "/", cookie: c.sessionCookie(secret)}, nil
}

// loginUser signs in by the token of a user. A session that the browser had ends: its
// secret opens nothing more.
func (c *Console) loginUser(r *http.Request) (*view, error) {
	actor, err := c.engine.SignIn(r.Context(), strings.TrimSpace(r.PostFormValue("token")))
	if fault.Is(err, fault.Denied) {
		return c.signInPage(r, http.StatusUnauthorized, err), nil
	}
	if err != nil {
		return nil, err
	}
	c.gate.leave(c.secretOf(r))
	return &view{redirect: "/", cookie: c.sessionCookie(c.gate.receive(actor))}, nil
}

func (c *Console) logout(r *http.Request) (*view, error) {
	c.gate.leave(c.secretOf(r))
	users, err := c.engine.HasUsers(r.Context())
	if err != nil {
		return nil, err
	}
	return &view{page: "goodbye", title: c.say(r, "console.goodbye.title"), outside: true, data: users, cookie: c.sessionCookie("")}, nil
}

// coded reports whether a failure has a code.
func coded(err error, code string) bool {
	f := fault.Of(err)
	return f != nil && f.Code == code
}

// barriers says of each permission why whoever sent a request has it not; "" where they
// have. Pages grey buttons out by it; the engine asks again when one is pressed.
func (c *Console) barriers(r *http.Request, permissions ...tradewind.Permission) (map[string]string, error) {
	why := map[string]string{}
	for _, p := range permissions {
		err := c.engine.May(r.Context(), p)
		if err != nil && !fault.Is(err, fault.Denied) {
			return nil, err
		}
		why[string(p)] = ""
		if err != nil {
			why[string(p)] = messages.Of(err).In(c.languageOf(r))
		}
	}
	return why, nil
}
