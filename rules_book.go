package tradewind

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"tradewind/law"
)

// rulesFolder holds the packs of a workspace, beside those that come with Tradewind.
const rulesFolder = "rules"

// A pack, and the signature that may lie beside it: "DE.yaml" and "DE.yaml.sig".
const (
	packSuffix      = ".yaml"
	signatureSuffix = packSuffix + ".sig"
)

// ruleBook is the book of a workspace, as of the names, sizes and times of its packs.
type ruleBook struct {
	mu    sync.Mutex
	book  *law.Book
	stamp string
}

// book returns the rules that hold for the workspace: the standard packs with those of
// its folder rules on top. They are read again when a file there changes; a broken one is
// fault.Invalid, for nobody should go on with half of the law.
func (e *Engine) book() (*law.Book, error) {
	e.rules.mu.Lock()
	defer e.rules.mu.Unlock()
	paths, stamp, err := e.filesIn(rulesFolder, packSuffix, signatureSuffix)
	if err != nil {
		return nil, err
	}
	if e.rules.book != nil && e.rules.stamp == stamp {
		return e.rules.book, nil
	}
	book := law.Standard()
	paths = slices.DeleteFunc(paths, func(path string) bool { return strings.HasSuffix(path, signatureSuffix) })
	if len(paths) > 0 {
		files, err := e.readPacks(paths)
		if err != nil {
			return nil, err
		}
		if book, err = book.With(files...); err != nil {
			return nil, err
		}
	}
	e.rules.book, e.rules.stamp = book, stamp
	return book, nil
}

// readPacks reads packs and holds each against the signature that lies beside it.
func (e *Engine) readPacks(paths []string) ([]law.File, error) {
	keys, err := e.config.ruleKeys()
	if err != nil {
		return nil, err
	}
	var files []law.File
	for _, path := range paths {
		f := law.File{Name: rulesFolder + "/" + filepath.Base(path)}
		if f.Data, err = os.ReadFile(path); err != nil {
			return nil, unreadable(err, path)
		}
		signature, err := os.ReadFile(path + ".sig")
		switch {
		case err == nil:
			if f.SignedBy, err = law.Verify(f.Name, f.Data, signature, keys); err != nil {
				return nil, err
			}
		case !errors.Is(err, fs.ErrNotExist):
			return nil, unreadable(err, path+".sig")
		}
		files = append(files, f)
	}
	return files, nil
}

// ruleKeys reads the trusted keys, by name.
func (c Config) ruleKeys() ([]law.Key, error) {
	var keys []law.Key
	for name, text := range c.RuleKeys {
		key, err := law.ParseKey(name, text)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b law.Key) int { return strings.Compare(a.Name, b.Name) })
	return keys, nil
}
