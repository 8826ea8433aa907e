package tradewind

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// filesIn lists the files of a folder of the workspace whose names end in one of some
// suffixes, by name. The stamp tells one state of them from another: names, sizes and
// times. A folder that is not there has none.
func (e *Engine) filesIn(folder string, suffixes ...string) (paths []string, stamp string, err error) {
	folder = filepath.Join(e.dir, folder)
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", unreadable(err, folder)
	}
	var b strings.Builder
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(name, s) }) {
			continue
		}
		path := filepath.Join(folder, name)
		info, err := os.Stat(path)
		if err != nil {
			return nil, "", unreadable(err, path)
		}
		fmt.Fprintf(&b, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		paths = append(paths, path)
	}
	return paths, b.String(), nil
}
