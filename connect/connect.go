// Package connect carries approved decisions out of Tradewind: it writes one file a
// decision into the outbox of a workspace, for people or programs to send on.
//
// A file's name and bytes follow from the decision alone. It leaves in two steps with the
// caller's own record between them: Stage makes the file under a hidden name, Publish
// renames it into its place. A rename is one step, so whoever comes after a crash knows by
// the hidden name alone whether the file has left.
//
// It is not for choosing or approving (plan, the Engine), and keeps no record of its own:
// the store does. docs/outbox.md is the contract of the files.
package connect

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"tradewind/decision"
	"tradewind/fault"
)

// Receipt says what acting on a decision leaves behind.
type Receipt struct {
	File   string // in the workspace, with slashes: "outbox/purchase-orders/PO-D-….csv"
	SHA256 string // hex, of the file
	Token  string // of the hidden name under which the file waits to be published
}

// String is the receipt as a decision's history keeps it; ParseReceipt reads it.
func (r Receipt) String() string { return r.File + " sha256:" + r.SHA256 + " token:" + r.Token }

// ParseReceipt reads what String writes; anything else is fault.Internal.
func ParseReceipt(s string) (r Receipt, err error) {
	if _, err := fmt.Sscanf(s, "%s sha256:%s token:%s", &r.File, &r.SHA256, &r.Token); err != nil {
		return r, fault.Wrap(err, "read receipt %q", s)
	}
	return r, nil
}

// Stage makes the file of one approved decision under a hidden name of its own: a Reorder
// becomes a purchase order, a SetPrice a price change, what people carry out a task. Nobody sends such a file. Record the
// receipt, then Publish; or Discard.
//
// A decision that is not approved is fault.Stale, one whose history has no approval
// fault.Denied, one that cannot be written as it stands fault.Invalid. A file of its name
// that is there with other bytes is fault.Blocked and stays as it is. After any failure
// nothing is left.
func Stage(ctx context.Context, workspace string, d *decision.Decision) (Receipt, error) {
	if err := ctx.Err(); err != nil {
		return Receipt{}, err
	}
	if _, err := decision.Next(d.State, decision.Execute); err != nil {
		return Receipt{}, err
	}
	doc, err := documentOf(d)
	if err != nil {
		return Receipt{}, err
	}
	sum := sha256.Sum256(doc.content)
	r := Receipt{doc.path(), hex.EncodeToString(sum[:]), rand.Text()}
	return r, stage(workspace, r, doc.content, never)
}

// Publish gives a staged file its name, and reports whether it was this call that did. A
// file that has left before is not made again, wherever it is now. A file of that name with
// other bytes is fault.Blocked; the staged one then waits.
func Publish(ctx context.Context, workspace string, r Receipt) (fresh bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	return publish(workspace, r, never)
}

// Discard takes back a staged file that nobody recorded.
func Discard(workspace string, r Receipt) error { return discard(workspace, r) }

// Staged names the decisions whose files wait under a hidden name: somebody is at work, or
// was interrupted.
func Staged(workspace string) ([]decision.ID, error) { return staged(workspace) }

// approvalOf returns the latest step that approved a decision.
func approvalOf(d *decision.Decision) (decision.Event, error) {
	for i := len(d.History) - 1; i >= 0; i-- {
		if e := d.History[i]; e.To == decision.Approved && e.Verb == decision.Approve {
			return e, nil
		}
	}
	return decision.Event{}, fault.New(fault.Denied, "E-OUTBOX-APPROVAL", fault.A("decision", string(d.ID)))
}
