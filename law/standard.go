package law

import (
	"embed"
	"fmt"
	"io/fs"
	"sync"
)

//go:embed packs/*.yaml
var packs embed.FS

// Standard returns the book of the packs that come with Tradewind, read once.
func Standard() *Book { return standard() }

var standard = sync.OnceValue(func() *Book {
	b, err := readEmbedded(packs)
	if err != nil {
		panic(fmt.Sprintf("law: the packs that come with Tradewind are broken: %v", err))
	}
	return b
})

func readEmbedded(tree fs.FS) (*Book, error) {
	names, err := fs.Glob(tree, "packs/*.yaml")
	if err != nil {
		return nil, err
	}
	var files []File
	for _, name := range names {
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: name[len("packs/"):], Data: data, standard: true})
	}
	return Read(files...)
}
