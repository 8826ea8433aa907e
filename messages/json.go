package messages

import (
	"encoding/json"
	"fmt"
	"time"

	"tradewind/calendar"
	"tradewind/money"
)

// The stored form of a message keeps the type of every argument, so that a decision
// read back says exactly what it said when it was made.
type storedMessage struct {
	Code string      `json:"code"`
	Args []storedArg `json:"args,omitempty"`
}

type storedArg struct {
	Name    string        `json:"name"`
	Text    *string       `json:"text,omitempty"`
	Int     *int64        `json:"int,omitempty"`
	Decimal *Decimal      `json:"decimal,omitempty"`
	Percent *float64      `json:"percent,omitempty"`
	Money   *money.Amount `json:"money,omitempty"`
	Day     *calendar.Day `json:"day,omitempty"`
	Time    *time.Time    `json:"time,omitempty"`
	Message *Message      `json:"message,omitempty"`
	Both    *Both         `json:"both,omitempty"`
}

// MarshalJSON writes the code and the typed arguments.
func (m Message) MarshalJSON() ([]byte, error) {
	s := storedMessage{Code: m.Code}
	for _, a := range m.Args {
		p := storedArg{Name: a.Name}
		switch v := a.Value.(type) {
		case string:
			p.Text = &v
		case int:
			n := int64(v)
			p.Int = &n
		case int64:
			p.Int = &v
		case Decimal:
			p.Decimal = &v
		case Percent:
			x := float64(v)
			p.Percent = &x
		case money.Amount:
			p.Money = &v
		case calendar.Day:
			p.Day = &v
		case time.Time:
			v = v.UTC()
			p.Time = &v
		case Message:
			p.Message = &v
		case Both:
			p.Both = &v
		default:
			t := fmt.Sprint(v)
			p.Text = &t
		}
		s.Args = append(s.Args, p)
	}
	return json.Marshal(s)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Message) UnmarshalJSON(data []byte) error {
	var s storedMessage
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	*m = Message{Code: s.Code}
	for _, p := range s.Args {
		a := Arg{Name: p.Name}
		switch {
		case p.Text != nil:
			a.Value = *p.Text
		case p.Int != nil:
			a.Value = *p.Int
		case p.Decimal != nil:
			a.Value = *p.Decimal
		case p.Percent != nil:
			a.Value = Percent(*p.Percent)
		case p.Money != nil:
			a.Value = *p.Money
		case p.Day != nil:
			a.Value = *p.Day
		case p.Time != nil:
			a.Value = *p.Time
		case p.Message != nil:
			a.Value = *p.Message
		case p.Both != nil:
			a.Value = *p.Both
		}
		m.Args = append(m.Args, a)
	}
	return nil
}
