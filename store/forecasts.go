package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
)

// ForecastRun is one making of forecasts. It is never changed.
type ForecastRun struct {
	ID       string
	Seq      int // set when it is kept
	Origin   calendar.Day
	At       time.Time
	For      string // the verb that made it
	Snapshot string
	Version  string
	SKU      commerce.SKU    // of this SKU only; "" is all
	Market   commerce.Market // in this market only; "" is all
	Series   int
	Detail   []byte // JSON
}

// Spread is a distribution in four numbers.
type Spread struct{ Mean, P10, P50, P90 float64 }

// ForecastRow is the forecast of one series: four weeks and their total.
type ForecastRow struct {
	SKU                  commerce.SKU
	Market               commerce.Market // "" is all markets together
	Method               int
	Weeks                [4]Spread
	Total                Spread
	InsideP10, InsideP90 float64
}

// forecastNumbers are the columns of a forecast's numbers, in the order of numbers.
var forecastNumbers = func() (names []string) {
	for _, block := range []string{"week1", "week2", "week3", "week4", "total"} {
		for _, number := range []string{"mean", "p10", "p50", "p90"} {
			names = append(names, block+"_"+number)
		}
	}
	return append(names, "inside_p10", "inside_p90")
}()

// numbers are pointers to the numbers of a row, in the order of forecastNumbers.
func (r *ForecastRow) numbers() (all []*float64) {
	for _, s := range []*Spread{&r.Weeks[0], &r.Weeks[1], &r.Weeks[2], &r.Weeks[3], &r.Total} {
		all = append(all, &s.Mean, &s.P10, &s.P50, &s.P90)
	}
	return append(all, &r.InsideP10, &r.InsideP90)
}

const (
	nextForecastRun = `SELECT coalesce(max(seq), 0) + 1 FROM forecast_run`

	forecastRunFields = `SELECT id, seq, origin, made_at, made_for, snapshot, version, sku, market, series, detail FROM forecast_run`

	insertForecastRun = `
INSERT INTO forecast_run (id, seq, origin, made_at, made_for, snapshot, version, sku, market, series, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

	readForecastRun = forecastRunFields + ` WHERE id = $1`

	// Of runs from one day what was given out then is before what a backtest made later, and
	// of those the newest is first.
	forecastRunOrder = ` ORDER BY r.origin DESC, CASE WHEN r.made_for = 'backtest' THEN 1 ELSE 0 END, r.seq DESC`

	readForecastRuns = forecastRunFields + ` AS r` + forecastRunOrder

	// SKUs and markets.
	readForecastNames = `SELECT id, kind, label FROM name WHERE kind IN (1, 4)`
)

var (
	readForecasts = `SELECT CAST(sku_id AS BIGINT), CAST(market_id AS BIGINT), CAST(method AS BIGINT), ` + strings.Join(forecastNumbers, ", ") + `
FROM forecast WHERE run = $1 ORDER BY sku_id, market_id`

	readForecastsOf = `SELECT r.id, r.seq, r.origin, r.made_at, r.made_for, r.snapshot, r.version, r.sku, r.market, r.series, r.detail,
	f.method, f.` + strings.Join(forecastNumbers, ", f.") + `
FROM forecast AS f JOIN forecast_run AS r ON r.seq = f.run
WHERE f.sku_id = (SELECT id FROM name WHERE kind = 1 AND label = $1)
	AND f.market_id = CASE WHEN $3 THEN 0 ELSE (SELECT id FROM name WHERE kind = 4 AND label = $2) END` + forecastRunOrder + ` LIMIT $4`
)

// ForecastRunOf returns the run with an ID, or nil.
func (db *DB) ForecastRunOf(ctx context.Context, id string) (*ForecastRun, error) {
	var r ForecastRun
	err := scanForecastRun(db.sql.QueryRowContext(ctx, readForecastRun, id).Scan, &r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r, db.wrap(ctx, err, "read forecast run %s", id)
}

// ForecastRuns returns all runs, those from the newest day first; of one day the newest
// that was given out then is first, before what a backtest made later.
func (db *DB) ForecastRuns(ctx context.Context) ([]ForecastRun, error) {
	runs, err := collect(ctx, db.sql, scanForecastRun, readForecastRuns)
	return runs, db.wrap(ctx, err, "read forecast runs")
}

func (r *ForecastRun) fields() []any {
	return []any{&r.ID, &r.Seq, ordinal{&r.Origin}, &r.At, &r.For, &r.Snapshot, &r.Version, &r.SKU, &r.Market, &r.Series, &r.Detail}
}

func scanForecastRun(scan func(...any) error, r *ForecastRun) error {
	err := scan(r.fields()...)
	r.At = r.At.UTC()
	return err
}

// SaveForecasts keeps a run and its forecasts, all or none, and returns the run as it is
// kept. A run of this ID that is there already stays as it is: a forecast is never replaced.
// Every SKU and market has been sold or it is fault.Internal.
func (db *DB) SaveForecasts(ctx context.Context, run ForecastRun, rows []ForecastRow) (*ForecastRun, error) {
	failed := db.saveForecasts(ctx, run, rows)
	if failed != nil && !db.dialect.lostRace(failed) {
		return nil, db.wrap(ctx, failed, "keep forecast run %s", run.ID)
	}
	kept, err := db.ForecastRunOf(ctx, run.ID)
	if kept == nil && err == nil {
		err = db.wrap(ctx, failed, "keep forecast run %s", run.ID)
	}
	return kept, err
}

func (db *DB) saveForecasts(ctx context.Context, run ForecastRun, rows []ForecastRow) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := db.dialect.lock(ctx, tx); err != nil {
		return err
	}
	var known ForecastRun
	err = scanForecastRun(tx.QueryRowContext(ctx, readForecastRun, run.ID).Scan, &known)
	if !errors.Is(err, sql.ErrNoRows) {
		return err // nil where the run is there
	}
	if err := tx.QueryRowContext(ctx, nextForecastRun).Scan(&run.Seq); err != nil {
		return err
	}
	names, err := readDictionary(ctx, tx, readForecastNames)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, insertForecastRun, run.ID, run.Seq, run.Origin.Ordinal(), instant(run.At), run.For, run.Snapshot,
		run.Version, clean(string(run.SKU)), clean(string(run.Market)), len(rows), clean(string(run.Detail)))
	if err != nil {
		return err
	}
	columns, err := forecastColumns(names, run.Seq, rows)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		if err := db.dialect.bulk(ctx, conn, "forecast", columns); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func forecastColumns(names *dictionary, run int, rows []ForecastRow) ([]column, error) {
	n := len(rows)
	runs, skus, markets, methods := slices.Repeat([]int32{int32(run)}, n), make([]int32, n), make([]int32, n), make([]int32, n)
	numbers := make([][]float64, len(forecastNumbers))
	for k := range numbers {
		numbers[k] = make([]float64, n)
	}
	for i := range rows {
		r := &rows[i]
		sku, sold := names.ids[skuName][string(r.SKU)]
		market := int32(0)
		if r.Market != "" && sold {
			market, sold = names.ids[marketName][string(r.Market)]
		}
		if !sold {
			return nil, errors.New("store: a forecast of what was never sold: " + string(r.SKU) + " in " + string(r.Market))
		}
		skus[i], markets[i], methods[i] = sku, market, int32(r.Method)
		for k, x := range r.numbers() {
			numbers[k][i] = rounded(*x)
		}
	}
	columns := []column{{"run", runs}, {"sku_id", skus}, {"market_id", markets}, {"method", methods}}
	for k, name := range forecastNumbers {
		columns = append(columns, column{name, numbers[k]})
	}
	return columns, nil
}

// rounded is a number as it is kept: to ten-thousandths, and never without end.
func rounded(x float64) float64 {
	const most = 1e15
	return math.Round(math.Max(-most, math.Min(x, most))*1e4) / 1e4
}

// Forecasts returns the forecasts of a run, in no order that means anything.
func (db *DB) Forecasts(ctx context.Context, run int) ([]ForecastRow, error) {
	rows, err := db.forecasts(ctx, run)
	return rows, db.wrap(ctx, err, "read the forecasts of run %d", run)
}

func (db *DB) forecasts(ctx context.Context, run int) ([]ForecastRow, error) {
	names, err := readDictionary(ctx, db.sql, readForecastNames)
	if err != nil {
		return nil, err
	}
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var rows []ForecastRow
	err = scanRaw(ctx, conn, readForecasts, []any{run}, func(v []driver.Value) {
		r := ForecastRow{
			SKU: commerce.SKU(names.labels[integer(v[0])]), Market: commerce.Market(names.labels[integer(v[1])]), Method: int(integer(v[2])),
		}
		for k, x := range r.numbers() {
			*x = v[3+k].(float64)
		}
		rows = append(rows, r)
	})
	return rows, err
}

// KeptForecast is a forecast of one series and the run that it is from.
type KeptForecast struct {
	Run ForecastRun
	ForecastRow
}

// ForecastsOf returns the newest forecasts of a SKU in a market, or in all together (""),
// in the order of ForecastRuns.
func (db *DB) ForecastsOf(ctx context.Context, sku commerce.SKU, market commerce.Market, limit int) ([]KeptForecast, error) {
	all, err := collect(ctx, db.sql, func(scan func(...any) error, f *KeptForecast) error {
		f.SKU, f.Market = sku, market
		into := append(f.Run.fields(), &f.Method)
		for _, x := range f.numbers() {
			into = append(into, x)
		}
		err := scan(into...)
		f.Run.At = f.Run.At.UTC()
		return err
	}, readForecastsOf, string(sku), string(market), market == "", limit)
	return all, db.wrap(ctx, err, "read the forecasts of %s", sku)
}
