package decision

import (
	"encoding/json"
	"fmt"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

// Action is one thing that Tradewind can do to the world. The set is sealed, and this
// file lists all of it.
type Action interface {
	// Kind is the action's name in JSON and on the command line.
	Kind() Kind
	// Subject is what the action is about.
	Subject() Subject
}

// Kind names a sort of action.
type Kind string

const (
	KindReorder         Kind = "reorder"
	KindSetPrice        Kind = "set_price"
	KindEnterMarket     Kind = "enter_market"
	KindRegisterTax     Kind = "register_tax"
	KindLocalizeListing Kind = "localize_listing"
	KindStartExperiment Kind = "start_experiment"
	KindRunPromotion    Kind = "run_promotion"
	KindMoveStock       Kind = "move_stock"
	KindAllocateStock   Kind = "allocate_stock"
	KindGrantMandate    Kind = "grant_mandate"
)

// Kinds lists every kind, in the order above.
var Kinds = []Kind{KindReorder, KindSetPrice, KindEnterMarket, KindRegisterTax, KindLocalizeListing, KindStartExperiment, KindRunPromotion, KindMoveStock, KindAllocateStock, KindGrantMandate}

// Subject is what a decision is about; what does not apply is empty.
type Subject struct {
	SKU      commerce.SKU      `json:"sku,omitempty"`
	Market   commerce.Market   `json:"market,omitempty"`
	Channel  commerce.Channel  `json:"channel,omitempty"`
	Location commerce.Location `json:"location,omitempty"`
}

// String joins what is there: "85123A · UK-1".
func (s Subject) String() string {
	out := ""
	for _, part := range []string{string(s.SKU), string(s.Market), string(s.Channel), string(s.Location)} {
		if part == "" {
			continue
		}
		if out != "" {
			out += " · "
		}
		out += part
	}
	return out
}

// Reorder buys units of a SKU from a supplier into a location.
type Reorder struct {
	SKU      commerce.SKU      `json:"sku"`
	Location commerce.Location `json:"location"`
	Supplier commerce.Supplier `json:"supplier"`
	Units    commerce.Units    `json:"units"`
	UnitCost money.Amount      `json:"unit_cost"`
}

// SetPrice asks a price for an item.
type SetPrice struct {
	Item  commerce.Item `json:"item"`
	Price money.Amount  `json:"price"`
	Was   money.Amount  `json:"was"`
}

// EnterMarket begins to sell in a market.
type EnterMarket struct {
	Market  commerce.Market  `json:"market"`
	Channel commerce.Channel `json:"channel"`
}

// RegisterTax registers the seller for a tax or a scheme in a jurisdiction before its
// sales there cross a threshold.
type RegisterTax struct {
	Market    commerce.Market `json:"market"` // or a union
	Scheme    string          `json:"scheme"` // "oss", "vat", "gst" …
	Threshold money.Amount    `json:"threshold"`
	Crosses   calendar.Day    `json:"crosses"` // the day on which the threshold is expected to be crossed
}

// LocalizeListing mends a listing, or writes it, in a language of its market.
type LocalizeListing struct {
	Item     commerce.Item `json:"item"`
	Language string        `json:"language"`
	Findings string        `json:"findings"` // codes of what is wrong, with spaces between them
}

// StartExperiment tests two prices of an item on one market: weeks of the one and weeks of
// the other, in an order that is drawn.
type StartExperiment struct {
	Item    commerce.Item `json:"item"`
	Name    string        `json:"name"`
	Control money.Amount  `json:"control"` // the price asked today
	Test    money.Amount  `json:"test"`
	From    calendar.Day  `json:"from"` // the first day of its first week
	Weeks   int           `json:"weeks"`
}

// RunPromotion asks a lower price for an item for a time.
type RunPromotion struct {
	Item    commerce.Item `json:"item"`
	From    calendar.Day  `json:"from"` // both days included
	To      calendar.Day  `json:"to"`
	Price   money.Amount  `json:"price"`
	Was     money.Amount  `json:"was"`     // the price before, as law lets it be announced
	Vehicle string        `json:"vehicle"` // one of commerce.KnownVehicles
}

// MoveStock takes units of a SKU from one location to another.
type MoveStock struct {
	SKU   commerce.SKU      `json:"sku"`
	From  commerce.Location `json:"from"`
	To    commerce.Location `json:"to"`
	Units commerce.Units    `json:"units"`
}

// AllocateStock keeps units at a location for one item, when there is not enough for all:
// its channel may sell so many until the next delivery.
type AllocateStock struct {
	Item     commerce.Item     `json:"item"`
	Location commerce.Location `json:"location"`
	Units    commerce.Units    `json:"units"`
}

// GrantMandate lets a policy approve decisions of some kinds, up to limits and until a
// day: automation is an approver that a person named. The mandate is in force once people
// approved it, whether its record has left or not. Rejecting or revoking it ends it.
type GrantMandate struct {
	Policy  string       `json:"policy"` // who may approve: "policy:" and this name stand under what it approves
	Kinds   []Kind       `json:"kinds"`
	MaxCash money.Amount `json:"max_cash"` // that one decision may commit
	DayCash money.Amount `json:"day_cash"` // that all decisions of a day may commit
	MaxStep float64      `json:"max_step"` // largest change of a price, share of it
	Until   calendar.Day `json:"until"`    // the last day
}

func (Reorder) Kind() Kind         { return KindReorder }
func (SetPrice) Kind() Kind        { return KindSetPrice }
func (EnterMarket) Kind() Kind     { return KindEnterMarket }
func (RegisterTax) Kind() Kind     { return KindRegisterTax }
func (LocalizeListing) Kind() Kind { return KindLocalizeListing }
func (StartExperiment) Kind() Kind { return KindStartExperiment }
func (RunPromotion) Kind() Kind    { return KindRunPromotion }
func (MoveStock) Kind() Kind       { return KindMoveStock }
func (AllocateStock) Kind() Kind   { return KindAllocateStock }
func (GrantMandate) Kind() Kind    { return KindGrantMandate }

func (a Reorder) Subject() Subject         { return Subject{SKU: a.SKU, Location: a.Location} }
func (a SetPrice) Subject() Subject        { return subjectOf(a.Item) }
func (a EnterMarket) Subject() Subject     { return Subject{Market: a.Market, Channel: a.Channel} }
func (a RegisterTax) Subject() Subject     { return Subject{Market: a.Market} }
func (a LocalizeListing) Subject() Subject { return subjectOf(a.Item) }
func (a StartExperiment) Subject() Subject { return subjectOf(a.Item) }
func (a RunPromotion) Subject() Subject    { return subjectOf(a.Item) }
func (a MoveStock) Subject() Subject       { return Subject{SKU: a.SKU, Location: a.From} }
func (a GrantMandate) Subject() Subject    { return Subject{} }
func (a AllocateStock) Subject() Subject {
	s := subjectOf(a.Item)
	s.Location = a.Location
	return s
}

func subjectOf(it commerce.Item) Subject {
	return Subject{SKU: it.SKU, Market: it.Market, Channel: it.Channel}
}

// Name returns the message that names a kind of action.
func (k Kind) Name() messages.Message { return messages.M("decision.kind." + string(k)) }

// storedAction is the JSON form: the kind beside the action's own fields.
type storedAction struct {
	Kind   Kind            `json:"kind"`
	Fields json.RawMessage `json:"fields"`
}

// EncodeAction writes an action with its kind.
func EncodeAction(a Action) ([]byte, error) {
	fields, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	return json.Marshal(storedAction{a.Kind(), fields})
}

// DecodeAction reads what EncodeAction writes.
func DecodeAction(data []byte) (Action, error) {
	var s storedAction
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, err
	}
	switch s.Kind {
	case KindReorder:
		return decodeInto[Reorder](s.Fields)
	case KindSetPrice:
		return decodeInto[SetPrice](s.Fields)
	case KindEnterMarket:
		return decodeInto[EnterMarket](s.Fields)
	case KindRegisterTax:
		return decodeInto[RegisterTax](s.Fields)
	case KindLocalizeListing:
		return decodeInto[LocalizeListing](s.Fields)
	case KindStartExperiment:
		return decodeInto[StartExperiment](s.Fields)
	case KindRunPromotion:
		return decodeInto[RunPromotion](s.Fields)
	case KindMoveStock:
		return decodeInto[MoveStock](s.Fields)
	case KindAllocateStock:
		return decodeInto[AllocateStock](s.Fields)
	case KindGrantMandate:
		return decodeInto[GrantMandate](s.Fields)
	}
	return nil, fmt.Errorf("decision: unknown action %q", s.Kind)
}

func decodeInto[A Action](fields []byte) (Action, error) {
	var a A
	err := json.Unmarshal(fields, &a)
	return a, err
}
