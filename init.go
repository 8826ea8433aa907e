package tradewind

import (
	"os"

	"github.com/goccy/go-yaml"

	"tradewind/fault"
)

const configHeader = `# Settings of a Tradewind workspace. Every field may be left out; config.go in the
# source says what each means and what 0 or "" stands for.
`

// writeConfig writes the settings of a new workspace; it never replaces a file.
func writeConfig(path string, c Config) error {
	body, err := yaml.Marshal(c)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err == nil {
		_, err = f.Write(append([]byte(configHeader), body...))
		if closing := f.Close(); err == nil {
			err = closing
		}
	}
	if err != nil {
		return fault.From(err, fault.Invalid, "E-WORKSPACE-WRITE", fault.A("dir", path), fault.A("error", err.Error()))
	}
	return nil
}
