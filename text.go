package tradewind

import "tradewind/messages"

// LocalizedText is a rendered message in every language.
type LocalizedText struct {
	English string `json:"en"`
	Chinese string `json:"zh"`
}

// In returns the text in a language.
func (t LocalizedText) In(lang messages.Language) string {
	switch lang {
	case messages.Chinese:
		return t.Chinese
	case messages.Pseudo:
		return "⟦" + t.English + "⟧"
	}
	return t.English
}

func localized(m messages.Message) LocalizedText {
	return LocalizedText{m.In(messages.English), m.In(messages.Chinese)}
}

func localizedAll(list []messages.Message) []LocalizedText {
	out := make([]LocalizedText, len(list))
	for i, m := range list {
		out[i] = localized(m)
	}
	return out
}
