package money

import (
	"encoding/json"

	"tradewind/fault"
)

// Currency is an ISO 4217 code such as "GBP"; "" means none is known.
type Currency string

// minor lists the active ISO 4217 currencies by how many decimals their minor unit has.
// Source: ISO 4217 list one (SIX, maintenance agency), as of 2026.
var minor = map[Currency]int{}

func init() {
	for decimals, codes := range []string{
		0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
		2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
		3: "BHD IQD JOD KWD LYD OMR TND",
		4: "CLF UYW",
	} {
		for i := 0; i+3 <= len(codes); i += 4 {
			minor[Currency(codes[i:i+3])] = decimals
		}
	}
}

// ParseCurrency accepts an active ISO 4217 code in capitals. Symbols are refused: ¥ is
// CNY and JPY, $ is twenty currencies.
func ParseCurrency(s string) (Currency, error) {
	if _, ok := minor[Currency(s)]; ok {
		return Currency(s), nil
	}
	return "", fault.New(fault.Invalid, "E-CURRENCY", fault.A("value", s))
}

// Minor returns how many decimals the currency's minor unit has; 2 when unknown.
func (c Currency) Minor() int {
	if d, ok := minor[c]; ok {
		return d
	}
	return 2
}

func readJSON(data []byte) (amount, currency string, err error) {
	var v struct{ Amount, Currency string }
	err = json.Unmarshal(data, &v)
	return v.Amount, v.Currency, err
}
