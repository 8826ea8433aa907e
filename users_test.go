package tradewind

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
)

// team gives a workspace a user of each role, an admin named "ada" among them, and returns
// the contexts in which each of them acts, by name.
func team(t tester, e *Engine, users ...string) map[string]context.Context {
	t.Helper()
	acting := map[string]context.Context{}
	as := t.Context()
	for _, user := range append([]string{"ada:admin"}, users...) {
		name, role, _ := strings.Cut(user, ":")
		u, err := e.AddUser(as, name, Role(role), ann)
		if err != nil {
			t.Fatal(err)
		}
		a, err := e.SignIn(t.Context(), u.Token)
		if err != nil {
			t.Fatal(err)
		}
		acting[name] = WithActor(t.Context(), a)
		as = acting["ada"]
	}
	return acting
}

// verbs is every verb of an Engine that changes a workspace, with the permission that it
// takes, called so that it changes as little as can be.
var verbs = map[string]struct {
	needs Permission
	call  func(ctx context.Context, e *Engine) error
}{
	"Import": {MayImport, func(ctx context.Context, e *Engine) error { _, err := e.Import(ctx, nil, ImportOptions{}); return err }},
	"RunForecast": {MayForecast, func(ctx context.Context, e *Engine) error {
		_, err := e.RunForecast(ctx, ForecastOptions{})
		return err
	}},
	"Backtest": {MayForecast, func(ctx context.Context, e *Engine) error {
		_, err := e.Backtest(ctx, BacktestOptions{Origins: -1})
		return err
	}},
	"Override": {MayOverride, func(ctx context.Context, e *Engine) error { _, err := e.Override(ctx, OverrideRequest{}); return err }},
	"RemoveOverride": {MayOverride, func(ctx context.Context, e *Engine) error {
		_, err := e.RemoveOverride(ctx, "O-9", ann, "none")
		return err
	}},
	"Plan": {MayPlan, func(ctx context.Context, e *Engine) error { _, err := e.Plan(ctx, PlanOptions{}); return err }},
	"Approve": {MayApprove, func(ctx context.Context, e *Engine) error {
		_, err := e.Approve(ctx, "D-00000000", "", ann, "")
		return err
	}},
	"Reject": {MayReject, func(ctx context.Context, e *Engine) error { _, err := e.Reject(ctx, "D-00000000", ann, ""); return err }},
	"Revoke": {MayRevoke, func(ctx context.Context, e *Engine) error { _, err := e.Revoke(ctx, "D-00000000", ann, ""); return err }},
	"Snooze": {MaySnooze, func(ctx context.Context, e *Engine) error {
		_, err := e.Snooze(ctx, "D-00000000", e.Now().Add(time.Hour), ann, "")
		return err
	}},
	"Execute": {MayExecute, func(ctx context.Context, e *Engine) error { _, err := e.Execute(ctx, nil, ann); return err }},
	"Rollback": {MayRollback, func(ctx context.Context, e *Engine) error {
		_, err := e.Rollback(ctx, "D-00000000", ann, "")
		return err
	}},
	"ProposeMandate": {MayProposeMandate, func(ctx context.Context, e *Engine) error {
		_, err := e.ProposeMandate(ctx, MandateRequest{})
		return err
	}},
	"Automate": {MayAutomate, func(ctx context.Context, e *Engine) error { _, err := e.Automate(ctx, ann); return err }},
	"TrainAutomation": {MayAutomate, func(ctx context.Context, e *Engine) error {
		_, err := e.TrainAutomation(ctx, TrainOptions{SKUs: []commerce.SKU{"none"}})
		return err
	}},
	"EvaluateAutomation": {MayAutomate, func(ctx context.Context, e *Engine) error {
		_, err := e.EvaluateAutomation(ctx, EvaluateOptions{SKUs: []commerce.SKU{"none"}})
		return err
	}},
	"ReviewAutomated": {MayRevoke, func(ctx context.Context, e *Engine) error {
		return e.ReviewAutomated(ctx, "D-00000000", true, ann, "")
	}},
	"Pause":  {MayPause, func(ctx context.Context, e *Engine) error { _, err := e.Pause(ctx, ann, ""); return err }},
	"Resume": {MayResume, func(ctx context.Context, e *Engine) error { _, err := e.Resume(ctx, ann, ""); return err }},
	"SetGuardrail": {MayGuardrail, func(ctx context.Context, e *Engine) error {
		_, err := e.SetGuardrail(ctx, "loss", "", ann, "")
		return err
	}},
	"SetPolicyLevel": {MayLevel, func(ctx context.Context, e *Engine) error { return e.SetPolicyLevel(ctx, "agent", "fly", ann, "") }},
	"AddUser":        {MayUser, func(ctx context.Context, e *Engine) error { _, err := e.AddUser(ctx, "", RoleViewer, ann); return err }},
	"RenewToken":     {MayUser, func(ctx context.Context, e *Engine) error { _, err := e.RenewToken(ctx, "nobody", ann); return err }},
	"ChangeRole": {MayUser, func(ctx context.Context, e *Engine) error {
		_, err := e.ChangeRole(ctx, "nobody", RoleViewer, ann)
		return err
	}},
	"DisableUser": {MayUser, func(ctx context.Context, e *Engine) error { _, err := e.DisableUser(ctx, "nobody", ann); return err }},
}

// reading are the verbs that change nothing, and those of the process itself.
var reading = []string{
	"Accuracy", "Automation", "AutomationRuns", "Close", "Compliance", "CompareMarkets", "Config", "Counts", "Decisions", "Dir", "Drift", "Explain", "ExplainPrice",
	"Forecast", "Guardrails", "HasUsers", "Imports", "InventoryBoard", "InventoryItem", "LatestPlan", "LearnedStatus", "Localization", "Mandates", "MarketAssessment", "MarketEntries", "MarketScenario", "Markets",
	"May", "Now", "Overrides", "PriceBoard", "PromoPlan", "Quarantine", "Quote", "Replay", "ReplayAutomation", "Rule", "Rules", "RulesAsOf", "RulesCheck",
	"SKUs", "Screen", "SignIn", "SimulateInventory", "SimulatePrice", "Status", "StockHistory", "SuggestHS", "TaxThresholds", "TestGuardrails", "Users", "Warm",
}

// Every verb of the Engine either reads, or asks for a permission; and each permission is
// asked for by some verb.
func TestEveryVerbIsInTheTable(t *testing.T) {
	asked := map[Permission]bool{}
	for name, v := range verbs {
		asked[v.needs] = true
		if slices.Contains(reading, name) {
			t.Errorf("%s both reads and changes", name)
		}
	}
	engine := reflect.TypeFor[*Engine]()
	for i := range engine.NumMethod() {
		name := engine.Method(i).Name
		if _, changes := verbs[name]; !changes && !slices.Contains(reading, name) {
			t.Errorf("nobody said who may %s", name)
		}
	}
	for _, p := range Permissions() {
		if !asked[p.Permission] {
			t.Errorf("no verb asks for %s", p.Permission)
		}
		if p.What.English == "" || p.What.Chinese == "" || strings.Contains(p.What.English, "[") {
			t.Errorf("%s has no name: %+v", p.Permission, p.What)
		}
		delete(asked, p.Permission)
	}
	if len(asked) > 0 {
		t.Errorf("the table of roles lacks %v", asked)
	}
}

// who may do what, written down a second time.
var mayDo = map[Role]string{
	RoleViewer:   "",
	RolePlanner:  "import forecast override plan snooze propose_mandate automate pause",
	RoleApprover: "import forecast override plan snooze propose_mandate automate pause approve reject revoke execute rollback resume",
	RoleAdmin:    "import forecast override plan snooze propose_mandate automate pause approve reject revoke execute rollback resume guardrail policy_level user",
}

func TestRoles(t *testing.T) {
	e := sample(t)
	as := team(t, e, "vic:viewer", "pat:planner", "bo:approver", "gone:admin")
	if _, err := e.DisableUser(as["ada"], "gone", ""); err != nil {
		t.Fatal(err)
	}
	roles := map[string]Role{"vic": RoleViewer, "pat": RolePlanner, "bo": RoleApprover, "ada": RoleAdmin}
	for name, v := range verbs {
		for user, role := range roles {
			err := v.call(as[user], e)
			denied := fault.Is(err, fault.Denied)
			allowed := slices.Contains(strings.Fields(mayDo[role]), string(v.needs))
			switch {
			case allowed && denied:
				t.Errorf("%s by %s: %v", name, role, err)
			case !allowed:
				refused(t, err, fault.Denied, "E-ROLE")
			}
			if may := e.May(as[user], v.needs); (may == nil) != allowed {
				t.Errorf("may %s %s: %v, want %v", role, v.needs, may, allowed)
			}
		}
		refused(t, v.call(t.Context(), e), fault.Denied, "E-ACTOR")
		refused(t, v.call(as["gone"], e), fault.Denied, "E-TOKEN")
		// An actor that nobody signed in is believed nothing.
		refused(t, v.call(WithActor(t.Context(), Actor{Name: "ada", Role: RoleAdmin}), e), fault.Denied, "E-TOKEN")
		refused(t, v.call(WithActor(t.Context(), Actor{Name: "nobody", Role: RoleAdmin}), e), fault.Denied, "E-TOKEN")
	}
	if leastFor("fly") != RoleAdmin || Role("king").atLeast(RoleViewer) {
		t.Error("what the table does not have is open to others than admins")
	}
}

func TestUsers(t *testing.T) {
	e := empty(t)
	for name, code := range map[string]string{"": "E-USER-NAME", "a b": "E-USER-NAME", "-x": "E-USER-NAME", "user:ada": "E-USER-NAME", "a\u202eb": "E-USER-NAME", strings.Repeat("x", 41): "E-USER-NAME"} {
		_, err := e.AddUser(t.Context(), name, RoleAdmin, ann)
		refused(t, err, fault.Invalid, code)
	}
	_, err := e.AddUser(t.Context(), "ada", "king", ann)
	refused(t, err, fault.Invalid, "E-ROLE-NAME")
	_, err = e.AddUser(t.Context(), "ada", RoleApprover, ann)
	refused(t, err, fault.Invalid, "E-USER-FIRST")
	if has, err := e.HasUsers(t.Context()); has || err != nil {
		t.Errorf("has users: %v, %v", has, err)
	}

	as := team(t, e, "李雷:approver")
	ada := as["ada"]
	_, err = e.AddUser(ada, "李雷", RoleViewer, "")
	refused(t, err, fault.Invalid, "E-USER-EXISTS")
	list, err := e.Users(t.Context())
	if err != nil || len(list) != 2 || list[0].AddedBy != ann || list[1].AddedBy != "user:ada" || list[1].Role != RoleApprover {
		t.Errorf("users %+v, %v", list, err)
	}

	// Another token: the one before signs nobody in, and whoever is signed in with it is out.
	renewed, err := e.RenewToken(ada, "李雷", "")
	if err != nil {
		t.Fatal(err)
	}
	refused(t, e.May(as["李雷"], MayApprove), fault.Denied, "E-TOKEN")
	bits, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(renewed.Token, "tw_"))
	if err != nil || len(bits) != 32 {
		t.Errorf("a token of %d bytes, %v", len(bits), err)
	}
	a, err := e.SignIn(t.Context(), " "+renewed.Token+"\n")
	if err != nil || a.Name != "李雷" || a.Role != RoleApprover {
		t.Errorf("signed in as %+v, %v", a, err)
	}
	for _, token := range []string{"", "tw_", renewed.Token[:len(renewed.Token)-1], sumOf(renewed.Token)} {
		_, err := e.SignIn(t.Context(), token)
		refused(t, err, fault.Denied, "E-TOKEN")
	}
	lei := WithActor(t.Context(), a)
	if _, err := e.ChangeRole(ada, "李雷", RoleViewer, ""); err != nil {
		t.Fatal(err)
	}
	refused(t, e.May(lei, MayApprove), fault.Denied, "E-ROLE")
	if _, err := e.DisableUser(ada, "李雷", ""); err != nil {
		t.Fatal(err)
	}
	refused(t, e.May(lei, MayPlan), fault.Denied, "E-TOKEN")
	_, err = e.SignIn(t.Context(), renewed.Token)
	refused(t, err, fault.Denied, "E-TOKEN")
	_, err = e.DisableUser(ada, "ada", "")
	refused(t, err, fault.Blocked, "E-USER-LAST-ADMIN")
	_, err = e.ChangeRole(ada, "ada", RolePlanner, "")
	refused(t, err, fault.Blocked, "E-USER-LAST-ADMIN")

	// No token is in the workspace's files.
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(e.Dir(), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if text := read(t, path); strings.Contains(text, renewed.Token) || strings.Contains(text, string(bits)) {
			t.Errorf("%s holds a token", path)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A door may not claim a name that stands for a user, a policy or a plan.
func TestReservedNames(t *testing.T) {
	e, p := planned(t)
	d := on(t, p, "22763")
	for _, by := range []string{"user:ada", "policy:agent", "plan:P-1"} {
		_, err := e.Approve(t.Context(), d.ID, d.Fingerprint, by, "")
		refused(t, err, fault.Denied, "E-ACTOR-NAME")
		if _, err := e.Override(t.Context(), OverrideRequest{By: by}); !fault.Is(err, fault.Denied) {
			t.Errorf("an override by %s: %v", by, err)
		}
	}
}

// With users the history says who acted, whatever the door says.
func TestHistoryNamesUsers(t *testing.T) {
	e, p := planned(t)
	as := team(t, e, "bo:approver")
	d := on(t, p, "22763")
	v, err := e.Approve(as["bo"], d.ID, d.Fingerprint, "local:root", "good")
	if err != nil || v.State != decision.Approved || v.Approvals != nil {
		t.Fatalf("%+v, %v", v, err)
	}
	if _, err := e.Execute(as["ada"], []decision.ID{d.ID}, "local:root"); err != nil {
		t.Fatal(err)
	}
	x := explain(t, e, d.ID)
	var got []string
	for _, ev := range x.History {
		got = append(got, fmt.Sprint(ev.Verb, " ", ev.By, " ", ev.Fingerprint == d.Fingerprint))
	}
	if want := []string{"approve user:bo true", "execute user:ada false"}; !slices.Equal(got, want) {
		t.Errorf("history %v, want %v", got, want)
	}
	units := 10.0
	from := calendar.DayIn(e.Now(), time.UTC).AddDays(1)
	o, err := e.Override(as["bo"], OverrideRequest{SKU: "22797", Market: "GB", From: from, To: from, Units: &units, Reason: "fair", By: "local:root"})
	if err != nil || o.By != "user:bo" {
		t.Errorf("the override is by %+v, %v", o, err)
	}
}

// TestToken: a token alone acts for its user, as long as it is theirs; none acts for nobody,
// whoever was named before.
func TestToken(t *testing.T) {
	e := sample(t)
	ada, err := e.AddUser(t.Context(), "ada", RoleAdmin, ann)
	if err != nil {
		t.Fatal(err)
	}
	as := WithToken(t.Context(), " "+ada.Token+"\n")
	bo, err := e.AddUser(as, "bo", RoleViewer, ann)
	if err != nil || bo.User.AddedBy != "user:ada" {
		t.Fatalf("added %+v: %v", bo, err)
	}
	refused(t, e.May(WithToken(as, bo.Token), MayPlan), fault.Denied, "E-ROLE")
	refused(t, e.May(WithToken(as, "tw_wrong"), MayPlan), fault.Denied, "E-TOKEN")
	refused(t, e.May(WithToken(as, ""), MayPlan), fault.Denied, "E-ACTOR")
	if _, err := e.RenewToken(as, "ada", ann); err != nil {
		t.Fatal(err)
	}
	refused(t, e.May(as, MayPlan), fault.Denied, "E-TOKEN")
}

// Of many who add the first user at once one does; the others are asked who acts.
func TestFirstUsersAtOnce(t *testing.T) {
	e := sample(t)
	var all sync.WaitGroup
	var added atomic.Int64
	for i := range 8 {
		all.Go(func() {
			_, err := e.AddUser(context.Background(), fmt.Sprintf("ada%d", i), RoleAdmin, ann)
			if err == nil {
				added.Add(1)
			} else if !fault.Is(err, fault.Denied) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if users, err := e.Users(t.Context()); err != nil || len(users) != 1 || added.Load() != 1 {
		t.Errorf("%d were added, %d users, %v", added.Load(), len(users), err)
	}
}
