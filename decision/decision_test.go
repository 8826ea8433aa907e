package decision

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/law"
	"tradewind/messages"
	"tradewind/money"
)

// allowed is the state machine as the design draws it, written down a second time.
const allowed = `
	proposed endorse proposed
	proposed approve approved
	proposed reject rejected
	proposed expire expired
	proposed snooze proposed
	approved revoke proposed
	approved execute executed
	approved fail failed
	approved expire expired
	executed revoke rejected
	executed measure measured
	expired reopen proposed
`

func TestStateMachineIsExactlyItsTable(t *testing.T) {
	table := map[string]State{}
	for line := range strings.Lines(strings.TrimSpace(allowed)) {
		f := strings.Fields(line)
		table[f[0]+" "+f[1]] = State(f[2])
	}
	seen := 0
	for _, from := range States {
		for _, verb := range Verbs {
			got, err := Next(from, verb)
			want, ok := table[string(from)+" "+string(verb)]
			if ok {
				seen++
				if err != nil || got != want {
					t.Errorf("%s --%s--> %s, %v; want %s", from, verb, got, err, want)
				}
				continue
			}
			if got != from || !fault.Is(err, fault.Stale) || fault.Of(err).Code != "E-STATE" {
				t.Errorf("%s --%s--> %s, %v; want a refusal", from, verb, got, err)
			}
		}
	}
	if seen != len(table) {
		t.Errorf("%d steps are possible, want %d", seen, len(table))
	}
	if _, err := Next("no such state", Approve); !fault.Is(err, fault.Stale) {
		t.Errorf("from an unknown state: %v", err)
	}
	for _, s := range States {
		if !messages.Has("decision.state." + string(s)) {
			t.Errorf("state %s has no name", s)
		}
	}
}

// However people and clocks push, a decision is in one of its states, acts at most once,
// and only after an approval.
func TestRandomWalks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state, approved, executed := Proposed, 0, 0
		for _, verb := range rapid.SliceOfN(rapid.SampledFrom(Verbs), 0, 40).Draw(t, "verbs") {
			next, err := Next(state, verb)
			if err != nil {
				if next != state {
					t.Fatalf("a refused %s moved %s to %s", verb, state, next)
				}
				continue
			}
			if !slices.Contains(States, next) {
				t.Fatalf("%s --%s--> %q", state, verb, next)
			}
			if !state.Open() && !(state == Executed && (verb == Measure || verb == Revoke)) && !(state == Expired && verb == Reopen) {
				t.Fatalf("%s is at its end and moved to %s", state, next)
			}
			switch verb {
			case Reopen, Revoke:
				approved = 0 // an approval does not outlive its expiry, nor whoever takes it back
			case Approve:
				approved++
			case Execute:
				executed++
				if approved != 1 {
					t.Fatalf("executed after %d approvals", approved)
				}
			}
			state = next
		}
		if executed > 1 || approved > 1 {
			t.Fatalf("%d approvals, %d executions", approved, executed)
		}
	})
}

func TestOpen(t *testing.T) {
	for _, s := range States {
		if got, want := s.Open(), s == Proposed || s == Approved; got != want {
			t.Errorf("%s.Open() = %v", s, got)
		}
	}
}

// words draws what names are made of, awkward ones included.
func words() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[A-Z0-9-]{1,8}`), rapid.Just(""), rapid.SampledFrom([]string{"<script>", `"quoted"`, "日本", "a b", "é\u2028"}),
	)
}

func anyMoney() *rapid.Generator[money.Amount] {
	return rapid.Custom(func(t *rapid.T) money.Amount {
		return money.FromE4(rapid.Int64Range(-1e15, 1e15).Draw(t, "e4"), rapid.SampledFrom([]money.Currency{"GBP", "JPY", "KWD", ""}).Draw(t, "currency"))
	})
}

func anyAction() *rapid.Generator[Action] {
	return rapid.Custom(func(t *rapid.T) Action {
		sku := commerce.SKU(words().Draw(t, "sku"))
		market := commerce.Market(words().Draw(t, "market"))
		channel := commerce.Channel(words().Draw(t, "channel"))
		switch rapid.IntRange(0, 7).Draw(t, "kind") {
		case 0:
			return EnterMarket{Market: market, Channel: channel}
		case 1:
			return RegisterTax{Market: market, Scheme: words().Draw(t, "scheme"), Threshold: anyMoney().Draw(t, "threshold"), Crosses: calendar.FromOrdinal(rapid.Int32Range(0, 40000).Draw(t, "crosses"))}
		case 2:
			return LocalizeListing{Item: commerce.Item{SKU: sku, Market: market, Channel: channel}, Language: words().Draw(t, "language"), Findings: words().Draw(t, "findings")}
		case 6:
			return MoveStock{SKU: sku, From: commerce.Location(words().Draw(t, "from")), To: commerce.Location(words().Draw(t, "to")), Units: rapid.Int64().Draw(t, "units")}
		case 3:
			return Reorder{
				SKU: sku, Location: commerce.Location(words().Draw(t, "location")), Supplier: commerce.Supplier(words().Draw(t, "supplier")),
				Units: rapid.Int64().Draw(t, "units"), UnitCost: anyMoney().Draw(t, "cost"),
			}
		case 4:
			return StartExperiment{
				Item: commerce.Item{SKU: sku, Market: market, Channel: channel}, Name: words().Draw(t, "name"),
				Control: anyMoney().Draw(t, "control"), Test: anyMoney().Draw(t, "test"),
				From: calendar.FromOrdinal(rapid.Int32Range(0, 40000).Draw(t, "from")), Weeks: rapid.IntRange(-1, 52).Draw(t, "weeks"),
			}
		case 5:
			from := calendar.FromOrdinal(rapid.Int32Range(0, 40000).Draw(t, "from"))
			return RunPromotion{
				Item: commerce.Item{SKU: sku, Market: market, Channel: channel}, From: from, To: from.AddDays(rapid.IntRange(0, 60).Draw(t, "days")),
				Price: anyMoney().Draw(t, "price"), Was: anyMoney().Draw(t, "was"), Vehicle: rapid.SampledFrom(commerce.KnownVehicles).Draw(t, "vehicle"),
			}
		}
		return SetPrice{
			Item:  commerce.Item{SKU: sku, Market: market, Channel: channel},
			Price: anyMoney().Draw(t, "price"), Was: anyMoney().Draw(t, "was"),
		}
	})
}

func TestActionJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAction().Draw(t, "action")
		text, err := EncodeAction(a)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeAction(text)
		if err != nil || got != a {
			t.Fatalf("%s read as %#v, %v; want %#v", text, got, err, a)
		}
		if again, err := EncodeAction(got); err != nil || string(again) != string(text) {
			t.Fatalf("written again as %s, %v; first as %s", again, err, text)
		}
	})
	for _, bad := range []string{``, `{}`, `{"kind":"fly","fields":{}}`, `{"kind":"reorder"}`, `{"kind":"reorder","fields":{"units":"many"}}`} {
		if got, err := DecodeAction([]byte(bad)); err == nil {
			t.Errorf("%s read as %#v", bad, got)
		}
	}
}

// full returns a proposal in which every field says something.
func full() Proposal {
	gbp := func(n int64) money.Amount { return money.FromE4(n, "GBP") }
	estimate := Estimate{gbp(120_0000), gbp(-10_0000), gbp(110_0000), gbp(260_5000), 0.8, 28}
	name := messages.M("decision.kind.reorder", messages.A("n", int64(3)), messages.A("x", messages.Decimal{X: 1.5, Places: 1}))
	return Proposal{
		ID:     "D-00000000",
		Action: Reorder{"85123A", "UK-1", "Supplier 09", 96, gbp(1_4790)},
		Gain:   estimate, Cash: gbp(141_9840), Summary: name, Reasons: []messages.Message{name, name},
		Drivers:      []Driver{{name, gbp(100_0000)}, {name, gbp(20_0000)}},
		Alternatives: []Alternative{{name, estimate, gbp(141_9840), true}, {name, Estimate{}, gbp(0), false}},
		Flips:        []Flip{{"unit_cost", name, 1.479, 2.1, name}},
		Binding:      []Constraint{{name, gbp(2500)}},
		Inputs:       []Input{{"unit_cost", name, "1.4790", "costs.csv:7", calendar.FromOrdinal(15317), true}, {"demand", name, "3.2", "orders", calendar.FromOrdinal(15317), false}},
		Checks:       []Check{{name, Warn, "90", "120"}},
		Rules:        []law.Ref{{ID: "EE.vat.2025", Version: 1, Title: law.Text{En: "Standard VAT", Zh: "增值税"}, From: calendar.FromOrdinal(20270), To: new(calendar.FromOrdinal(20634)), Status: law.InForce, Evidence: law.Adviser, Source: "a law", URL: "https://example.org", VerifiedOn: calendar.FromOrdinal(20779)}},
		Caveats:      []messages.Message{name},
		Backtest:     name,
		Expires:      time.Date(2011, 12, 16, 12, 0, 0, 0, time.UTC),
		Run:          Run{"abc", "def", 7, "0.1.0", "tsb", "2011-12-09 0e6b92d66ea4b556", []ID{"D-11111111"}, []string{"O-1"}, "5d2f"},
		Exposure:     Exposure{new(.41), new(37.5)}, Author: "user:ada", Compensates: "D-22222222",
	}
}

func TestProposalJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := full()
		p.Action = anyAction().Draw(t, "action")
		p.Cash = anyMoney().Draw(t, "cash")
		if rapid.Bool().Draw(t, "bare") {
			p = Proposal{Action: p.Action}
		}
		if err := p.Sign(); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var got Proposal
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, got, cmp.Comparer(func(a, b money.Amount) bool { return a == b }), cmp.Comparer(func(a, b calendar.Day) bool { return a == b })); diff != "" {
			t.Fatalf("read back (-want +got):\n%s", diff)
		}
		if again, err := json.Marshal(got); err != nil || string(again) != string(text) {
			t.Fatalf("written again as %s, %v; first as %s", again, err, text)
		}
		seal := got.Fingerprint
		if err := got.Sign(); err != nil || got.Fingerprint != seal {
			t.Fatalf("the fingerprint changed on the way: %s, then %s, %v", seal, got.Fingerprint, err)
		}
	})
}

// Expiry is stored in UTC whatever zone it was made in.
func TestExpiryIsStoredInUTC(t *testing.T) {
	p := full()
	utc, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	p.Expires = p.Expires.In(time.FixedZone("CST", 8*3600))
	if there, err := json.Marshal(p); err != nil || string(there) != string(utc) {
		t.Errorf("stored as %s, %v; want %s", there, err, utc)
	}
}

// The ID of a decision stands in files and logs: a change here breaks them all.
func TestNewIDIsStable(t *testing.T) {
	subject := Subject{SKU: "85123A", Location: "UK-1"}
	if got, want := NewID(KindReorder, subject, "snapshot", "config", 1), ID("D-SSZR3CQH"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	seen := map[ID]string{}
	note := func(what string, id ID) {
		if other, twice := seen[id]; twice {
			t.Errorf("%s and %s have the ID %s", what, other, id)
		}
		if len(id) != 10 || !strings.HasPrefix(string(id), "D-") || strings.ContainsAny(string(id[2:]), "ILOU") {
			t.Errorf("%s: ID %q is not of the documented form", what, id)
		}
		seen[id] = what
	}
	note("the first", NewID(KindReorder, subject, "snapshot", "config", 1))
	note("another kind", NewID(KindSetPrice, subject, "snapshot", "config", 1))
	note("another SKU", NewID(KindReorder, Subject{SKU: "85123B", Location: "UK-1"}, "snapshot", "config", 1))
	note("another place", NewID(KindReorder, Subject{SKU: "85123A", Market: "UK-1"}, "snapshot", "config", 1))
	note("another snapshot", NewID(KindReorder, subject, "snapshot2", "config", 1))
	note("another config", NewID(KindReorder, subject, "snapshot", "config2", 1))
	note("another seed", NewID(KindReorder, subject, "snapshot", "config", 2))
	note("an order on its way", NewID(KindReorder, subject, "snapshot", "config", 1, "D-11111111"))
	note("another order on its way", NewID(KindReorder, subject, "snapshot", "config", 1, "D-22222222"))
	note("moved text", NewID(KindReorder, subject, "snapshotc", "onfig", 1))
}

func TestOpenKeyIsOneKindOnOneSubject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyAction().Draw(t, "a"), anyAction().Draw(t, "b")
		same := a.Kind() == b.Kind() && a.Subject() == b.Subject()
		if got := OpenKey(a) == OpenKey(b); got != same {
			t.Fatalf("keys of %#v and %#v are the same: %v, want %v", a, b, got, same)
		}
	})
}

// An approval is bound to what is done, what it is worth, what it rests on and what was
// checked; how that is told may change.
func TestSignIsBoundToWhatWasSeen(t *testing.T) {
	sign := func(p Proposal) string {
		if err := p.Sign(); err != nil {
			t.Fatal(err)
		}
		return p.Fingerprint
	}
	seal := sign(full())
	bound := []string{"Action", "Gain", "Cash", "Inputs", "Checks", "Rules"}
	fields := reflect.TypeFor[Proposal]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		changes := 0
		eachChange(reflect.ValueOf(full()).Field(i), name, func(path string, changed reflect.Value) {
			changes++
			p := full()
			reflect.ValueOf(&p).Elem().Field(i).Set(changed)
			if got, want := sign(p) != seal, slices.Contains(bound, name); got != want {
				t.Errorf("a change of %s changes the fingerprint: %v, want %v", path, got, want)
			}
		})
		if changes == 0 {
			t.Errorf("no change of %s was tried", name)
		}
	}
	if again := sign(full()); again != seal {
		t.Errorf("signed twice: %s, %s", seal, again)
	}
}

// eachChange calls f with copies of v in which one thing is another.
func eachChange(v reflect.Value, path string, f func(string, reflect.Value)) {
	other := reflect.New(v.Type()).Elem()
	switch x := v.Interface().(type) {
	case money.Amount:
		f(path+" amount", reflect.ValueOf(money.FromE4(x.E4()+1, x.Currency())))
		f(path+" currency", reflect.ValueOf(money.FromE4(x.E4(), "EUR")))
		return
	case calendar.Day:
		f(path, reflect.ValueOf(x.AddDays(1)))
		return
	case time.Time:
		f(path, reflect.ValueOf(x.Add(time.Second)))
		return
	case messages.Message:
		f(path, reflect.ValueOf(messages.M(x.Code+"x", x.Args...)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		other.SetString(v.String() + "x")
		f(path, other)
	case reflect.Bool:
		other.SetBool(!v.Bool())
		f(path, other)
	case reflect.Int, reflect.Int64:
		other.SetInt(v.Int() + 1)
		f(path, other)
	case reflect.Uint64:
		other.SetUint(v.Uint() + 1)
		f(path, other)
	case reflect.Float64:
		other.SetFloat(v.Float() + 0.125)
		f(path, other)
	case reflect.Pointer:
		f(path+" left out", reflect.Zero(v.Type()))
	case reflect.Interface:
		eachChange(v.Elem(), path, f)
	case reflect.Struct:
		for i := range v.NumField() {
			eachChange(v.Field(i), path+"."+v.Type().Field(i).Name, func(path string, changed reflect.Value) {
				copied := reflect.New(v.Type()).Elem()
				copied.Set(v)
				copied.Field(i).Set(changed)
				f(path, copied)
			})
		}
	case reflect.Slice:
		f(path+" one less", v.Slice(0, v.Len()-1))
		for i := range v.Len() {
			eachChange(v.Index(i), fmt.Sprintf("%s[%d]", path, i), func(path string, changed reflect.Value) {
				copied := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
				reflect.Copy(copied, v)
				copied.Index(i).Set(changed)
				f(path, copied)
			})
		}
	default:
		panic("no change is known for " + v.Type().String())
	}
}

func TestAssumedAndBlocked(t *testing.T) {
	p := full()
	if got, want := p.Assumed(), []string{"unit_cost"}; !slices.Equal(got, want) {
		t.Errorf("assumed %q, want %q", got, want)
	}
	if p.Blocked() {
		t.Error("a warning blocks")
	}
	p.Checks = append(p.Checks, Check{Outcome: Block})
	if !p.Blocked() {
		t.Error("a block does not block")
	}
	if got := (&Proposal{}).Assumed(); got == nil || len(got) != 0 {
		t.Errorf("nothing assumed is %#v, want an empty list", got)
	}
}

func TestSubject(t *testing.T) {
	for want, s := range map[string]Subject{
		"":                  {},
		"85123A · UK-1":     {SKU: "85123A", Location: "UK-1"},
		"85123A · DE · web": {SKU: "85123A", Market: "DE", Channel: "web"},
	} {
		if got := s.String(); got != want {
			t.Errorf("%#v is shown as %q, want %q", s, got, want)
		}
	}
	if got, want := (SetPrice{Item: commerce.Item{SKU: "A", Market: "DE", Channel: "web"}}).Subject(), (Subject{SKU: "A", Market: "DE", Channel: "web"}); got != want {
		t.Errorf("subject %#v, want %#v", got, want)
	}
	for _, k := range []Kind{KindReorder, KindSetPrice} {
		for _, lang := range messages.Languages {
			if strings.Contains(k.Name().In(lang), "[") {
				t.Errorf("%s has no name in %s", k, lang)
			}
		}
	}
}

// Two policies may have a mandate each; of one policy there is one.
func TestOpenKeyOfMandates(t *testing.T) {
	a, b := GrantMandate{Policy: "agent", MaxStep: .1}, GrantMandate{Policy: "agent", MaxStep: .2}
	if OpenKey(a) != OpenKey(b) {
		t.Error("two mandates of one policy may stand open side by side")
	}
	b.Policy = "rules"
	if OpenKey(a) == OpenKey(b) {
		t.Error("mandates of two policies exclude each other")
	}
}

func TestEndorsersOfWhatIsNow(t *testing.T) {
	d := Decision{Proposal: Proposal{Fingerprint: "new"}}
	for _, step := range []struct {
		e    Event
		want []string
	}{
		{Event{Verb: Endorse, By: "user:ada", Fingerprint: "old"}, nil},
		{Event{Verb: Endorse, By: "user:bo", Fingerprint: "new"}, []string{"user:bo"}},
		{Event{Verb: Endorse, By: "user:bo", Fingerprint: "new"}, []string{"user:bo"}},
		{Event{Verb: Snooze, By: "user:cy"}, []string{"user:bo"}},
		{Event{Verb: Endorse, By: "user:ada", Fingerprint: "new"}, []string{"user:bo", "user:ada"}},
		{Event{Verb: Approve, By: "user:cy", Fingerprint: "new"}, []string{"user:bo", "user:ada"}},
		{Event{Verb: Revoke, By: "user:cy"}, nil},
		{Event{Verb: Endorse, By: "user:ada", Fingerprint: "new"}, []string{"user:ada"}},
		{Event{Verb: Expire, By: "clock"}, nil},
	} {
		d.History = append(d.History, step.e)
		if got := d.Endorsers(); !slices.Equal(got, step.want) {
			t.Errorf("after %s by %s: %v, want %v", step.e.Verb, step.e.By, got, step.want)
		}
	}
}

func TestApprovalOfNow(t *testing.T) {
	d := Decision{History: []Event{{Verb: Snooze, By: "a"}, {Verb: Approve, By: "b"}, {Verb: Execute, By: "c"}}}
	if e, ok := d.Approval(); !ok || e.By != "b" {
		t.Errorf("approved by %q, %v", e.By, ok)
	}
	d.History = append(d.History[:2], Event{Verb: Revoke, By: "d"})
	if e, ok := d.Approval(); ok {
		t.Errorf("revoked, and approved by %q", e.By)
	}
	for by, want := range map[string]string{ByPolicy("agent"): "agent", "user:ada": "", "policy": ""} {
		if name, ok := (Event{By: by}).Policy(); ok != (want != "") || ok && name != want {
			t.Errorf("%q is of policy %q, %v", by, name, ok)
		}
	}
}
