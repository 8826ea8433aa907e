package ingest

import (
	"embed"
	"strings"

	"tradewind/fault"
	"tradewind/messages"
)

//go:embed templates/*.csv
var templateFiles embed.FS

// Template returns the empty table of one of our own formats, with a header in the
// language and one example row: a CSV file to fill in. The Chinese one begins with a byte
// order mark, without which Excel takes it for another encoding.
func Template(name string, lang messages.Language) ([]byte, error) {
	short := "en"
	if lang == messages.Chinese {
		short = "zh"
	}
	data, err := templateFiles.ReadFile("templates/" + name + "." + short + ".csv")
	if err != nil {
		return nil, fault.New(fault.Usage, "E-TEMPLATE", fault.A("name", name), fault.A("known", strings.Join(Templates(), ", ")))
	}
	return data, nil
}

// Templates returns the names that Template knows.
func Templates() []string {
	entries, err := templateFiles.ReadDir("templates")
	if err != nil {
		panic("ingest: " + err.Error())
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".en.csv"); ok {
			names = append(names, name)
		}
	}
	return names
}
