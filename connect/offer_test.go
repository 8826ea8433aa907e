package connect

import (
	"bytes"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/ingest"
	"tradewind/money"
)

// The file of a promotion comes back as the promotion that it is.
func TestAPromotionCanBeImported(t *testing.T) {
	a, dir := runPromotion(), t.TempDir()
	d := approved(a)
	r, err := write(t.Context(), dir, d)
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(content(t, dir, r.File))
	source, err := ingest.Open("sent.csv", bytes.NewReader(text), int64(len(text)), ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []commerce.Promotion
	for fact, err := range source.Read() {
		p, ok := fact.(*commerce.Promotion)
		if err != nil || !ok {
			t.Fatalf("%T, %v", fact, err)
		}
		got = append(got, *p)
	}
	want := []commerce.Promotion{{
		Item: a.Item, Name: "PROMO-" + string(d.ID), From: a.From, To: a.To, Depth: math.NaN(), Price: a.Price, Vehicle: a.Vehicle,
		Provenance: commerce.Provenance{Source: "sent.csv:2", AsOf: a.From},
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(money.Amount{}, calendar.Day{}), cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("promotion (-want +got):\n%s", diff)
	}
}
