package tradewind

import (
	"testing"

	"tradewind/fault"
)

// What was sold may all have been taken back on the same day: such a shop has no plan, and
// says so.
func TestNothingWasSold(t *testing.T) {
	e := empty(t)
	mustImport(t, e, ImportOptions{}, write(t, "orders.csv", `Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country
581492,22763,KEY CABINET MA CAMPAGNE,1,2011-12-09 10:03:00,19.96,14573.0,United Kingdom
C581493,22763,KEY CABINET MA CAMPAGNE,-1,2011-12-09 10:04:00,19.96,14573.0,United Kingdom
`))
	_, err := e.Plan(t.Context(), PlanOptions{})
	refused(t, err, fault.Invalid, "E-NO-FACTS")
	_, err = e.InventoryBoard(t.Context(), StockFilter{})
	refused(t, err, fault.Invalid, "E-NO-FACTS")
}
