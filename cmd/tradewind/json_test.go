package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// lookup finds a value in JSON by a path such as "[0].gain.mean.amount"; "#" is the
// length of an array.
func lookup(text []byte, path string) (string, error) {
	var at any
	if err := json.Unmarshal(text, &at); err != nil {
		return "", fmt.Errorf("no JSON: %w: %.200s", err, text)
	}
	for step := range strings.FieldsFuncSeq(path, func(c rune) bool { return c == '.' || c == '[' || c == ']' }) {
		switch here := at.(type) {
		case map[string]any:
			value, ok := here[step]
			if !ok {
				return "", fmt.Errorf("no member %q", step)
			}
			at = value
		case []any:
			if step == "#" {
				return strconv.Itoa(len(here)), nil
			}
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(here) {
				return "", fmt.Errorf("no element %q of %d", step, len(here))
			}
			at = here[i]
		default:
			return "", fmt.Errorf("nothing below %v", here)
		}
	}
	if s, ok := at.(string); ok {
		return s, nil
	}
	text, err := json.Marshal(at)
	return string(text), err
}
