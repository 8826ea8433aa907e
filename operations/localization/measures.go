package localization

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tradewind/messages"
)

// lengths holds titles and descriptions against the channel.
func (c *check) lengths() {
	limit, ok := LimitOf(c.listing.Item.Channel)
	if !ok {
		return
	}
	for _, l := range []struct {
		part, unit string
		got, most  int
	}{
		{"title", "localization.unit.characters", utf8.RuneCountInString(c.listing.Title), limit.Title},
		{"title", "localization.unit.bytes", len(c.listing.Title), limit.TitleBytes},
		{"description", "localization.unit.characters", utf8.RuneCountInString(c.listing.Description), limit.Description},
	} {
		if l.most > 0 && l.got > l.most {
			c.find(Finding{Code: "too-long", Severity: Major, Owner: Seller, Part: l.part, Source: limit.Source, Assumed: limit.Assumed},
				messages.A("length", l.got), messages.A("most", l.most), messages.A("unit", messages.M(l.unit)), messages.A("channel", string(c.listing.Item.Channel)))
		}
	}
}

const figure = `(?:^|[^\p{L}\d.,/])(\d+(?:[.,]\d+)?(?:\s?(?:x|×|-|–|/)\s?\d+(?:[.,]\d+)?)*)`

var (
	imperial = regexp.MustCompile(`(?i)` + figure + `\s?-?(inch(?:es)?|in\.|zoll|pouces?|pulgadas?|pollici|″|"|ft\.?|feet|foot|yards?|lbs?\.?|pounds?|oz\.?|ounces?|fl\.? ?oz\.?|gallons?|pints?|°f|英寸|吋|磅|盎司|インチ|ポンド)(?:$|[^\p{L}])`)
	metric   = regexp.MustCompile(`(?i)` + figure + `\s?-?(mm|cm|dm|m|km|mg|g|gr|kg|ml|cl|dl|l|litres?|liters?|grams?|metres?|meters?|°c|см|мм|кг|毫米|厘米|公分|米|千克|公斤|克|毫升|升|センチ|グラム)(?:$|[^\p{L}])`)
	// A screen, a wheel and a pipe thread are measured in inches everywhere.
	inInches = regexp.MustCompile(`(?i)tv|monitor|screen|display|bildschirm|écran|pantalla|schermo|tablet|laptop|notebook|fahrrad|bike|vélo|wheel|felge|屏|显示器|液晶|モニター|車輪`)
)

// units reports measures that people there do not use. Directive 80/181/EEC, as other
// countries, lets another unit stand beside the legal one.
func (c *check) units() {
	all := c.listing.Title + "\n" + c.listing.Description + "\n" + c.listing.Sizes
	foreign, own := imperial.FindStringSubmatch(all), metric.FindStringSubmatch(all)
	severity, source := Major, "SI"
	switch c.pack.Measures {
	case "US":
		foreign, own = own, foreign
		severity, source = Minor, "CLDR"
	case "UK":
		return // both are in use
	}
	if foreign == nil || own != nil || inInches.MatchString(all) && c.pack.Measures != "US" {
		return
	}
	if strings.Contains(europeanUnion, string(c.pack.Market)) {
		source = "Directive 80/181/EEC"
	}
	c.find(Finding{Code: "units", Severity: severity, Owner: Seller, Part: "description", Quote: strings.TrimSpace(foreign[1] + " " + foreign[2]), Source: source},
		messages.A("system", messages.M("localization.system."+strings.ToLower(c.pack.Measures))))
}

var sized = regexp.MustCompile(`(?:^|[^\p{L}\d])(US|UK|EU|FR|IT|JP|CN|KR|AU|BR|MX)[ -]?(?:\d{1,3}(?:[.,]5)?|X{0,3}[SML])(?:$|[^\p{L}\d])`)

// sizeSystem reports clothing and shoe sizes in systems of other countries alone.
func (c *check) sizeSystem() {
	systems := []string{c.pack.Sizes.Clothing, c.pack.Sizes.Shoes}
	quote := ""
	for _, m := range sized.FindAllStringSubmatch(c.listing.Sizes+"\n"+c.listing.Title, -1) {
		if slices.Contains(systems, m[1]) {
			return
		}
		quote = strings.TrimSpace(m[0])
	}
	if quote == "" {
		return
	}
	slices.Sort(systems)
	c.find(Finding{Code: "size-system", Severity: Minor, Owner: Seller, Part: "sizes", Quote: quote, Assumed: c.pack.Sizes.Assumed},
		messages.A("systems", strings.Join(slices.Compact(systems), ", ")))
}

var (
	volts = regexp.MustCompile(`(?i)(?:^|[^\p{L}\d.])(\d{2,3})(?:\s?(?:[-–~/]|to|bis|à)\s?(\d{2,3}))?\s?(?:v|volts?|volt|伏)(?:$|[^\p{L}\d])`)
	plug  = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(us|usa|uk|eu|au|jp|cn|美规|英规|欧规|国标)[\s-]?(?:plug|stecker|prise|enchufe|spina|stekker|wtyczka|tomada|插头|插頭|プラグ)`)
	typed = regexp.MustCompile(`(?i)type[\s-]?([a-o])[\s-](?:plug|socket|stecker)`)
)

// plugs of a country's name.
var plugs = map[string]string{"us": "AB", "usa": "AB", "uk": "G", "eu": "CEF", "au": "I", "jp": "A", "cn": "ACI", "美规": "AB", "英规": "G", "欧规": "CEF", "国标": "ACI"}

// power reports mains voltages and plugs that do not fit.
func (c *check) power() {
	for _, p := range c.parts() {
		for _, m := range volts.FindAllStringSubmatch(p.text, -1) {
			low, _ := strconv.Atoi(m[1])
			high := low
			if m[2] != "" {
				high, _ = strconv.Atoi(m[2])
			}
			if high < 90 || high > 480 || c.fits(low, high) { // below 90 V it is not the mains
				continue
			}
			c.find(Finding{Code: "voltage", Severity: Major, Owner: Seller, Part: p.name, Quote: strings.TrimSpace(m[0]), Assumed: c.pack.Power.Assumed},
				messages.A("volts", joined(c.pack.Power.Volts)))
			break
		}
		for _, m := range append(plug.FindAllStringSubmatch(p.text, -1), typed.FindAllStringSubmatch(p.text, -1)...) {
			letters, ok := plugs[strings.ToLower(m[1])]
			if !ok {
				letters = strings.ToUpper(m[1])
			}
			if slices.ContainsFunc(c.pack.Power.Plugs, func(own string) bool { return strings.Contains(letters, own) }) {
				continue
			}
			c.find(Finding{Code: "plug", Severity: Major, Owner: Seller, Part: p.name, Quote: strings.TrimSpace(m[0]), Assumed: c.pack.Power.Assumed},
				messages.A("plugs", strings.Join(c.pack.Power.Plugs, ", ")))
			break
		}
	}
}

// fits allows a tenth of the mains' voltage either way, as IEC 60038 does. A pair such as
// 110/220 fits where one of the two does.
func (c *check) fits(low, high int) bool {
	return slices.ContainsFunc(c.pack.Power.Volts, func(v int) bool {
		return 10*low <= 11*v && 10*high >= 9*v
	})
}

func joined(volts []int) string {
	var list []string
	for _, v := range volts {
		list = append(list, strconv.Itoa(v))
	}
	return strings.Join(list, ", ")
}

var (
	withPoint = regexp.MustCompile(`(?i)(?:^|[^\p{L}\d.,])(\d{1,3}\.\d{1,2}\s?(?:mm|cm|m|g|kg|ml|cl|l|€|eur|zł|kr|kč))(?:$|[^\p{L}\d])`)
	withComma = regexp.MustCompile(`(?i)(?:^|[^\p{L}\d.,])(\d{1,3},\d{1,2}\s?(?:mm|cm|m|g|kg|ml|cl|l|oz|lb|in|ft))(?:$|[^\p{L}\d])`)
)

// numbers reports decimals written as another language writes them.
func (c *check) numbers() {
	l, ok := c.pack.Reads(c.listing.Language)
	if !ok || c.pack.Market == "CH" { // there both are seen
		return
	}
	wrong := map[string]*regexp.Regexp{",": withPoint, ".": withComma}[l.Decimal]
	if wrong == nil {
		return
	}
	for _, p := range c.parts() {
		if m := wrong.FindStringSubmatch(p.text); m != nil {
			c.find(Finding{Code: "decimal", Severity: Minor, Owner: Translator, Part: p.name, Quote: m[1], Source: "CLDR"}, messages.A("decimal", l.Decimal))
			return
		}
	}
}
