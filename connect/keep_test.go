package connect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

// steps are all of them, in order.
var steps = []step{stepOpen, stepFolder, stepCreate, stepWrite, stepSync, stepClose, stepStaged, stepName, stepKept}

// After a failure at any step the outbox holds the whole file, the whole file under its
// hidden name, or nothing; and the next attempt leaves one file.
func TestFailureAtEachStepLeavesNothingHalfDone(t *testing.T) {
	d := approved(reorder())
	doc, err := documentOf(d)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(doc.content)
	for i, at := range steps {
		for _, tt := range []struct {
			cause error
			code  string
		}{
			{syscall.ENOSPC, "E-OUTBOX-FULL"},
			{syscall.EACCES, "E-OUTBOX-READONLY"},
			{syscall.EROFS, "E-OUTBOX-READONLY"},
			{syscall.EIO, "E-OUTBOX-WRITE"},
		} {
			dir, fired := t.TempDir(), false
			fail := func(s step) error {
				if s != at {
					return nil
				}
				fired = true
				return &fs.PathError{Op: string(s), Path: "x", Err: tt.cause}
			}
			r := Receipt{doc.path(), hex.EncodeToString(sum[:]), "TOKEN"}
			err := stage(dir, r, doc.content, fail)
			wasStaged := err == nil
			if wasStaged {
				_, err = publish(dir, r, fail)
			}
			if !fired || wasStaged != (i >= slices.Index(steps, stepName)) {
				t.Fatalf("step %q: taken %v, staged before %v", at, fired, wasStaged)
			}
			if f := fault.Of(err); f == nil || f.Code != tt.code || !errors.Is(err, tt.cause) {
				t.Errorf("%s, %v: got %v, want %s", at, tt.cause, err, tt.code)
			}
			for _, lang := range messages.Languages {
				for _, m := range []messages.Message{messages.Of(err), messages.Of(err).Remedy()} {
					if text := m.In(lang); strings.Contains(text, "[") {
						t.Errorf("text with a gap: %s", text)
					}
				}
			}
			want := map[step]string{stepName: r.hidden(), stepKept: r.File}[at]
			if files := everything(t, dir); want == "" && files != nil ||
				want != "" && (!slices.Equal(files, []string{want}) || content(t, dir, want) != string(doc.content)) {
				t.Errorf("%s, %v: left %q, want %q", at, tt.cause, files, want)
			}
			if !wasStaged {
				_, err = write(t.Context(), dir, d)
			} else {
				_, err = Publish(t.Context(), dir, r)
			}
			if files := everything(t, dir); err != nil || !slices.Equal(files, []string{r.File}) {
				t.Errorf("%s, %v: the next attempt left %q, %v", at, tt.cause, files, err)
			}
		}
	}
}

func TestAnotherFileIsNeverOverwritten(t *testing.T) {
	d := approved(reorder())
	doc, err := documentOf(d)
	if err != nil {
		t.Fatal(err)
	}
	for name, there := range map[string]string{
		"other bytes":          strings.ToUpper(string(doc.content)),
		"shorter":              string(doc.content[:len(doc.content)-1]),
		"empty":                "",
		"longer by one":        string(doc.content) + "\n",
		"of an older decision": "purchase_order\n",
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, filepath.FromSlash(doc.path()))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(there), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := write(t.Context(), dir, d)
		if f := fault.Of(err); f == nil || f.Code != "E-OUTBOX-CONFLICT" || f.Kind != fault.Blocked {
			t.Errorf("%s: got %v, want E-OUTBOX-CONFLICT", name, err)
		}
		if got := content(t, dir, doc.path()); got != there {
			t.Errorf("%s: the file was changed to %q", name, got)
		}
	}
}

// The other file appears between the two steps.
func TestAnotherFileThatComesInBetweenIsNeverOverwritten(t *testing.T) {
	d := approved(reorder())
	doc, err := documentOf(d)
	if err != nil {
		t.Fatal(err)
	}
	for there, same := range map[string]bool{"something else": false, string(doc.content): true} {
		dir := t.TempDir()
		r, err := Stage(t.Context(), dir, d)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, filepath.FromSlash(doc.path()))
		if err := os.WriteFile(path, []byte(there), 0o644); err != nil {
			t.Fatal(err)
		}
		fresh, err := Publish(t.Context(), dir, r)
		if fresh || fault.Is(err, fault.Blocked) == same {
			t.Errorf("%q there: got %v, %v", there, fresh, err)
		}
		if got := content(t, dir, doc.path()); got != there {
			t.Errorf("%q was changed to %q", there, got)
		}
		// It waits until the other file is out of the way.
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if fresh, err := Publish(t.Context(), dir, r); err != nil || fresh == same {
			t.Errorf("%q moved away: got %v, %v", there, fresh, err)
		}
	}
}

func TestOutboxDoesNotLeaveTheWorkspace(t *testing.T) {
	outside := t.TempDir()
	for _, link := range []string{"outbox", "outbox/purchase-orders"} {
		dir := t.TempDir()
		path := filepath.Join(dir, filepath.FromSlash(link))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, path); err != nil {
			t.Fatal(err)
		}
		if _, err := write(t.Context(), dir, approved(reorder())); err == nil {
			t.Errorf("%s leads outside and was followed", link)
		}
		if got := everything(t, outside); got != nil {
			t.Errorf("%s: wrote %q outside", link, got)
		}
	}
}

func TestOutboxThatIsAFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "outbox"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := write(t.Context(), dir, approved(reorder()))
	if f := fault.Of(err); f == nil || f.Code != "E-OUTBOX-WRITE" {
		t.Errorf("got %v, want E-OUTBOX-WRITE", err)
	}
}

func TestMissingWorkspace(t *testing.T) {
	_, err := write(t.Context(), filepath.Join(t.TempDir(), "gone"), approved(reorder()))
	if f := fault.Of(err); f == nil || f.Code != "E-OUTBOX-WRITE" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want E-OUTBOX-WRITE", err)
	}
}

// childDir names the workspace that a copy of this test writes to; see the two tests below.
const childDir = "TRADEWIND_TEST_OUTBOX"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

// child writes the same fifty decisions as every other child.
func child(dir string) int {
	if os.Getenv(childDir+"_LIMIT") != "" {
		limitFileSize(100) // bytes: less than a purchase order has
	}
	for i := range 50 {
		a := reorder()
		a.SKU = commerce.SKU(strconv.Itoa(i))
		if _, err := write(context.Background(), dir, approved(a)); err != nil {
			os.Stderr.WriteString(err.Error())
			return fault.ExitCode(err)
		}
	}
	return 0
}

func TestProcessesAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childDir+"="+dir)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
	files := everything(t, dir)
	if got, want := len(files), 50; got != want {
		t.Errorf("%d files, want %d: %q", got, want, files)
	}
	for _, file := range files {
		if got := strings.Count(content(t, dir, file), "\n"); got != 2 {
			t.Errorf("%s has %d lines, want 2", file, got)
		}
	}
}

// A limit on the size of files breaks off a write in the middle, as a full disk does.
func TestWriteThatBreaksOffLeavesNothing(t *testing.T) {
	if !canLimitFileSize {
		t.Skip("this system has no limit on the size of files to test with")
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childDir+"_LIMIT=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "E-OUTBOX-FULL") {
		t.Errorf("got %v: %s, want E-OUTBOX-FULL", err, out)
	}
	if got := everything(t, dir); got != nil {
		t.Errorf("left %q", got)
	}
}
