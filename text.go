package tradewind

import "tradewind/messages"

// LocalizedText is a rendered message in every language.
type LocalizedText struct {
	English string `json:"en"`
	Chinese string `json:"zh"`
}

// In returns the text in a language.
func (t LocalizedText) In(lang messages.Language) string {
	if lang == messages.Chinese {
		return t.Chinese
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
