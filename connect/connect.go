// Package connect carries approved decisions out of Tradewind: it writes one file a
// decision into the outbox of a workspace, for people or programs to send on.
//
// A file's name and bytes follow from the decision alone, so acting twice writes once.
// It is not for choosing or approving (plan, the Engine), and keeps no record of its own:
// the store does. docs/outbox.md is the contract of the files.
package connect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"tradewind/decision"
	"tradewind/fault"
)

// Receipt says what acting on a decision left behind.
type Receipt struct {
	Decision decision.ID
	File     string // in the workspace, with slashes: "outbox/purchase-orders/PO-D-….csv"
	SHA256   string // hex, of the file
	Bytes    int64
	Already  bool // the same bytes were there before
}

// Write acts on one decision: a Reorder becomes a purchase order, a SetPrice a price
// change, in the outbox of the workspace folder. It is safe to repeat, and safe against
// another process that does the same at the same time.
//
// A decision that is neither approved nor executed is fault.Stale, one whose history has
// no approval fault.Denied, one that cannot be written as it stands fault.Invalid. A file
// that is there with other bytes is fault.Blocked and stays as it is. After any failure
// the outbox has either the whole file or nothing of it.
func Write(ctx context.Context, workspace string, d *decision.Decision) (Receipt, error) {
	if err := ctx.Err(); err != nil {
		return Receipt{}, err
	}
	if d.State != decision.Executed {
		if _, err := decision.Next(d.State, decision.Execute); err != nil {
			return Receipt{}, err
		}
	}
	doc, err := documentOf(d)
	if err != nil {
		return Receipt{}, err
	}
	already, err := keep(workspace, doc, func(step) error { return nil })
	if err != nil {
		return Receipt{}, err
	}
	sum := sha256.Sum256(doc.content)
	return Receipt{d.ID, doc.path(), hex.EncodeToString(sum[:]), int64(len(doc.content)), already}, nil
}

// approvalOf returns the latest step that approved a decision.
func approvalOf(d *decision.Decision) (decision.Event, error) {
	for i := len(d.History) - 1; i >= 0; i-- {
		if e := d.History[i]; e.To == decision.Approved && e.Verb == decision.Approve {
			return e, nil
		}
	}
	return decision.Event{}, fault.New(fault.Denied, "E-OUTBOX-APPROVAL", fault.A("decision", string(d.ID)))
}
