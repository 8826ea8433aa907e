package tradewind

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"
	"unicode"

	"tradewind/fault"
	"tradewind/store"
)

// UserView is a user of the workspace.
type UserView struct {
	Name     string     `json:"name"`
	Role     Role       `json:"role"`
	Added    time.Time  `json:"added"`
	AddedBy  string     `json:"added_by"`
	Disabled *time.Time `json:"disabled"` // nil: may sign in
}

// NewUser is a user with the token that signs it in: 256 random bits, shown this once. Of
// it the workspace keeps the SHA-256 alone.
type NewUser struct {
	User  UserView `json:"user"`
	Token string   `json:"token"`
}

// longestName is how many characters a user's name may have.
const longestName = 40

// HasUsers reports whether the workspace has users: then every verb that changes something
// asks who acts.
func (e *Engine) HasUsers(ctx context.Context) (bool, error) {
	n, err := e.db.CountMembers(ctx)
	return n > 0, err
}

// Users lists the users, the disabled too, by name.
func (e *Engine) Users(ctx context.Context) ([]UserView, error) {
	all, err := e.db.Members(ctx)
	if err != nil {
		return nil, err
	}
	views := make([]UserView, len(all))
	for i := range all {
		views[i] = userView(&all[i])
	}
	return views, nil
}

func userView(m *store.Member) UserView {
	return UserView{m.Name, Role(m.Role), m.Added, m.AddedBy, m.Disabled}
}

// AddUser adds a user and returns its token. The first user is an admin: from then on every
// verb that changes something asks who acts. A name is given once and for all, as it stands
// in the history of decisions.
func (e *Engine) AddUser(ctx context.Context, name string, role Role, by string) (*NewUser, error) {
	e.deciding.Lock() // of two who add the first user at once, the second is asked who acts
	defer e.deciding.Unlock()
	by, err := e.actor(ctx, MayUser, by)
	if err != nil {
		return nil, err
	}
	if role, err = ParseRole(string(role)); err != nil {
		return nil, err
	}
	if name = strings.TrimSpace(name); !goodName(name) {
		return nil, fault.New(fault.Invalid, "E-USER-NAME", fault.A("name", name), fault.A("most", longestName))
	}
	token := newToken()
	m := store.Member{Name: name, Role: string(role), Token: sumOf(token), Added: e.now(), AddedBy: by}
	if err := e.db.AddMember(ctx, m, string(RoleAdmin)); err != nil {
		return nil, err
	}
	return &NewUser{userView(&m), token}, nil
}

// goodName lets through letters and digits of any script and three marks: names stand in
// logs, in files of the outbox and on command lines.
func goodName(name string) bool {
	n := 0
	for _, r := range name {
		n++
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("._-", r) {
			return false
		}
	}
	return n > 0 && n <= longestName && name[0] != '-'
}

func newToken() string {
	bits := make([]byte, 32)
	_, _ = rand.Read(bits) // never fails
	return "tw_" + base64.RawURLEncoding.EncodeToString(bits)
}

// RenewToken gives a user another token; the one before signs nobody in any more. A
// disabled user may sign in again.
func (e *Engine) RenewToken(ctx context.Context, name, by string) (*NewUser, error) {
	token := newToken()
	v, err := e.changeUser(ctx, name, by, "renew", func(m *store.Member) { m.Token, m.Disabled = sumOf(token), nil })
	if err != nil {
		return nil, err
	}
	return &NewUser{*v, token}, nil
}

// ChangeRole gives a user another role, at once. The last admin keeps its own.
func (e *Engine) ChangeRole(ctx context.Context, name string, role Role, by string) (*UserView, error) {
	role, err := ParseRole(string(role))
	if err != nil {
		return nil, err
	}
	return e.changeUser(ctx, name, by, "role", func(m *store.Member) { m.Role = string(role) })
}

// DisableUser ends a user: its token signs nobody in any more, and whoever is signed in
// with it may do nothing more. What the user decided stands. The last admin stays.
func (e *Engine) DisableUser(ctx context.Context, name, by string) (*UserView, error) {
	return e.changeUser(ctx, name, by, "disable", func(m *store.Member) { m.Disabled = new(e.now()) })
}

func (e *Engine) changeUser(ctx context.Context, name, by, verb string, change func(*store.Member)) (*UserView, error) {
	by, err := e.actor(ctx, MayUser, by)
	if err != nil {
		return nil, err
	}
	e.deciding.Lock()
	defer e.deciding.Unlock()
	m, err := e.db.ChangeMember(ctx, strings.TrimSpace(name), string(RoleAdmin), store.Control{Verb: verb, By: by, At: e.now()}, change)
	if err != nil {
		return nil, err
	}
	v := userView(m)
	return &v, nil
}
