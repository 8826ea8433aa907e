package automation

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

func gbp(whole int64) money.Amount { return money.FromE4(whole*10_000, "GBP") }

var (
	today = calendar.FromOrdinal(15_317) // 2011-12-09
	noon  = time.Date(2011, 12, 9, 12, 0, 0, 0, time.UTC)
)

func mustRead(t testing.TB, set map[Name]string) Limits {
	t.Helper()
	l, err := ReadLimits(set, "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// mandate is in force and lets small orders and prices through.
func mandate(id decision.ID, change ...func(*Mandate)) Mandate {
	m := Mandate{ID: id, Level: Act, GrantMandate: decision.GrantMandate{
		Policy: "agent", Kinds: []decision.Kind{decision.KindReorder, decision.KindSetPrice}, MaxCash: gbp(100), DayCash: gbp(200), MaxStep: .05, Until: today.AddDays(7),
	}}
	for _, f := range change {
		f(&m)
	}
	return m
}

// order is an order that every default lets through.
func order(id decision.ID, cash int64) Candidate {
	return Candidate{ID: id, Kind: decision.KindReorder, Fingerprint: "f" + string(id), Cash: gbp(cash), Worst: gbp(1),
		Exposure: decision.Exposure{Margin: new(.3), Cover: new(40.0)}, Expires: noon.Add(time.Hour)}
}

func price(id decision.ID, step float64) Candidate {
	return Candidate{ID: id, Kind: decision.KindSetPrice, Fingerprint: "f" + string(id), Cash: gbp(0), Worst: gbp(1), Step: &step,
		Exposure: decision.Exposure{Margin: new(.3)}, Expires: noon.Add(time.Hour)}
}

func situation(t testing.TB, candidates ...Candidate) Situation {
	return Situation{At: noon, Day: today, Currency: "GBP", Limits: mustRead(t, nil), Mandates: []Mandate{mandate("D-M")}, Candidates: candidates}
}

func approved(s *Situation) []decision.ID {
	ids := []decision.ID{}
	for _, e := range s.Approve() {
		ids = append(ids, e.Decision)
	}
	return ids
}

func TestApprove(t *testing.T) {
	s := situation(t, order("D-2", 90), order("D-1", 60), price("D-3", .04))
	want := []decision.Event{
		{Decision: "D-3", Verb: decision.Approve, From: decision.Proposed, To: decision.Approved, By: "policy:agent", At: noon, Fingerprint: "fD-3", Mandate: "D-M", Propensity: 1},
		{Decision: "D-1", Verb: decision.Approve, From: decision.Proposed, To: decision.Approved, By: "policy:agent", At: noon, Fingerprint: "fD-1", Mandate: "D-M", Propensity: 1},
		{Decision: "D-2", Verb: decision.Approve, From: decision.Proposed, To: decision.Approved, By: "policy:agent", At: noon, Fingerprint: "fD-2", Mandate: "D-M", Propensity: 1},
	}
	if diff := cmp.Diff(want, s.Approve()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// Each way in which an approval is denied, one at a time, with the reason that people are
// told.
func TestApproveDenies(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Situation)
		why    Name // "" where the candidate is not even judged, or all is paused
	}{
		"paused":                           {func(s *Situation) { s.Paused = true }, ""},
		"no mandate":                       {func(s *Situation) { s.Mandates = nil }, NoMandate},
		"the mandate is over":              {func(s *Situation) { s.Mandates[0].Until = today.AddDays(-1) }, MandateUntil},
		"a mandate without an end":         {func(s *Situation) { s.Mandates[0].Until = calendar.Day{} }, MandateUntil},
		"a mandate that never ends":        {func(s *Situation) { s.Mandates[0].Until = today.AddDays(LongestMandate + 1) }, MandateBroken},
		"a mandate without a limit":        {func(s *Situation) { s.Mandates[0].MaxCash = gbp(0) }, MandateBroken},
		"a mandate without a day's limit":  {func(s *Situation) { s.Mandates[0].DayCash = money.Amount{} }, MandateBroken},
		"a mandate in other money":         {func(s *Situation) { s.Mandates[0].DayCash = money.FromE4(2_000_000, "EUR") }, MandateBroken},
		"a policy that advises":            {func(s *Situation) { s.Mandates[0].Level = Advise }, MandateLevel},
		"a policy that proposes":           {func(s *Situation) { s.Mandates[0].Level = Propose }, MandateLevel},
		"a policy without a level":         {func(s *Situation) { s.Mandates[0].Level = "" }, MandateLevel},
		"another kind in the mandate":      {func(s *Situation) { s.Mandates[0].Kinds = []decision.Kind{decision.KindSetPrice} }, NoMandate},
		"more cash than the mandate":       {func(s *Situation) { s.Candidates[0].Cash = gbp(101) }, MandateCash},
		"the mandate's day is used":        {func(s *Situation) { s.Used.Mandates = map[decision.ID]int64{"D-M": gbp(191).E4()} }, MandateDayCash},
		"another kind in the guardrail":    {func(s *Situation) { s.Limits.Kinds = []decision.Kind{decision.KindSetPrice} }, Kinds},
		"more cash than the guardrail":     {func(s *Situation) { s.Limits.DecisionCash = new(gbp(9)) }, DecisionCash},
		"the guardrail's day is used":      {func(s *Situation) { s.Limits.DayCash, s.Used.Cash = new(gbp(50)), gbp(41).E4() }, DayCash},
		"a stake that two people decide":   {func(s *Situation) { s.Limits.TwoPeople = new(gbp(9)) }, TwoPeople},
		"a margin below the least":         {func(s *Situation) { s.Candidates[0].Exposure.Margin = new(-.01) }, Margin},
		"a margin that is not known":       {func(s *Situation) { s.Candidates[0].Exposure.Margin = nil }, Margin},
		"a margin that is no number":       {func(s *Situation) { s.Candidates[0].Exposure.Margin = new(math.NaN()) }, Margin},
		"stock for too long":               {func(s *Situation) { s.Candidates[0].Exposure.Cover = new(90.5) }, CoverDays},
		"stock for nobody knows how long":  {func(s *Situation) { s.Candidates[0].Exposure.Cover = nil }, CoverDays},
		"an assumed input":                 {func(s *Situation) { s.Candidates[0].Assumed = 1 }, AssumedInputs},
		"a loss at the 10 % quantile":      {func(s *Situation) { s.Candidates[0].Worst = money.FromE4(-1, "GBP") }, Loss},
		"a price step that is not known":   {func(s *Situation) { s.Candidates[0] = price("D-1", 0); s.Candidates[0].Step = nil }, PriceStep},
		"a price step above the guardrail": {func(s *Situation) { s.Candidates[0] = price("D-1", .11) }, PriceStep},
		"a price step above the mandate":   {func(s *Situation) { s.Candidates[0] = price("D-1", .051) }, MandateStep},
		"price changes are used up":        {func(s *Situation) { s.Candidates[0] = price("D-1", .01); s.Used.PriceChanges = 20 }, PriceChanges},
		"expired":                          {func(s *Situation) { s.Candidates[0].Expires = s.At }, ""},
		"a kind that stays with people":    {func(s *Situation) { s.Candidates[0].Kind = decision.KindEnterMarket }, ""},
		"money that is not the workspace's": {func(s *Situation) {
			s.Candidates[0].Cash, s.Candidates[0].Worst = money.FromE4(1, "EUR"), money.FromE4(1, "EUR")
		}, ""},
	} {
		s := situation(t, order("D-1", 10))
		if got := approved(&s); len(got) != 1 {
			t.Fatalf("before anything is changed: %v", got)
		}
		test.change(&s)
		if got := approved(&s); len(got) != 0 {
			t.Errorf("%s: approved %v", name, got)
		}
		var reasons []Name
		for _, j := range s.Judge() {
			for _, v := range j.Against {
				reasons = append(reasons, v.Name)
				for _, lang := range messages.Languages {
					if text := v.Message().In(lang); strings.Contains(text, "{") || strings.Contains(text, "[") {
						t.Errorf("%s: said as %q", name, text)
					}
				}
			}
		}
		if test.why != "" && !slices.Contains(reasons, test.why) || test.why == "" && len(reasons) > 0 {
			t.Errorf("%s: denied for %v, want %q", name, reasons, test.why)
		}
	}
}

// A law's block, a person's own proposal and kinds that stay with people are no candidates,
// whatever the limits.
func TestCandidateOf(t *testing.T) {
	p := decision.Proposal{ID: "D-1", Action: decision.SetPrice{Item: commerce.Item{SKU: "A"}, Was: gbp(20), Price: gbp(21)}, Cash: gbp(0),
		Gain: decision.Estimate{P10: gbp(-3)}, Inputs: []decision.Input{{Key: "a", Assumed: true}}, Fingerprint: "f", Expires: noon}
	got, ok := CandidateOf(&p)
	want := Candidate{ID: "D-1", Kind: decision.KindSetPrice, Fingerprint: "f", Cash: gbp(0), Worst: gbp(-3), Step: new(.05), Assumed: 1, Expires: noon}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b money.Amount) bool { return a == b })); !ok || diff != "" {
		t.Errorf("candidate %v (-want +got):\n%s", ok, diff)
	}
	if stake := got.Stake(); stake != gbp(3) {
		t.Errorf("at stake are %s, want what may be lost", stake)
	}
	for name, change := range map[string]func(*decision.Proposal){
		"blocked by law": func(p *decision.Proposal) { p.Checks = []decision.Check{{Outcome: decision.Block}} },
		"by a person":    func(p *decision.Proposal) { p.Author = "user:ada" },
		"a mandate":      func(p *decision.Proposal) { p.Action = decision.GrantMandate{Policy: "agent"} },
		"an entry":       func(p *decision.Proposal) { p.Action = decision.EnterMarket{Market: "DE"} },
		"a registration": func(p *decision.Proposal) { p.Action = decision.RegisterTax{Market: "DE"} },
	} {
		q := p
		change(&q)
		if _, ok := CandidateOf(&q); ok {
			t.Errorf("%s is a candidate", name)
		}
	}
	for name, test := range map[string]struct {
		a    decision.Action
		want *float64
	}{
		"lowered":              {decision.SetPrice{Was: gbp(20), Price: gbp(15)}, new(.25)},
		"rounded up":           {decision.SetPrice{Was: gbp(3), Price: gbp(4)}, new(.333334)},
		"a test":               {decision.StartExperiment{Control: gbp(10), Test: gbp(11)}, new(.1)},
		"an offer":             {decision.RunPromotion{Was: gbp(10), Price: gbp(8)}, new(.2)},
		"nothing before":       {decision.SetPrice{Price: gbp(15)}, nil},
		"in two currencies":    {decision.SetPrice{Was: money.FromE4(1, "EUR"), Price: gbp(15)}, nil},
		"an order has no step": {decision.Reorder{}, nil},
	} {
		if got := stepOf(test.a); !cmp.Equal(got, test.want) {
			t.Errorf("%s: step %v, want %v", name, got, test.want)
		}
	}
}

func TestCheckMandate(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*decision.GrantMandate)
		code   string
	}{
		"as it should be":        {func(*decision.GrantMandate) {}, ""},
		"its last day is today":  {func(g *decision.GrantMandate) { g.Until = today }, ""},
		"orders need no step":    {func(g *decision.GrantMandate) { g.Kinds, g.MaxStep = g.Kinds[:1], 0 }, ""},
		"without a policy":       {func(g *decision.GrantMandate) { g.Policy = "" }, "E-MANDATE-POLICY"},
		"a policy with blanks":   {func(g *decision.GrantMandate) { g.Policy = "my agent" }, "E-MANDATE-POLICY"},
		"without kinds":          {func(g *decision.GrantMandate) { g.Kinds = nil }, "E-MANDATE-KINDS"},
		"for mandates":           {func(g *decision.GrantMandate) { g.Kinds = []decision.Kind{decision.KindGrantMandate} }, "E-MANDATE-KIND"},
		"without a limit":        {func(g *decision.GrantMandate) { g.MaxCash = money.Amount{} }, "E-MANDATE-LIMIT"},
		"with a limit below 0":   {func(g *decision.GrantMandate) { g.MaxCash = gbp(-1) }, "E-MANDATE-LIMIT"},
		"without a day's limit":  {func(g *decision.GrantMandate) { g.DayCash = gbp(0) }, "E-MANDATE-LIMIT"},
		"in another currency":    {func(g *decision.GrantMandate) { g.DayCash = money.FromE4(1, "EUR") }, "E-MANDATE-LIMIT"},
		"prices without a step":  {func(g *decision.GrantMandate) { g.MaxStep = 0 }, "E-MANDATE-LIMIT"},
		"a step of any size":     {func(g *decision.GrantMandate) { g.MaxStep = math.Inf(1) }, "E-MANDATE-LIMIT"},
		"a step that is no step": {func(g *decision.GrantMandate) { g.MaxStep = math.NaN() }, "E-MANDATE-LIMIT"},
		"without an end":         {func(g *decision.GrantMandate) { g.Until = calendar.Day{} }, "E-MANDATE-END"},
		"ended yesterday":        {func(g *decision.GrantMandate) { g.Until = today.AddDays(-1) }, "E-MANDATE-END"},
		"ends in a century":      {func(g *decision.GrantMandate) { g.Until = today.AddDays(36_525) }, "E-MANDATE-END"},
	} {
		g := mandate("D-M").GrantMandate
		g.Kinds = slices.Clone(g.Kinds)
		test.change(&g)
		err := CheckMandate(g, "GBP", today)
		switch f := fault.Of(err); {
		case test.code == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.code != "" && (f == nil || f.Code != test.code || f.Kind != fault.Invalid):
			t.Errorf("%s: got %v, want %s", name, err, test.code)
		}
	}
}

func TestStake(t *testing.T) {
	g := mandate("D-M").GrantMandate
	if got, want := Stake(g, today), gbp(8*200); got != want { // today and seven days more
		t.Errorf("at stake are %s, want %s", got, want)
	}
	if got := Stake(g, g.Until.AddDays(1)); !got.IsZero() {
		t.Errorf("a mandate that is over puts %s at stake", got)
	}
	g.DayCash = money.FromE4(math.MaxInt64/2, "GBP")
	if got := Stake(g, today); got.E4() != math.MaxInt64 {
		t.Errorf("what cannot be counted is %s", got)
	}
}

// Every guardrail reads its default and writes it again as it reads it; what is not of its
// form is refused.
func TestGuardrailsReadWhatTheyWrite(t *testing.T) {
	limits := mustRead(t, nil)
	for _, g := range Guardrails {
		if got := limits.Text(g); got != g.Default && !(g.Unit == Money && g.Default == "0" && got == "0.00") {
			t.Errorf("the default of %s, %q, is written as %q", g.Name, g.Default, got)
		}
		for _, m := range []messages.Message{g.Meaning(), g.Form()} {
			if !messages.Has(m.Code) {
				t.Errorf("%s has no text %s", g.Name, m.Code)
			}
		}
		for _, bad := range []string{"x", "-2", "1e99", "NaN", "1,5", "grant_mandate"} {
			if err := limits.Set(g, bad, "GBP"); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s = %q: %v", g.Name, bad, err)
			}
		}
	}
	set := map[Name]string{DecisionCash: "12.30", DayCash: " 100 ", PriceStep: "0.025", Margin: "-0.1", PriceChanges: "3", CoverDays: "45.5", AssumedInputs: "2", Loss: "7", Kinds: "set_price,reorder  set_price"}
	limits = mustRead(t, set)
	want := Limits{DecisionCash: new(money.FromE4(123_000, "GBP")), DayCash: new(gbp(100)), PriceStep: .025, Margin: -.1, PriceChanges: 3, CoverDays: 45.5, Assumed: 2,
		Loss: new(gbp(7)), Kinds: []decision.Kind{decision.KindSetPrice, decision.KindReorder}}
	if diff := cmp.Diff(want, limits, cmp.Comparer(func(a, b money.Amount) bool { return a == b })); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
	again := map[Name]string{}
	for _, g := range Guardrails {
		again[g.Name] = limits.Text(g)
	}
	if diff := cmp.Diff(limits, mustRead(t, again), cmp.Comparer(func(a, b money.Amount) bool { return a == b })); diff != "" {
		t.Errorf("written and read again (-want +got):\n%s", diff)
	}
	if _, err := ReadLimits(map[Name]string{"speed": "1"}, "GBP"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown guardrail: %v", err)
	}
}

// A run is repeated from its record: the same bytes in, the same bytes out.
func TestReplayIsBitIdentical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySituation().Draw(t, "situation")
		first, err := json.Marshal(s.Approve())
		if err != nil {
			t.Fatal(err)
		}
		record, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var read Situation
		if err := json.Unmarshal(record, &read); err != nil {
			t.Fatal(err)
		}
		if again, err := json.Marshal(read); err != nil || string(again) != string(record) {
			t.Fatalf("written again as\n%s\nfirst as\n%s\n%v", again, record, err)
		}
		if again, err := json.Marshal(read.Approve()); err != nil || string(again) != string(first) {
			t.Fatalf("approved again\n%s\nfirst\n%s\n%v", again, first, err)
		}
		// Nor does it depend on the order in which proposals and mandates were read.
		slices.Reverse(read.Candidates)
		if again, err := json.Marshal(read.Approve()); err != nil || string(again) != string(first) {
			t.Fatalf("in another order\n%s\nfirst\n%s\n%v", again, first, err)
		}
	})
}

// What people read is short, unless rounding would put it on the other side of its limit.
func TestMeasuresAreShort(t *testing.T) {
	for _, x := range []struct {
		value, limit float64
		digits       int
		want         string
	}{
		{100.24999877, 90, dayDigits, "100.2"}, {90.00001, 90, dayDigits, "90.00001"}, {90, 90, dayDigits, "90"}, {89.99, 90, dayDigits, "89.99"},
		{.083333333333, .1, shareDigits, "0.0833"}, {-.00000001, .1, shareDigits, "0"}, {-.00000001, 0, shareDigits, "-1e-08"},
	} {
		if got, exact := measured(&x.value, x.limit, x.digits); got != x.want || exact != x.value {
			t.Errorf("%v beside %v: got %q, %v, want %q", x.value, x.limit, got, exact, x.want)
		}
	}
}

// TestVerdictsInWords: people read the names of kinds and levels, never their codes.
func TestVerdictsInWords(t *testing.T) {
	moved := order("D-1", 10)
	moved.Kind = decision.KindMoveStock
	s := situation(t, moved)
	open := s
	open.Limits = mustRead(t, map[Name]string{Kinds: "move_stock"})
	nobody := open.Judge()[0].Against
	s.Mandates = []Mandate{mandate("D-M", func(m *Mandate) { m.Kinds = append(m.Kinds, decision.KindMoveStock); m.Level = Propose })}
	against, _ := new(mandate("D-M")).test(&moved, &s, 0)
	limited, _ := s.Mandates[0].test(&moved, &s, 0)
	for _, x := range []struct {
		name     Name
		from     []Verdict
		en, zh   string
		unworded []string
	}{
		{Kinds, Test(moved, s.Limits, Used{}), "Policies may take: Reorder, Set price; this is Move stock.", "策略可作出：补货、定价；本决策为 调拨库存。", []string{"move_stock", "set_price"}},
		{NoMandate, nobody, "“Move stock”", "“调拨库存”", []string{"move_stock"}},
		{MandateKinds, against, "The mandate is for Reorder, Set price; this is Move stock.", "补货、定价", []string{"move_stock", "set_price"}},
		{MandateLevel, limited, "“proposes”", "“提议”", []string{"propose”"}},
	} {
		i := slices.IndexFunc(x.from, func(v Verdict) bool { return v.Name == x.name })
		if i < 0 {
			t.Errorf("no verdict %s in %+v", x.name, x.from)
			continue
		}
		en, zh := x.from[i].Message().In(messages.English), x.from[i].Message().In(messages.Chinese)
		if !strings.Contains(en, x.en) || !strings.Contains(zh, x.zh) || slices.ContainsFunc(x.unworded, func(code string) bool { return strings.Contains(en+zh, code) }) {
			t.Errorf("%s: %q, %q; want %q, %q", x.name, en, zh, x.en, x.zh)
		}
	}
}
