package tradewind

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/plan"
	"tradewind/store"
)

// Engine is one open workspace. Its methods are safe for concurrent use.
type Engine struct {
	dir      string
	config   Config
	db       *store.DB
	currency money.Currency
	zone     *time.Location
	clock    time.Time // where the workspace's clock stands; zero is the real time

	mu     sync.Mutex
	frozen *commerce.Snapshot // the facts, as of import at
	at     int64

	surveying sync.Mutex
	surveyed  *plan.Survey // of the snapshot that it names

	naming sync.Mutex
	names  map[commerce.SKU]string // of products, as of import named
	named  int64

	judging    sync.Mutex
	judgements judgements // of kept forecasts

	rules   ruleBook
	landed  calculators
	lists   screener
	packed  marketPacks
	markets marketStudies
	prices  priceStudies
	stocks  stockRows
	pasts   pastDays
	advices advices

	deciding sync.Mutex // one change of decisions at a time: of two at once the database refuses one
	stepping sync.Mutex // held while a policy takes a step, from the record to the file that leaves

	breakOff func(point string) error // tests break an execution off; nil otherwise
}

// Progress is how far a long verb is. Total is 0 while unknown.
type Progress struct {
	Stage       messages.Message
	Done, Total int64
}

// databaseFile is the embedded database of a workspace.
const databaseFile = "shop.duckdb"

// Open opens the workspace in a folder. A folder without one is fault.NotFound.
func Open(ctx context.Context, dir string) (*Engine, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if !isWorkspace(dir) {
		return nil, fault.New(fault.NotFound, "E-NO-WORKSPACE", fault.A("dir", dir))
	}
	c, err := ReadConfig(dir)
	if err != nil {
		return nil, err
	}
	e := &Engine{dir: dir, config: c}
	// ReadConfig has parsed all of these once.
	e.currency, _ = c.currency()
	e.zone, _ = c.zone()
	if c.Clock != "" {
		e.clock, _ = c.now()
	}
	if e.db, err = store.Open(ctx, c.databaseURL(dir)); err != nil {
		return nil, err
	}
	return e, nil
}

// Init makes a workspace: the folder and its settings file. A workspace that is there
// already is fault.Blocked.
func Init(dir string, c Config) error {
	path := filepath.Join(dir, ConfigFile)
	if isWorkspace(dir) {
		return fault.New(fault.Blocked, "E-WORKSPACE-EXISTS", fault.A("dir", dir))
	}
	if _, err := c.check(); err != nil {
		return notValid(path, 0, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fault.From(err, fault.Invalid, "E-WORKSPACE-WRITE", fault.A("dir", dir), fault.A("error", err.Error()))
	}
	return writeConfig(path, c)
}

// Close closes the workspace.
func (e *Engine) Close() error { return e.db.Close() }

// Dir returns the workspace's folder.
func (e *Engine) Dir() string { return e.dir }

// Config returns the workspace's settings.
func (e *Engine) Config() Config { return e.config }

// Now returns the workspace's time.
func (e *Engine) Now() time.Time { return e.now() }

func (e *Engine) now() time.Time {
	if !e.clock.IsZero() {
		return e.clock
	}
	return time.Now().UTC()
}

// snapshot freezes the facts, once for as long as no import adds to them and no day
// passes.
func (e *Engine) snapshot(ctx context.Context) (*commerce.Snapshot, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	newest, err := e.db.NewestImport(ctx)
	if err != nil {
		return nil, err
	}
	asOf, err := e.factsAsOf(ctx)
	if err != nil {
		return nil, err
	}
	if e.frozen != nil && e.at == newest && e.frozen.AsOf == *asOf {
		return e.frozen, nil
	}
	s, err := e.db.Snapshot(ctx, asOf, e.currency)
	if err != nil {
		return nil, err
	}
	e.frozen, e.at = s, newest
	return s, nil
}

// factsAsOf is the last day of facts that counts: the one that is set, or the newest on
// which something was sold or counted, today at the latest.
func (e *Engine) factsAsOf(ctx context.Context) (*calendar.Day, error) {
	if set, _ := e.config.day(e.config.FactsAsOf); set != nil {
		return set, nil
	}
	today := calendar.DayIn(e.now(), e.zone)
	last, err := e.db.LastDay(ctx, today)
	if last == nil {
		last = &today
	}
	return last, err
}

// Warm freezes the facts, surveys them and learns from their prices, so that the first
// question need not wait for it. A workspace without facts has nothing to warm.
func (e *Engine) Warm(ctx context.Context) {
	_, _ = e.priced(ctx) // what fails here fails for whoever asks, and is said there
}

// survey looks at the whole of a frozen snapshot, once.
func (e *Engine) survey(s *commerce.Snapshot) *plan.Survey {
	e.surveying.Lock()
	defer e.surveying.Unlock()
	if e.surveyed == nil || e.surveyed.Snapshot != s {
		e.surveyed = plan.NewSurvey(s, e.config.Plan, e.now(), Version, nil)
	}
	return e.surveyed
}

// productNames maps SKUs to their names, for every list alike. A list is worth showing
// without, so a failure leaves them out.
func (e *Engine) productNames(ctx context.Context) map[commerce.SKU]string {
	e.naming.Lock()
	defer e.naming.Unlock()
	newest, err := e.db.NewestImport(ctx)
	if err != nil || e.names != nil && e.named == newest {
		return e.names
	}
	names, err := e.db.ProductNames(ctx)
	if err != nil {
		return nil
	}
	e.names, e.named = names, newest
	return names
}

// databaseURL completes a relative DuckDB path with the workspace's folder.
func (c Config) databaseURL(dir string) string {
	url := c.Database
	if url == "" {
		url = "duckdb:" + databaseFile
	}
	if path, ok := strings.CutPrefix(url, "duckdb:"); ok && !filepath.IsAbs(path) {
		return "duckdb:" + filepath.Join(dir, path)
	}
	return url
}

// isWorkspace reports whether a folder has settings or a database: either will do.
func isWorkspace(dir string) bool {
	return exists(filepath.Join(dir, ConfigFile)) || exists(filepath.Join(dir, databaseFile))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
