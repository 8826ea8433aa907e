package tradewind

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"tradewind/fault"
	"tradewind/messages"
	"tradewind/store"
)

// Role is what a user may do: each role may do what those before it may.
type Role string

const (
	RoleViewer   Role = "viewer"   // looks
	RolePlanner  Role = "planner"  // brings facts, says what to expect, plans, stops automation
	RoleApprover Role = "approver" // decides
	RoleAdmin    Role = "admin"    // says who may decide, and within which limits
)

// Roles lists every role, the least first.
var Roles = []Role{RoleViewer, RolePlanner, RoleApprover, RoleAdmin}

// ParseRole reads the name of a role.
func ParseRole(s string) (Role, error) {
	if r := Role(strings.TrimSpace(s)); slices.Contains(Roles, r) {
		return r, nil
	}
	return "", fault.New(fault.Invalid, "E-ROLE-NAME", fault.A("value", s))
}

// atLeast reports whether a role includes another. What is no role includes none.
func (r Role) atLeast(other Role) bool {
	return slices.Contains(Roles, r) && slices.Index(Roles, r) >= slices.Index(Roles, other)
}

// Permission names something that changes a workspace.
type Permission string

const (
	MayImport         Permission = "import"
	MayForecast       Permission = "forecast"
	MayOverride       Permission = "override"
	MayPlan           Permission = "plan"
	MaySnooze         Permission = "snooze"
	MayProposeMandate Permission = "propose_mandate"
	MayAutomate       Permission = "automate"
	MayPause          Permission = "pause"
	MayApprove        Permission = "approve"
	MayReject         Permission = "reject"
	MayRevoke         Permission = "revoke"
	MayExecute        Permission = "execute"
	MayRollback       Permission = "rollback"
	MayResume         Permission = "resume"
	MayGuardrail      Permission = "guardrail"
	MayLevel          Permission = "policy_level"
	MayUser           Permission = "user"
)

// permissions is the one table of who may do what.
var permissions = []struct {
	permission Permission
	least      Role
}{
	{MayImport, RolePlanner}, {MayForecast, RolePlanner}, {MayOverride, RolePlanner}, {MayPlan, RolePlanner}, {MaySnooze, RolePlanner},
	{MayProposeMandate, RolePlanner}, {MayAutomate, RolePlanner}, {MayPause, RolePlanner},
	{MayApprove, RoleApprover}, {MayReject, RoleApprover}, {MayRevoke, RoleApprover}, {MayExecute, RoleApprover},
	{MayRollback, RoleApprover}, {MayResume, RoleApprover},
	{MayGuardrail, RoleAdmin}, {MayLevel, RoleAdmin}, {MayUser, RoleAdmin},
}

// PermissionView is one line of the table of who may do what.
type PermissionView struct {
	Permission Permission    `json:"permission"`
	Least      Role          `json:"least_role"`
	What       LocalizedText `json:"what"`
}

// Permissions lists who may do what in a workspace with users. Looking needs no role: who
// can open the workspace's files can read them.
func Permissions() []PermissionView {
	list := make([]PermissionView, len(permissions))
	for i, p := range permissions {
		list[i] = PermissionView{p.permission, p.least, localized(permissionText(p.permission))}
	}
	return list
}

func permissionText(p Permission) messages.Message {
	return messages.M("automation.permission." + string(p))
}

// leastFor is the role that a permission asks for; what the table does not have, only an
// admin may.
func leastFor(p Permission) Role {
	for _, line := range permissions {
		if line.permission == p {
			return line.least
		}
	}
	return RoleAdmin
}

// Actor is a user who signed in. Only SignIn makes one that a workspace believes.
type Actor struct {
	Name  string
	Role  Role
	proof string // SHA-256 of the token
}

type actorKey struct{}

// WithActor says who acts in what is called with the context.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// WithToken says that whoever holds a token acts: each verb finds out who that is. Without
// one ("") nobody does, whoever the context named before.
func WithToken(ctx context.Context, token string) context.Context {
	if token = strings.TrimSpace(token); token == "" {
		return WithActor(ctx, Actor{})
	}
	return WithActor(ctx, Actor{proof: sumOf(token)})
}

// ActorOf returns who acts, if anybody was named. Who acts by a token alone has no name yet.
func ActorOf(ctx context.Context) (Actor, bool) {
	a, ok := ctx.Value(actorKey{}).(Actor)
	return a, ok && a != Actor{}
}

// SignIn returns the user that a token belongs to; fault.Denied for any other token.
func (e *Engine) SignIn(ctx context.Context, token string) (Actor, error) {
	proof := sumOf(strings.TrimSpace(token))
	m, err := e.db.MemberByToken(ctx, proof)
	if fault.Is(err, fault.NotFound) || err == nil && m.Disabled != nil {
		return Actor{}, fault.New(fault.Denied, "E-TOKEN")
	}
	if err != nil {
		return Actor{}, err
	}
	return Actor{m.Name, Role(m.Role), proof}, nil
}

func sumOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// May says why the actor of a context may not do something; nil where it may. A workspace
// without users has one owner, who may do all.
func (e *Engine) May(ctx context.Context, p Permission) error {
	_, err := e.actor(ctx, p, "")
	return err
}

// reserved stand before names that no door may claim.
var reserved = []string{"user:", "policy:", "plan:"}

// actor names who acts, for the record, if they may: "user:" and a name in a workspace with
// users, what the door says otherwise. The user is looked up anew each time, so that
// whoever is disabled, or given another role or token, is so at once.
func (e *Engine) actor(ctx context.Context, p Permission, by string) (string, error) {
	by = strings.TrimSpace(by)
	users, err := e.db.CountMembers(ctx)
	if err != nil {
		return "", err
	}
	if users == 0 {
		if slices.ContainsFunc(reserved, func(prefix string) bool { return strings.HasPrefix(by, prefix) }) {
			return "", fault.New(fault.Denied, "E-ACTOR-NAME", fault.A("by", by))
		}
		return by, nil
	}
	a, named := ActorOf(ctx)
	if !named {
		return "", fault.New(fault.Denied, "E-ACTOR", fault.A("what", permissionText(p)))
	}
	m, err := e.member(ctx, a)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	if err != nil || !believed(m, a) {
		return "", fault.New(fault.Denied, "E-TOKEN")
	}
	if least := leastFor(p); !Role(m.Role).atLeast(least) {
		return "", fault.New(fault.Denied, "E-ROLE", fault.A("name", m.Name), fault.A("role", m.Role), fault.A("needs", string(least)), fault.A("what", permissionText(p)))
	}
	return "user:" + m.Name, nil
}

// member is the user that an actor is: by name, or by nothing but a token.
func (e *Engine) member(ctx context.Context, a Actor) (*store.Member, error) {
	if a.Name == "" {
		return e.db.MemberByToken(ctx, a.proof)
	}
	return e.db.Member(ctx, a.Name)
}

// believed reports whether an actor signed in with the token that the user has now. What is
// compared is no secret: both are sums that only the token leads to.
func believed(m *store.Member, a Actor) bool {
	return m.Disabled == nil && a.proof != "" && m.Token == a.proof
}
