package localization

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
)

type sentence struct{ language, text string }

func sentences(t *testing.T) []sentence {
	t.Helper()
	data, err := os.ReadFile("testdata/sentences.txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []sentence
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if language, text, ok := strings.Cut(line, " "); ok && language != "#" {
			list = append(list, sentence{language, text})
		}
	}
	return list
}

// productNames are the English names of Online Retail (CC BY 4.0): capitals, misspellings
// and trade words, as shops really have them.
func productNames(t *testing.T) []string {
	t.Helper()
	f, err := os.Open("../../examples/online-retail/assumed-products.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range rows[1:] {
		names = append(names, r[1])
	}
	return names
}

// TestDetectOnSentences: texts that nothing was chosen by. Precision is what matters: a
// wrong answer accuses a right text.
func TestDetectOnSentences(t *testing.T) {
	list := sentences(t)
	right, wrong := 0, 0
	languages := map[string]bool{}
	for _, s := range list {
		languages[base(s.language)] = true
		switch d, ok := Detect(s.text); {
		case ok && d.Language == s.language:
			right++
		case ok:
			wrong++
			t.Logf("%s taken for %s: %s", s.language, d.Language, s.text)
		}
	}
	t.Logf("%d texts in %d languages: %d right, %d wrong, %d left alone", len(list), len(languages), right, wrong, len(list)-right-wrong)
	if precision := float64(right) / float64(right+wrong); precision < .98 {
		t.Errorf("precision %.3f, want .98", precision)
	}
	if answered := float64(right+wrong) / float64(len(list)); answered < .8 {
		t.Errorf("answered %.2f, want .8", answered)
	}
}

// TestInAnotherOnSentences declares every text as its own language and as eleven others.
func TestInAnotherOnSentences(t *testing.T) {
	pairs, found := 0, 0
	for _, s := range sentences(t) {
		if d, ok := InAnother(s.text, s.language); ok {
			t.Errorf("%s is taken for %s: %s", s.language, d.Language, s.text)
		}
		for _, l := range strings.Fields("de fr en es it pl sv nl pt ja zh-Hans") {
			if isNear(l, s.language) || base(l) == base(s.language) {
				continue
			}
			pairs++
			if _, ok := InAnother(s.text, l); ok {
				found++
			}
		}
	}
	t.Logf("%d of %d wrong declarations found", found, pairs)
	if share := float64(found) / float64(pairs); share < .95 {
		t.Errorf("%.3f of wrong declarations found, want .95", share)
	}
}

// TestProductNames: English names declared as German, French and Japanese are found, and
// as English they are left alone. The limits of Detect were chosen with these names in
// view, so the figures are those of a text that it knows.
func TestProductNames(t *testing.T) {
	names := productNames(t)
	if len(names) < 4000 {
		t.Fatalf("%d names", len(names))
	}
	for _, tt := range []struct {
		language string
		min, max float64
	}{{"de", .90, 1}, {"fr", .85, 1}, {"ja", .99, 1}, {"en", 0, .005}} {
		found := 0
		for _, name := range names {
			if _, ok := InAnother(name, tt.language); ok {
				found++
			}
		}
		share := float64(found) / float64(len(names))
		t.Logf("declared %s: %.4f of %d names found to be in another language", tt.language, share, len(names))
		if share < tt.min || share > tt.max {
			t.Errorf("declared %s: %.4f found, want %v to %v", tt.language, share, tt.min, tt.max)
		}
	}
}

func TestNothingToTell(t *testing.T) {
	for _, text := range []string{"", "12345", "USB-C 3.0", "IKEA", "Nike Air", "☕🎁", "A1B2C3 XYZ", "铁", "東京"} {
		if d, ok := Detect(text); ok {
			t.Errorf("%q is taken for %v", text, d)
		}
	}
}

func TestChineseScripts(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"这是一个简体中文的标题", "Hans"}, {"這是一個繁體中文的標題", "Hant"}, {"木", "Hani"}, {"山水人家", "Hani"},
		{"日本語の商品名です", "Jpan"}, {"ABC 陶瓷马克杯", "Hans"}, {"后面", "Hani"},
	} {
		if got := scriptsOf(tt.text).main(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.text, got, tt.want)
		}
	}
	// 5,000 letters or more are told apart; the sets of one standard only are never both.
	simple, full := 0, 0
	for _, kind := range hanKinds() {
		simple += int(kind & 1)
		full += int(kind >> 1 & 1)
	}
	if simple < 2000 || full < 5000 {
		t.Errorf("%d Simplified and %d Traditional letters", simple, full)
	}
}

func FuzzDetect(f *testing.F) {
	f.Add("WHITE HANGING HEART T-LIGHT HOLDER", "de")
	f.Add("布艺灯罩陶瓷台灯", "ja")
	f.Add("\xff\xfe", "zh-Hant")
	f.Fuzz(func(t *testing.T, text, language string) {
		if d, ok := Detect(text); ok && (d.Language == "" || d.Margin < enoughMargin) {
			t.Errorf("%q: %+v", text, d)
		}
		InAnother(text, language)
	})
}
