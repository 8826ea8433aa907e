// Package console is the web console: the decisions of a workspace, why each is
// proposed, and the facts that they rest on, as pages that a browser shows without
// JavaScript. Approving, rejecting and snoozing are forms; every list is also a CSV.
//
// It is a door: it asks the engine, renders what it answers, and holds nothing of its
// own but sessions. It is not an HTTP interface for programs. Before it comes package
// tradewind; after it cmd/tradewind, which listens and prints the link to log in.
package console

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"tradewind"
	"tradewind/fault"
	"tradewind/messages"
)

// Options is what a console needs to know. Engine, Actor and Addr must be set.
type Options struct {
	Engine   *tradewind.Engine
	Actor    string            // who decides here, for the history: "local:" and the user of the system
	Addr     string            // host:port under which browsers reach the console; other Host headers are refused
	Language messages.Language // where a browser asks for none that there is; "" is English
	Demo     bool              // say on every page that costs and stock are assumed
	Token    string            // one-time token of the first link; "" makes none: see NewLink
	Now      func() time.Time  // clock of sessions and links; nil is time.Now. Decisions follow the engine's clock.
}

// Console serves the pages. It is an http.Handler and safe for concurrent use.
type Console struct {
	engine   *tradewind.Engine
	options  Options
	hosts    map[string]bool
	gate     *gate
	handler  http.Handler
	pages    map[messages.Language]*pages
	language messages.Language
	glance   glance
}

// New returns a console. An Addr that is no host:port is fault.Usage.
func New(o Options) (*Console, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	hosts, err := hostsOf(o.Addr)
	if err != nil {
		return nil, err
	}
	c := &Console{engine: o.Engine, options: o, hosts: hosts, gate: newGate(o.Now), pages: map[messages.Language]*pages{}, language: messages.English}
	if o.Language != "" {
		c.language = o.Language
	}
	for _, lang := range append([]messages.Language{messages.Pseudo}, messages.Languages...) {
		c.pages[lang] = parsePages(lang)
	}
	if o.Token != "" {
		c.gate.admit(o.Token)
	}
	c.handler = c.guarded(c.routes())
	return c, nil
}

// ServeHTTP answers one request.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.handler.ServeHTTP(w, r) }

// NewLink returns a link that logs in once, within ten minutes.
func (c *Console) NewLink() string {
	token := NewToken()
	c.gate.admit(token)
	return "http://" + c.options.Addr + "/login?t=" + token
}

// routes is every page and every verb. Only what goes through open is served without a
// session.
func (c *Console) routes() http.Handler {
	mux := http.NewServeMux()
	open := func(pattern string, load loader) { mux.Handle(pattern, c.greeted(c.page(load))) }
	page := func(pattern string, load loader) { mux.Handle(pattern, c.withSession(c.page(load))) }

	mux.HandleFunc("GET /static/{file}", serveAsset)
	open("GET /login", c.loginPage)
	open("POST /login", c.login)
	open("/", c.noSuchPage)
	page("POST /logout", c.logout)

	page("GET /{$}", c.overviewPage)
	page("GET /decisions", c.inboxPage)
	page("GET /decisions.csv", c.inboxCSV)
	page("GET /decisions/approve", c.bulkPage)
	page("POST /decisions/approve", c.approveMany)
	page("GET /decisions/{id}", c.decisionPage)
	page("GET /decisions/{id}/{table}", c.decisionCSV)
	page("POST /decisions/{id}/approve", c.approve)
	page("POST /decisions/{id}/reject", c.reject)
	page("POST /decisions/{id}/snooze", c.snooze)
	page("POST /decisions/{id}/revoke", c.revoke)
	page("POST /decisions/{id}/rollback", c.rollback)
	page("GET /automation", c.automationPage)
	page("GET /automation/{table}", c.automationCSV)
	page("POST /automation/pause", c.pauseAutomation)
	page("POST /automation/resume", c.resumeAutomation)
	page("POST /automation/run", c.runAutomation)
	page("POST /automation/mandates", c.proposeMandate)
	page("POST /automation/level", c.setLevel)
	page("POST /automation/review", c.reviewAutomated)
	page("GET /automation/learned", c.learnedPage)
	page("GET /automation/learned/site", c.learnedSitePage)
	page("GET /automation/learned/site/{table}", c.siteCSV)
	page("GET /automation/drift", c.driftPage)
	page("GET /guardrails", c.guardrailsPage)
	page("GET /guardrails.csv", c.guardrailsCSV)
	page("GET /guardrails/test.csv", c.testCSV)
	page("POST /guardrails", c.setGuardrail)
	page("GET /inventory", c.inventoryPage)
	page("GET /inventory.csv", c.inventoryCSV)
	page("GET /skus/{sku}/stock", c.stockPage)
	page("GET /skus/{sku}/stock/past", c.stockPastPage)
	page("GET /skus/{sku}/stock/past.csv", c.stockPastCSV)
	page("GET /skus/{sku}/stock/receipts.csv", c.receiptsCSV)
	page("GET /skus/{sku}/stock/{table}", c.stockCSV)
	page("GET /skus", c.skusPage)
	page("GET /skus.csv", c.skusCSV)
	page("GET /skus/{sku}", c.skuPage)
	page("GET /skus/{sku}/{table}", c.skuCSV)
	page("POST /skus/{sku}/overrides", c.override)
	page("POST /skus/{sku}/overrides/remove", c.removeOverride)
	page("GET /forecasts", c.accuracyPage)
	page("GET /forecasts.csv", c.accuracyCSV)
	page("GET /markets", c.marketsPage)
	page("GET /markets.csv", c.marketsCSV)
	page("GET /markets/criteria", c.criteriaPage)
	page("GET /markets/criteria.csv", c.criteriaCSV)
	page("GET /markets/entries", c.entriesPage)
	page("GET /markets/entries.csv", c.entriesCSV)
	page("GET /markets/compare", c.comparePage)
	page("GET /markets/compare.csv", c.compareCSV)
	page("GET /markets/scenario", c.scenarioPage)
	page("GET /markets/scenario.csv", c.scenarioCSV)
	page("GET /prices", c.pricesPage)
	page("GET /prices.csv", c.pricesCSV)
	page("GET /prices/item", c.pricePage)
	page("GET /prices/item/{table}", c.priceCSV)
	page("GET /promotions", c.promosPage)
	page("GET /promotions.csv", c.promosCSV)
	page("GET /promotions/{table}", c.promoCSV)
	page("GET /localization", c.localizationPage)
	page("GET /localization.csv", c.localizationCSV)
	page("GET /compliance", c.rulesPage)
	page("GET /compliance/products", c.checkPage)
	page("GET /compliance/products.csv", c.checkCSV)
	page("GET /compliance/taxes", c.taxesPage)
	page("GET /compliance/taxes.csv", c.taxesCSV)
	page("GET /compliance/parties", c.partiesPage)
	page("GET /compliance/parties.csv", c.partiesCSV)
	page("GET /compliance/rules.csv", c.rulesCSV)
	page("GET /compliance/rules/{id}", c.rulePage)
	page("GET /compliance/rules/{id}/{table}", c.ruleCSV)
	page("GET /compliance/findings", c.findingsPage)
	page("GET /compliance/findings.csv", c.findingsCSV)
	page("GET /compliance/quote", c.quotePage)
	page("GET /compliance/quote.csv", c.quoteCSV)
	page("GET /data", c.dataPage)
	page("GET /data/{table}", c.dataCSV)
	page("GET /data/imports/{id}", c.importPage)
	page("GET /data/quarantine", c.quarantinePage)
	page("GET /data/quarantine.csv", c.quarantineCSV)
	page("GET /keys", c.keysPage)
	return mux
}

// Serve answers connections of l until ctx ends, then lets running requests finish for
// at most five seconds. It returns nil after such an end.
func (c *Console) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           c,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		ended <- server.Shutdown(grace)
	})
	err := server.Serve(l)
	if !errors.Is(err, http.ErrServerClosed) || stop() {
		return fault.Wrap(err, "serve the console on %s", l.Addr())
	}
	return fault.Wrap(<-ended, "stop the console")
}
