package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tradewind"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
)

const pageLength = 50

// boxes are the tabs of the decisions: proposed ones are in the inbox or asleep, the
// others by state.
var boxes = []string{"inbox", "snoozed", "approved", "executed", "rejected", "expired", "failed", "measured"}

var sorts = []string{"gain", "-gain", "cash", "-cash", "expires", "-expires"}

// inboxFilter is what the address of the page selects.
type inboxFilter struct {
	Box    string
	Kind   decision.Kind
	SKU    string
	Market string
	Sort   string
	Page   int
	All    bool // every row ticked
}

func readInboxFilter(q url.Values) (inboxFilter, error) {
	f := inboxFilter{
		Box: cmp.Or(q.Get("state"), "inbox"), Kind: decision.Kind(q.Get("kind")), SKU: strings.TrimSpace(q.Get("sku")),
		Market: strings.ToUpper(strings.TrimSpace(q.Get("market"))), Sort: cmp.Or(q.Get("sort"), "gain"), All: q.Get("select") == "all",
	}
	page, err := strconv.Atoi(cmp.Or(q.Get("page"), "1"))
	switch {
	case !slices.Contains(boxes, f.Box):
		return f, wrongParameter("state", f.Box)
	case f.Kind != "" && !slices.Contains(decision.Kinds, f.Kind):
		return f, wrongParameter("kind", string(f.Kind))
	case !slices.Contains(sorts, f.Sort):
		return f, wrongParameter("sort", f.Sort)
	case err != nil || page < 1 || page > mostDecisions:
		return f, wrongParameter("page", q.Get("page"))
	}
	f.Page = page
	return f, nil
}

func wrongParameter(name, value string) error {
	return fault.New(fault.Usage, "E-CONSOLE-PARAMETER", fault.A("name", name), fault.A("value", value))
}

// inbox is a page of decisions.
type inbox struct {
	Now     time.Time
	Filter  inboxFilter
	Boxes   []string
	Kinds   []decision.Kind
	Sorts   []string
	Rows    []tradewind.DecisionView
	Sum     summary // of all that the filter selects
	From    int
	To      int
	Prev    string
	Next    string
	Here    string
	CSV     string
	Decides bool   // the rows can be approved
	Planned bool   // a plan has been made
	Barrier string // why whoever looks may not approve; "" where they may
}

func (c *Console) inboxPage(r *http.Request) (*view, error) {
	f, err := readInboxFilter(r.URL.Query())
	if err != nil {
		return nil, err
	}
	all, err := c.decisions(r, f)
	if err != nil {
		return nil, err
	}
	p := inbox{Now: c.engine.Now(), Filter: f, Boxes: boxes, Kinds: decision.Kinds, Sorts: sorts, Here: here(r),
		Decides: f.Box == "inbox" || f.Box == "snoozed", Planned: true}
	may, err := c.barriers(r, tradewind.MayApprove)
	if err != nil {
		return nil, err
	}
	p.Barrier = may[string(tradewind.MayApprove)]
	p.CSV = with("/decisions.csv?"+r.URL.RawQuery, "page", "", "select", "", "did", "", "n", "")
	if p.Sum, err = summarize(p.Now, all); err != nil {
		return nil, err
	}
	p.cut(all)
	if len(all) == 0 {
		plan, err := c.latestPlan(r)
		if err != nil {
			return nil, err
		}
		p.Planned = plan != nil
	}
	return &view{page: "inbox", title: c.say(r, "console.decisions.title"), section: "decisions", data: p}, nil
}

// cut keeps the rows of the page and says where its neighbours are.
func (p *inbox) cut(all []tradewind.DecisionView) {
	page := p.Filter.Page
	first := min((page-1)*pageLength, len(all))
	p.Rows = all[first:min(first+pageLength, len(all))]
	p.From, p.To = first+min(1, len(p.Rows)), first+len(p.Rows)
	if page > 1 {
		p.Prev = with(p.Here, "page", strconv.Itoa(page-1))
	}
	if p.To < len(all) {
		p.Next = with(p.Here, "page", strconv.Itoa(page+1))
	}
}

// decisions returns all that a filter selects, sorted.
func (c *Console) decisions(r *http.Request, f inboxFilter) ([]tradewind.DecisionView, error) {
	state := decision.State(f.Box)
	if f.Box == "inbox" || f.Box == "snoozed" {
		state = decision.Proposed
	}
	query := tradewind.DecisionFilter{State: state, Kind: f.Kind, SKU: commerce.SKU(f.SKU), Market: commerce.Market(f.Market), Sort: f.Sort, Limit: mostDecisions}
	var all []tradewind.DecisionView
	var err error
	if (query == tradewind.DecisionFilter{State: decision.Proposed, Sort: "gain", Limit: mostDecisions}) {
		_, all, err = c.look(r.Context())
	} else {
		all, err = c.engine.Decisions(r.Context(), query)
	}
	if err != nil {
		return nil, err
	}
	switch waiting, snoozed := c.awake(all); f.Box {
	case "inbox":
		return waiting, nil
	case "snoozed":
		return snoozed, nil
	}
	return all, nil
}

func (c *Console) inboxCSV(r *http.Request) (*view, error) {
	f, err := readInboxFilter(r.URL.Query())
	if err != nil {
		return nil, err
	}
	all, err := c.decisions(r, f)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: "decisions-" + f.Box, columns: []string{"id", "kind", "state", "sku", "product", "market", "channel", "location",
		"gain_mean", "gain_p10", "gain_p90", "gain_currency", "cash", "cash_currency", "expires", "snoozed_until", "summary", "assumed", "blocked", "fingerprint"}}
	lang := c.languageOf(r)
	for _, d := range all {
		snoozed := plainCell("")
		if d.Snoozed != nil {
			snoozed = timeCell(*d.Snoozed)
		}
		s.add(textCell(d.ID), textCell(d.Kind), textCell(d.State), textCell(d.Subject.SKU), textCell(d.Product), textCell(d.Subject.Market),
			textCell(d.Subject.Channel), textCell(d.Subject.Location), amountCell(d.Gain.Mean), amountCell(d.Gain.P10), amountCell(d.Gain.P90),
			currencyCell(d.Gain.Mean), amountCell(d.Cash), currencyCell(d.Cash), timeCell(d.Expires),
			snoozed, textCell(d.Summary.In(lang)), textCell(strings.Join(d.Assumed, " ")), boolCell(d.Blocked), textCell(d.Fingerprint))
	}
	return &view{sheet: s}, nil
}
