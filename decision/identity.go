package decision

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
)

// crockford is base 32 without the letters that are read as digits.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// NewID returns the ID of the decision of a kind on a subject in a plan: the same plan
// run twice names its decisions alike. placed are the orders that the subject waits for:
// with one more of them it is another decision.
func NewID(kind Kind, subject Subject, snapshot, config string, seed uint64, placed ...ID) ID {
	parts := []any{kind, subject, snapshot, config, seed}
	if len(placed) > 0 {
		parts = append(parts, placed)
	}
	sum := hashOf(parts...)
	return ID("D-" + crockford.EncodeToString(sum[:5]))
}

// OpenKey is the text that two open decisions may not share: one kind on one subject, and
// of mandates one a policy.
func OpenKey(a Action) string {
	parts := []any{a.Kind(), a.Subject()}
	if m, ok := a.(GrantMandate); ok {
		parts = append(parts, m.Policy)
	}
	sum := hashOf(parts...)
	return hex.EncodeToString(sum[:16])
}

// Sign sets the proposal's fingerprint: the hash of what is done, what it is worth and
// what that rests on. Amounts are already rounded when it is called.
func (p *Proposal) Sign() error {
	action, err := EncodeAction(p.Action)
	if err != nil {
		return err
	}
	parts := []any{json.RawMessage(action), p.Gain, p.Cash, p.Inputs, p.Checks}
	if len(p.Rules) > 0 {
		parts = append(parts, p.Rules)
	}
	sum := hashOf(parts...)
	p.Fingerprint = hex.EncodeToString(sum[:16])
	return nil
}

func hashOf(parts ...any) [32]byte {
	h := sha256.New()
	e := json.NewEncoder(h)
	for _, part := range parts {
		if err := e.Encode(part); err != nil {
			panic("decision: cannot hash: " + err.Error())
		}
	}
	return [32]byte(h.Sum(nil))
}
