package messages

import "strings"

// Pseudo is no language of people: English with every letter changed and every text
// between brackets. Whatever on a screen is still plain was never given to a translator,
// and what is cut off was given no room.
const Pseudo Language = "en-XA"

var accented = strings.NewReplacer(
	"a", "á", "e", "é", "i", "í", "o", "ó", "u", "ú", "y", "ý", "c", "ç", "n", "ñ", "s", "š", "z", "ž",
	"A", "Á", "E", "É", "I", "Í", "O", "Ó", "U", "Ú", "C", "Ç", "N", "Ñ", "S", "Š", "Z", "Ž")

// pseudo changes the letters of an English text and leaves its {holes} alone, but for the
// words of a plural.
func pseudo(english string) string {
	var b strings.Builder
	b.WriteString("⟦")
	for {
		before, rest, found := strings.Cut(english, "{")
		b.WriteString(accented.Replace(before))
		hole, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			break
		}
		name, forms, plural := strings.Cut(hole, "|")
		b.WriteString("{" + name)
		if plural {
			b.WriteString("|" + accented.Replace(forms))
		}
		b.WriteString("}")
		english = after
	}
	b.WriteString("⟧")
	return b.String()
}
