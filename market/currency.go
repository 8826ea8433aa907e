package market

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

//go:embed withdrawn.json
var withdrawnJSON []byte

// CurrencyInfo is what is true of a currency wherever it is used.
type CurrencyInfo struct {
	Code  money.Currency
	Minor int      // decimals
	Users []string // the territories whose tender it is, ascending
}

// withdrawnCurrency is one that ISO 4217 no longer lists.
type withdrawnCurrency struct {
	Name       string   `json:"name"`
	Withdrawn  string   `json:"withdrawn"` // year and month
	Successors []string `json:"successors"`
}

var withdrawnCurrencies = sync.OnceValue(func() map[string]withdrawnCurrency {
	return mustDecode[map[string]withdrawnCurrency](withdrawnJSON)
})

// Currency describes an ISO 4217 currency. A code that was withdrawn is fault.Invalid with
// the month and what its countries use today; an unknown one is refused as
// money.ParseCurrency does.
//
// Source: ISO 4217 with its historic codes, by github.com/datasets/currency-codes (PDDL);
// CLDR for who uses what.
func Currency(code string) (CurrencyInfo, error) {
	c, err := money.ParseCurrency(code)
	if err == nil {
		info := CurrencyInfo{Code: c, Minor: c.Minor()}
		for territory, t := range territories() {
			if t.Currency == c {
				info.Users = append(info.Users, string(territory))
			}
		}
		slices.Sort(info.Users)
		return info, nil
	}
	gone, ok := withdrawnCurrencies()[code]
	if !ok {
		return CurrencyInfo{}, err
	}
	var successor any = strings.Join(gone.Successors, ", ")
	if len(gone.Successors) == 0 {
		successor = messages.M("market.successor.unknown")
	}
	return CurrencyInfo{}, fault.New(fault.Invalid, "E-CURRENCY-WITHDRAWN", fault.A("value", code), fault.A("name", gone.Name),
		fault.A("date", gone.Withdrawn), fault.A("successor", successor))
}

// mustDecode reads data that is part of the program.
func mustDecode[T any](data []byte) T {
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		panic("market: " + err.Error())
	}
	return v
}
