package connect

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"time"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/money"
)

// outbox is the folder of a workspace that files leave from.
const outbox = "outbox"

// document is a file to be kept: what it is called follows from the decision's ID, what
// is in it from the action and the approval.
type document struct {
	folder  string // below the outbox
	name    string
	content []byte
}

func (d document) path() string { return path.Join(outbox, d.folder, d.name) }

// idForm is what decision.NewID makes: nothing in it means anything to a file system.
var idForm = regexp.MustCompile(`^D-[0-9A-HJKMNP-TV-Z]{8}$`)

func documentOf(d *decision.Decision) (document, error) {
	if !idForm.MatchString(string(d.ID)) {
		return document{}, badValue("decision", string(d.ID))
	}
	approval, err := approvalOf(d)
	if err != nil {
		return document{}, err
	}
	switch a := d.Action.(type) {
	case decision.Reorder:
		return purchaseOrder(d.ID, a, approval)
	case decision.SetPrice:
		return priceChange(d.ID, a, approval)
	case decision.EnterMarket:
		return marketEntry(d.ID, a, approval)
	case decision.RegisterTax:
		return registration(d.ID, a, approval)
	case decision.LocalizeListing:
		return localization(d.ID, a, approval)
	case decision.RunPromotion:
		return promotion(d.ID, a, approval)
	case decision.StartExperiment:
		return experiment(d.ID, a, approval)
	case decision.MoveStock:
		return transfer(d.ID, a, approval)
	case decision.AllocateStock:
		return allocation(d.ID, a, approval)
	case decision.GrantMandate:
		return mandate(d.ID, a, approval)
	}
	return document{}, badValue("action", fmt.Sprintf("%T", d.Action))
}

func purchaseOrder(id decision.ID, a decision.Reorder, approval decision.Event) (document, error) {
	number := "PO-" + string(id)
	if a.Units <= 0 {
		return document{}, badValue("units", strconv.FormatInt(a.Units, 10))
	}
	if a.UnitCost.Sign() < 0 || a.UnitCost.Currency() == "" {
		return document{}, badValue("unit_cost", a.UnitCost.String())
	}
	total, err := a.UnitCost.Times(a.Units)
	if err != nil {
		return document{}, err
	}
	return table("purchase-orders", number, []column{
		plain("purchase_order", number),
		plain("decision", string(id)),
		plain("approved_at", stamp(approval.At)),
		words("approved_by", approval.By),
		words("supplier", a.Supplier),
		words("location", a.Location),
		words("sku", a.SKU),
		plain("units", strconv.FormatInt(a.Units, 10)),
		plain("expected_landed_cost_unit", a.UnitCost.Decimal()),
		plain("expected_landed_cost_total", total.Decimal()),
		plain("currency", string(total.Currency())),
	})
}

func priceChange(id decision.ID, a decision.SetPrice, approval decision.Event) (document, error) {
	number := "PRICE-" + string(id)
	was, err := change(a.Price, a.Was)
	if err != nil {
		return document{}, err
	}
	return table("prices", number, []column{
		plain("price_change", number),
		plain("decision", string(id)),
		plain("approved_at", stamp(approval.At)),
		words("approved_by", approval.By),
		words("sku", a.Item.SKU),
		words("market", a.Item.Market),
		words("channel", a.Item.Channel),
		plain("price", a.Price.Decimal()),
		plain("was", was),
		plain("currency", string(a.Price.Currency())),
	})
}

// change checks a new price against the one before, and writes that one: "" is unknown.
func change(price, was money.Amount) (string, error) {
	if price.Sign() <= 0 || price.Currency() == "" {
		return "", badValue("price", price.String())
	}
	if (was == money.Amount{}) {
		return "", nil
	}
	if was.Currency() != price.Currency() {
		return "", badValue("was", was.String())
	}
	return was.Decimal(), nil
}

// column is a cell and the name above it.
type column struct {
	name, cell string
	typed      bool // by somebody: a spreadsheet might run it
}

func plain(name, cell string) column { return column{name, cell, false} }

func words[T ~string](name string, text T) column { return column{name, string(text), true} }

// stamp writes an instant in UTC, RFC 3339, in whole seconds: no store keeps fewer.
func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// table writes a header and its rows, which have the same columns. Names that hold what no CSV reader keeps (control
// characters, broken UTF-8) are refused: the reader would see another name.
func table(folder, number string, rows ...[]column) (document, error) {
	records := make([][]string, 1+len(rows)) // the header first
	for _, c := range rows[0] {
		records[0] = append(records[0], c.name)
	}
	for i, row := range rows {
		for _, c := range row {
			if !readable(c.cell) {
				return document{}, badValue(c.name, strconv.QuoteToASCII(c.cell))
			}
			if c.typed {
				c.cell = guard(c.cell)
			}
			records[1+i] = append(records[1+i], c.cell)
		}
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(records); err != nil {
		return document{}, fault.Wrap(err, "write %s", number) // a buffer never fails
	}
	return document{folder, number + ".csv", b.Bytes()}, nil
}

func badValue(field, value string) error {
	return fault.New(fault.Invalid, "E-OUTBOX-VALUE", fault.A("field", field), fault.A("value", value))
}
