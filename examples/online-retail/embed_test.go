package onlineretail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// The sums are those of the CSV files as they were published (README.md): this folder
// changed how they are packed and nothing else.
func TestOrderFilesAreThePublishedBytes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		sha256 string
		rows   int
	}{
		{Orders[0], "997620196f2b15da87cd7f8f8f9fdb64c87fae4b50a8e5d474a8f02dd83c29da", 525_461},
		{Orders[1], "c35975c40d0e1e105090fbb11188a409393055f873841bd012915475fc84e69f", 541_909},
	} {
		packed, err := Files().Open(tt.name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := zstd.NewReader(packed)
		if err != nil {
			t.Fatal(err)
		}
		sum, lines := sha256.New(), newlines(0)
		if _, err := io.Copy(io.MultiWriter(sum, &lines), r); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if got := hex.EncodeToString(sum.Sum(nil)); got != tt.sha256 {
			t.Errorf("%s: sha256 of the content is %s, want %s", tt.name, got, tt.sha256)
		}
		if got, want := int(lines), tt.rows+1; got != want { // and the header
			t.Errorf("%s has %d lines, want %d", tt.name, got, want)
		}
		r.Close()
		packed.Close()
	}
}

func TestEveryFileIsNamedOnce(t *testing.T) {
	var there []string
	var bytes int64
	err := fs.WalkDir(Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		there, bytes = append(there, path), bytes+info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := slices.Sorted(slices.Values(slices.Concat(Orders, Assumed)))
	if !slices.Equal(there, named) {
		t.Errorf("files are %q, named are %q", there, named)
	}
	if limit := int64(12 << 20); bytes > limit {
		t.Errorf("the folder ships %d bytes, want at most %d", bytes, limit)
	}
}

// newlines counts line ends. No field of the order files holds one.
type newlines int

func (n *newlines) Write(p []byte) (int, error) {
	*n += newlines(bytes.Count(p, []byte{'\n'}))
	return len(p), nil
}
